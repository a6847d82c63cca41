"""Prefect only: thin flows and tasks round the pure functions of `kanfa`.

    publish.py         the flow `publish`: one issue → its formats → checked → staged; returns the digest
    deliver.py         the flow `deliver`: an approved release → its channels; renders nothing
    tasks.py           what every task has in common
    journal.py         what a run tells whoever watches it: steps, seconds, report, release
    client.py          running a flow from a command: settings, signals, no run left behind
    owners.py          which process a run belongs to; runs whose process is gone are closed
    server.py          the managed local server: start, find, stop
    server_process.py  the server's own process, which stops itself when nobody needs it

Importing this package, `server`, `owners`, `journal` or `processes` does not import Prefect.
"""
