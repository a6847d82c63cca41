"""The Starlette application: the API under /cgi-bin/, and pages for people beside it."""

from __future__ import annotations

import asyncio
import time

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kanfa.wechat.limits import LIMITS
from kanfa.wechat.sandbox.answering import Ending, Reply, failed, reply_to
from kanfa.wechat.sandbox.api import ENDPOINTS, Call
from kanfa.wechat.sandbox.bodies import bounded
from kanfa.wechat.sandbox.codes import Failure
from kanfa.wechat.sandbox.pages import PAGES
from kanfa.wechat.sandbox.settings import SandboxSettings
from kanfa.wechat.sandbox.state import SandboxState

HOSTS = ["127.0.0.1", "localhost", "[::1]", "::1"]
"""Names under which the sandbox answers; a page of another site cannot reach it under its own name."""
PLAIN = {"content-type": "text/plain"}
"""The API says so, without a charset; clients must decode UTF-8 by themselves."""
JSON_BODY = 2_000_000
"""Most bytes of a JSON body; an article may have a million."""
FORM_OVERHEAD = 10_000
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


class Cut(Response):
    """A connection that ends without an answer: the server closes it when the promised body does not come."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head of an answer and nothing more."""
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"64")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


async def answer(request: Request) -> Response:
    """Any call under /cgi-bin/."""
    state: SandboxState = request.app.state.sandbox
    began = time.monotonic()
    path = request.path_params["path"].strip("/")
    endpoint = ENDPOINTS.get(path)
    upload = endpoint is not None and endpoint.upload
    try:
        body = await bounded(request, LIMITS.cover_bytes.value + FORM_OVERHEAD if upload else JSON_BODY)
    except ClientDisconnect:
        return Response()
    call = Call(
        path, request.method, request.query_params, body or b"", request.headers.get("content-type", ""),
        str(request.base_url).rstrip("/"),
    )  # fmt: skip
    reply = _reply(call, state, _client(request)) if body is not None else _too_large(call, state, upload)
    state.settings.say(_line(call, reply, time.monotonic() - began))
    return await _response(request, reply, state.settings.hang_seconds)


def _reply(call: Call, state: SandboxState, client: str) -> Reply:
    try:
        return reply_to(call, state, client)
    except OSError as error:  # the folder of the state is full or gone: an answer of success would be a lie
        state.settings.say(f"the state cannot be kept: {error.strerror}")
        return failed(Failure(-1, "the sandbox cannot keep its state"), call, state)
    except RecursionError:  # of whatever step: a body nested deeper than Python's stack is data, not a fault of ours
        return failed(Failure(47001, "nested too deep"), call, state)


def _too_large(call: Call, state: SandboxState, upload: bool) -> Reply:
    return failed(Failure(40009 if upload else 45002, "the request is too large"), call, state)


def _client(request: Request) -> str:
    return request.client.host if request.client else "127.0.0.1"


def _line(call: Call, reply: Reply, seconds: float) -> str:
    """One line of the log; an unknown path may hold anything, so only known ones are shown."""
    path = call.path if call.path in ENDPOINTS else "(unknown path)"
    outcome = str(reply.code) if reply.ending is Ending.ANSWER else reply.ending.name.lower()
    return f"{call.method} /cgi-bin/{path} {outcome} {len(call.body)} B {seconds * 1000:.0f} ms"


async def _response(request: Request, reply: Reply, hang_seconds: float) -> Response:
    if reply.ending is Ending.GATEWAY:
        return HTMLResponse("<html><body><h1>502 Bad Gateway</h1></body></html>", 502)
    if reply.ending is Ending.HANG:
        end = time.monotonic() + hang_seconds
        while time.monotonic() < end and not await request.is_disconnected():
            await asyncio.sleep(0.02)
    if reply.ending is not Ending.ANSWER:
        return Cut()
    return Response(reply.body, headers=PLAIN)


def create_app(settings: SandboxSettings | None = None) -> Starlette:
    """The application of one sandbox; its state is `app.state.sandbox`.

    Raises UsageError when the settings' folder cannot keep the state.
    """
    routes = [Route("/cgi-bin/{path:path}", answer, methods=METHODS), *PAGES]
    app = Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)])
    app.state.sandbox = SandboxState.opened(settings or SandboxSettings())
    return app
