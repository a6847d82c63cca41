"""A local stand-in for the WeChat API: its documented calls, limits, error codes and filters, and faults on demand.

    settings.py   what one sandbox is like          tokens.py    stable and legacy access tokens
    codes.py      error codes and their words       faults.py    things that go wrong by name
    state.py      drafts, pictures, quotas          articles.py  what draft/add accepts
    api.py        the calls under /cgi-bin/         pages.py     drafts as people see them
    app.py        the Starlette application         server.py    uvicorn on the loopback address

Nothing here talks to WeChat. The filter of stored articles is `kanfa.wechat.simulator`.
"""
