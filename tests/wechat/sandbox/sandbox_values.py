"""A client of the sandbox for its own tests: short calls, one picture, one article."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import httpx
from PIL import Image as Pillow
from starlette.applications import Starlette

from kanfa.wechat.sandbox.app import create_app
from kanfa.wechat.sandbox.settings import SandboxSettings
from kanfa.wechat.sandbox.state import SandboxState


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def picture(form: str = "PNG") -> bytes:
    target = io.BytesIO()
    Pillow.new("RGB", (40, 20), (15, 118, 110)).save(target, form)
    return target.getvalue()


class Wire:
    """HTTP without a socket: one request, one answer."""

    def __init__(self, app: Starlette) -> None:
        self.app = app

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 40_000))
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:9") as client:
                return await client.request(method, path, **more)

        return asyncio.run(send())

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)


class Account:
    """A sandbox with its own clock, and the calls a client makes."""

    def __init__(self, **settings: Any) -> None:
        self.clock = Clock()
        self.log: list[str] = []
        self.settings = SandboxSettings(clock=self.clock, say=self.log.append, **settings)
        app = create_app(self.settings)
        self.state: SandboxState = app.state.sandbox
        self.http = Wire(app)
        self.token = ""

    def credentials(self, **more: Any) -> dict[str, Any]:
        credentials = {"appid": self.settings.appid, "secret": self.settings.secret}
        return {"grant_type": "client_credential", **credentials, **more}

    def stable(self, **more: Any) -> dict[str, Any]:
        return self.answer(self.http.post("/cgi-bin/stable_token", json=self.credentials(**more)))

    def call(self, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
        """A call with a valid token; a body that is no bytes is sent as raw UTF-8 JSON, as the API wants it."""
        if not self.token:
            self.token = self.stable()["access_token"]
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        params = {"access_token": self.token, **more.pop("params", {})}
        content = {} if "files" in more else {"content": data}
        return self.answer(self.http.post(f"/cgi-bin/{path}", params=params, **content, **more))

    @staticmethod
    def answer(response: Any) -> dict[str, Any]:
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/plain"
        found: dict[str, Any] = json.loads(response.content.decode())
        if found.get("errcode"):
            assert " rid: " in found["errmsg"]
        return found

    def upload(self, data: bytes, path: str = "media/uploadimg", **params: str) -> dict[str, Any]:
        return self.call(path, files={"media": ("a.png", data, "image/png")}, params=params)

    def cover(self) -> str:
        return str(self.upload(picture(), "material/add_material", type="image")["media_id"])

    def article(self, **fields: Any) -> dict[str, Any]:
        content = '<section style="color:#333"><p style="margin:0">正文</p></section>'
        return {"title": "第九期", "content": content, "thumb_media_id": self.cover(), **fields}

    def add(self, **fields: Any) -> dict[str, Any]:
        return self.call("draft/add", {"articles": [self.article(**fields)]})
