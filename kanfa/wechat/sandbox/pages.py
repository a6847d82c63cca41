"""Pages for people: the draft box, an article at the widths of phone and computer, light and dark; the faults."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from kanfa.templating import render_template
from kanfa.wechat.limits import LIMITS, length_of
from kanfa.wechat.sandbox.bodies import bounded
from kanfa.wechat.sandbox.faults import KINDS, Fault, FaultName
from kanfa.wechat.sandbox.state import Draft, SandboxState
from kanfa.wechat.simulator import editor, reader
from kanfa.wechat.simulator.markup import parse

PHONE = 375
"""Width of a phone's screen, CSS pixels; the structure checker measures there."""
GUTTERS = 40
"""Both gutters of the reader's page, CSS pixels; a computer's column has its 677 px between them."""
ARTICLE_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
PAGE_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""What an article holds came from outside and is shown as it was stored: nothing of it may run or call home."""
MOST_FORM = 10_000
"""Bytes of a form of the sandbox's own."""


def _state(request: Request) -> SandboxState:
    state: SandboxState = request.app.state.sandbox
    return state


def _page(request: Request, name: str, **context: Any) -> HTMLResponse:
    state = _state(request)
    account = state.settings.account
    words = f"div: {'strict' if account.strict_div else 'lenient'}; outside links: " + (
        "kept" if account.privileged_links else "removed"
    )
    html = render_template(
        state.settings.publication, f"sandbox/{name}.html.j2",
        faults=[str(fault) for fault in state.faults.on()], account=words, base=str(request.base_url).rstrip("/"),
        **context,
    )  # fmt: skip
    return HTMLResponse(html, headers={"content-security-policy": PAGE_POLICY})


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def _cover(article: dict[str, Any], state: SandboxState) -> str:
    key = state.materials.get(article["thumb_media_id"])
    return f"/mmbiz/{key}" if key else ""


def index(request: Request) -> Response:
    """The draft box, newest first."""
    state = _state(request)
    lines = [
        {
            "media_id": draft.media_id,
            "updated": _time(draft.updated),
            "articles": [
                {**_plain(article), "cover": _cover(article, state), "href": f"/drafts/{draft.media_id}/{number}"}
                for number, article in enumerate(draft.articles)
            ],
        }
        for draft in state.newest()
    ]
    return _page(request, "index", drafts=lines, uploads=len(state.uploads), materials=len(state.materials))


def _plain(article: dict[str, Any]) -> dict[str, str]:
    return {name: str(article[name]) for name in ("title", "author", "digest", "content_source_url")}


def _found(request: Request) -> tuple[Draft, dict[str, Any]] | None:
    draft = _state(request).drafts.get(request.path_params["media_id"])
    number = request.path_params["number"]
    return (draft, draft.articles[number]) if draft and number < len(draft.articles) else None


def article_page(request: Request) -> Response:
    """One article with its fields and the two widths; `dark=1` and `saved=1` change what is shown."""
    found = _found(request)
    if found is None:
        return PlainTextResponse("no such draft", 404)
    draft, article = found
    dark, saved = _flag(request, "dark"), _flag(request, "saved")
    href = f"/drafts/{draft.media_id}/{request.path_params['number']}"
    source = str(URL(f"{href}/article").include_query_params(dark=int(dark), saved=int(saved)))
    column = LIMITS.column.value
    return _page(
        request, "draft", article=_plain(article), updated=_time(draft.updated), dark=dark, saved=saved, href=href,
        cover=_cover(article, _state(request)), numbers=_numbers(article["content"]),
        frames=[
            {"label": f"phone, {PHONE} px", "width": PHONE, "src": source},
            {"label": f"computer, column of {column} px", "width": column + GUTTERS, "src": source},
        ],
    )  # fmt: skip


def _flag(request: Request, name: str) -> bool:
    return request.query_params.get(name) == "1"


def _numbers(content: str) -> str:
    elements = list(parse(content).elements())
    styles = [style.source for element in elements if (style := element.find("style"))]
    pictures = sum(1 for element in elements if element.tag == "img")
    return (
        f"{length_of(content):,} characters, {len(elements):,} elements, {pictures} pictures, "
        f"{len(styles)} styles, {styles.count('')} of them empty"
    )


def article_frame(request: Request) -> Response:
    """The article alone, as the reader's page shows it."""
    found = _found(request)
    if found is None:
        return PlainTextResponse("no such draft", 404)
    content = found[1]["content"]
    stored = editor.save(content) if _flag(request, "saved") else content
    state = _state(request)
    html = reader.page(stored, _flag(request, "dark"), lambda address: own_address(address, state))
    return HTMLResponse(html, headers={"content-security-policy": ARTICLE_POLICY})


def own_address(address: str, state: SandboxState) -> str:
    """Where the sandbox itself serves an uploaded picture; any other address as it is."""
    key = urlsplit(address).path.rpartition("/")[0].rpartition("/")[2]
    return f"/mmbiz/{key}" if key in state.uploads else address


def picture(request: Request) -> Response:
    """The bytes of an uploaded picture."""
    upload = _state(request).uploads.get(request.path_params["key"])
    if upload is None:
        return PlainTextResponse("no such picture", 404)
    return Response(upload.data, media_type=upload.media_type, headers={"x-content-type-options": "nosniff"})


def faults_page(request: Request) -> Response:
    """What can go wrong, with a switch for each."""
    on = _state(request).faults.on()
    kinds = [
        {"name": str(name), "words": kind.words, "times": kind.times, "on": _words(on[name]) if name in on else ""}
        for name, kind in KINDS.items()
    ]
    return _page(request, "faults", kinds=kinds)


def _words(fault: Fault) -> str:
    times = f"on for {fault.times} more" if fault.times else "on until you switch it off"
    return f"{times}, after {fault.after} more calls" if fault.after else times


async def switch_fault(request: Request) -> Response:
    """`POST /_sandbox/faults` with fault, and times, after or off: as a form, or as JSON, which is answered in JSON."""
    if _is_foreign(request):
        return PlainTextResponse("this comes from another site", 403)
    as_json = "json" in request.headers.get("content-type", "")
    body = await bounded(request, MOST_FORM)
    if body is None:
        return PlainTextResponse(f"the form has more than {MOST_FORM:,} bytes\n", 413)
    wanted = _fields(body, as_json)
    faults = _state(request).faults
    try:
        if wanted.get("off") not in (None, "", "0", "false", "False"):
            faults.switch_off(wanted.get("fault", ""))
        else:
            times = wanted.get("times", "")
            faults.switch_on(wanted.get("fault", ""), int(times) if times else None, int(wanted.get("after") or 0))
    except ValueError as error:
        known = ", ".join(FaultName)
        return PlainTextResponse(f"{error}; known faults: {known}\n", 400)
    if as_json:
        return JSONResponse(
            {str(name): {"times": fault.times, "after": fault.after} for name, fault in faults.on().items()}
        )
    return RedirectResponse("/_sandbox/faults", 303)


def _fields(body: bytes, as_json: bool) -> dict[str, str]:
    """The fields of a form or of a JSON object as texts; nothing for a body that is neither."""
    try:
        text = body.decode()
        value = json.loads(text) if as_json else dict(parse_qsl(text))
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(field) for name, field in value.items()} if isinstance(value, dict) else {}


async def reset(request: Request) -> Response:
    """`POST /_sandbox/reset`: an account as on its first day."""
    if _is_foreign(request):
        return PlainTextResponse("this comes from another site", 403)
    _state(request).reset()
    return RedirectResponse("/", 303)


def _is_foreign(request: Request) -> bool:
    """Whether a page of another site sent this: its browser says so."""
    origin = request.headers.get("origin")
    return origin is not None and origin != str(request.base_url).rstrip("/")


PAGES = [
    Route("/", index),
    Route("/drafts/{media_id}/{number:int}", article_page),
    Route("/drafts/{media_id}/{number:int}/article", article_frame),
    Route("/mmbiz/{key}", picture),
    Route("/_sandbox/faults", faults_page, methods=["GET"]),
    Route("/_sandbox/faults", switch_fault, methods=["POST"]),
    Route("/_sandbox/reset", reset, methods=["POST"]),
]
"""Routes of the pages."""
