"""What tests of the WeChat channel share: a sandbox reached without a socket, and releases with an article."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from kanfa.deliver import delivery
from kanfa.deliver.channel import Channel
from kanfa.deliver.delivery import Delivery
from kanfa.deliver.wechat import Ports, channel
from kanfa.issue.model import Issue
from kanfa.publication import Publication
from kanfa.release.approval import approve
from kanfa.release.manifest import build_manifest
from kanfa.release.store import Release, find_release, stage
from kanfa.wechat.sandbox.answering import Ending, reply_to
from kanfa.wechat.sandbox.api import Call
from kanfa.wechat.sandbox.settings import DUMMY_APPID, DUMMY_SECRET, SandboxSettings
from kanfa.wechat.sandbox.state import SandboxState

BASE = "http://127.0.0.1:9"
PICTURE = b"\x89PNG\r\n\x1a\n picture "
COVER = b"\x89PNG\r\n\x1a\n cover "
ENVIRON = {"KANFA_WECHAT_APPID": DUMMY_APPID, "KANFA_WECHAT_SECRET": DUMMY_SECRET}
REPORTS = {"report.json": b"{}", "report.html": b"<p>report</p>"}


class Killed(BaseException):
    """The process ends here."""


@dataclass
class House:
    """A publication, its outbox, and a sandbox whose clock stands still unless somebody sleeps."""

    folder: Path
    time: float = 1_790_000_000.0
    kill_before: int = 0
    """Ends the run before the n-th request (1-based); 0 = never."""
    kill_after: int = 0
    """The same after the server has carried it out."""
    requests: int = 0
    bodies: list[bytes] = field(default_factory=list)
    state: SandboxState = field(init=False)

    def __post_init__(self) -> None:
        self.state = SandboxState(SandboxSettings(clock=lambda: self.time))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.publication = Publication(name="云原生生态周报", root=self.folder)
        self.outbox = self.folder / "outbox"

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        if self.requests == self.kill_before:
            raise Killed
        self.bodies.append(request.content)
        call = Call(
            request.url.path.removeprefix("/cgi-bin/"),
            request.method,
            dict(request.url.params),
            request.content,
            request.headers.get("content-type", ""),
            BASE,
        )
        reply = reply_to(call, self.state, "203.0.113.7")
        if self.requests == self.kill_after:
            raise Killed
        if reply.ending is Ending.GATEWAY:
            return httpx.Response(502, text="<h1>502</h1>")
        if reply.ending is Ending.CUT:
            raise httpx.RemoteProtocolError("cut", request=request)
        if reply.ending is Ending.HANG:
            raise httpx.ReadTimeout("hang", request=request)
        return httpx.Response(200, content=reply.body, headers={"content-type": "text/plain"})

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def channel(self, **environ: str) -> Channel:
        self.requests = 0
        known = {"KANFA_WECHAT_API": BASE, **ENVIRON, **environ}
        return channel(Ports(lambda _base: httpx.MockTransport(self.answer), known, self.sleep, lambda: self.time))

    def now(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self.time, datetime.UTC)

    def release(
        self,
        number: int = 9,
        text: str = "Helm 3 告别 Tiller",
        parts: int = 1,
        *,
        picture: bytes = b"",
        cover: bytes = b"",
        **fields: Any,
    ) -> Release:
        """An approved release of issue `number`; `fields` replace those of wechat.json."""
        issue = Issue(title=f"周报 Vol. {number}", file="issue.md", number=number, summary="摘要")
        pictures = (picture or PICTURE + str(number).encode(), cover or COVER + str(number).encode())
        files = files_of(number, text, parts, pictures, **fields)
        unset: dict[str, dict[str, str]] = {
            name: {} for name in ("sources", "settings", "versions", "waivers", "outcomes")
        }
        manifest = build_manifest(issue, files, **unset)
        release = find_release(self.outbox, stage(self.outbox, manifest, files, REPORTS).digest)
        approve(self.outbox, release.digest, "心贵", self.now)
        return release

    def deliver(self, release: Release, **options: Any) -> Delivery:
        channels = {"wechat": self.channel()}
        (done,) = delivery.deliver(
            self.outbox, release.digest, ["wechat"], self.publication, now=self.now, who="editor", channels=channels,
            **options,
        )  # fmt: skip
        return done

    def calls(self) -> list[str]:
        """Paths of the calls that succeeded, tokens left out; forgets them."""
        found = [one.path for one in self.state.calls if not one.code and one.path != "stable_token"]
        self.state.calls.clear()
        return found

    def stored(self) -> dict[str, Any]:
        """The only article of the only draft."""
        (draft,) = self.state.drafts.values()
        (article,) = draft.articles
        return article

    def on_disk(self) -> bytes:
        """Everything below the publication as one text."""
        return b"\n".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())


def article_html(number: int, text: str) -> str:
    return (
        '<section style="color:#333;line-height:1.75">'
        f'<p style="margin:0 0 16px">{text} <strong style="color:#0f766e">第 {number} 期</strong></p>'
        f'<p style="margin:0"><img src="images/a-{number}.png" alt="图" style="width:100%"></p>'
        '<ul style="padding-left:20px"><li style="margin:4px 0"><section>条目 &amp; 说明</section></li></ul>'
        "</section>"
    )


def files_of(number: int, text: str, parts: int, pictures: tuple[bytes, bytes], **fields: Any) -> dict[str, bytes]:
    """The files of the WeChat format as a release holds them; the bytes of its picture and of its cover."""
    picture, cover = pictures
    files = {f"images/a-{number}.png": picture, "images/cover.png": cover}
    articles = []
    for part in range(1, parts + 1):
        name = "wechat.html" if part == 1 else f"wechat-{part}.html"
        files[name] = article_html(number, text if part == 1 else f"{text} 之{part}").encode()
        articles.append(
            {
                "article_type": "news",
                "title": f"周报 {number}" + (f"（{part}）" if parts > 1 else ""),
                "author": "周报",
                "digest": f"第 {number} 期摘要",
                "content": name,
                "content_sha256": hashlib.sha256(files[name]).hexdigest(),
                "content_source_url": f"https://weekly.example.org/{number:03d}/",
                "need_open_comment": 0,
                "only_fans_can_comment": 0,
                "cover": entry("images/cover.png", cover),
                "images": [entry(f"images/a-{number}.png", picture)],
            }
        )
    whole = {**articles[0], **fields, **({"parts": articles[1:]} if parts > 1 else {})}
    return {**files, "wechat.json": json.dumps(whole, ensure_ascii=False).encode()}


def entry(name: str, data: bytes) -> dict[str, Any]:
    return {
        "name": name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "media_type": "image/png",
        "width": 1354,
        "height": 700,
    }
