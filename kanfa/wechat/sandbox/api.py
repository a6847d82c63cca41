"""The calls under /cgi-bin/: one function each, from a call to the object that is answered, or a failure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kanfa.wechat.limits import IMAGE_TYPES, LIMITS, MATERIAL_TYPES
from kanfa.wechat.sandbox.articles import accepted
from kanfa.wechat.sandbox.bodies import file_of, json_object, picture_type
from kanfa.wechat.sandbox.codes import Failure
from kanfa.wechat.sandbox.settings import SandboxSettings
from kanfa.wechat.sandbox.state import Draft, SandboxState, new_id
from kanfa.wechat.sandbox.tokens import Token

Answer = dict[str, Any]
OK: Mapping[str, Any] = {"errcode": 0, "errmsg": "ok"}


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the API sees it."""

    path: str
    """Without `/cgi-bin/`: `draft/add`."""
    method: str
    query: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    content_type: str
    base: str
    """Where the sandbox answers, without a slash at the end."""

    def json(self) -> Answer | Failure:
        """The JSON object of the body."""
        return json_object(self.body, self.content_type)


def stable_token(call: Call, state: SandboxState) -> Answer | Failure:
    """`POST stable_token`."""
    asked = call.json()
    if isinstance(asked, Failure):
        return asked
    return _wrong_credentials(asked, state.settings) or _token(state.tokens.stable(asked.get("force_refresh") is True))


def legacy_token(call: Call, state: SandboxState) -> Answer | Failure:
    """`GET token`: ends the token of the call before."""
    return _wrong_credentials(call.query, state.settings) or _token(state.tokens.legacy())


def _wrong_credentials(asked: Mapping[str, Any], settings: SandboxSettings) -> Failure | None:
    if asked.get("grant_type") != "client_credential":
        return Failure(40002)
    if asked.get("appid") != settings.appid:
        return Failure(40013)
    return None if asked.get("secret") == settings.secret else Failure(40125)


def _token(token: Token | Failure) -> Answer | Failure:
    if isinstance(token, Failure):
        return token
    return {"access_token": token.text, "expires_in": LIMITS.token_seconds.value}


def uploadimg(call: Call, state: SandboxState) -> Answer | Failure:
    """`POST media/uploadimg`: a picture of a body; JPG or PNG below 1 MB."""
    data = file_of(call.body, call.content_type)
    if data is None:
        return Failure(41005)
    kind = picture_type(data)
    if kind not in IMAGE_TYPES:
        return Failure(40005, "JPG or PNG")
    if len(data) > LIMITS.image_bytes.value:
        return Failure(40009, f"{len(data)} bytes, at most {LIMITS.image_bytes.value}")
    return {"url": state.add_upload(data, kind).url}


def add_material(call: Call, state: SandboxState) -> Answer | Failure:
    """`POST material/add_material`: permanent material of type image or thumb."""
    wanted = call.query.get("type", "")
    if wanted not in {"image", "thumb"}:
        return Failure(40004, "the sandbox knows image and thumb")
    data = file_of(call.body, call.content_type)
    if data is None:
        return Failure(41005)
    kind = picture_type(data)
    if kind not in (MATERIAL_TYPES if wanted == "image" else {"image/jpeg"}):
        return Failure(40005)
    most = LIMITS.cover_bytes.value if wanted == "image" else LIMITS.thumb_bytes.value
    if len(data) > most:
        return Failure(40009, f"{len(data)} bytes, at most {most}")
    if len(state.materials) >= LIMITS.materials.value:
        return Failure(45009, "the library is full")
    upload = state.add_upload(data, kind)
    return {"media_id": state.add_material(upload), "url": upload.url}


def draft_add(call: Call, state: SandboxState) -> Answer | Failure:
    """`POST draft/add`."""
    asked = call.json()
    if isinstance(asked, Failure):
        return asked
    articles = asked.get("articles")
    if not isinstance(articles, list) or not articles:
        return Failure(44003)
    if len(articles) > LIMITS.articles.value:
        return Failure(45008, f"{len(articles)} articles, at most {LIMITS.articles.value}")
    kept = []
    for article in articles:
        made = accepted(article, state)
        if isinstance(made, Failure):
            return made
        kept.append(made)
    return {"media_id": state.add_draft(kept).media_id, "item": []}


def draft_update(call: Call, state: SandboxState) -> Answer | Failure:
    """`POST draft/update`: one article as an object; fields left out are as in a new article (nobody has measured)."""
    asked = call.json()
    if isinstance(asked, Failure):
        return asked
    draft = _draft(asked, state)
    if isinstance(draft, Failure):
        return draft
    index = asked.get("index", 0)
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < len(draft.articles):
        return Failure(40114)
    made = accepted(asked.get("articles"), state)
    if isinstance(made, Failure):
        return made
    draft.articles[index] = made
    draft.updated = state.now()
    return dict(OK)


def draft_get(call: Call, state: SandboxState) -> Answer | Failure:
    """`POST draft/get`."""
    asked = call.json()
    draft = asked if isinstance(asked, Failure) else _draft(asked, state)
    if isinstance(draft, Failure):
        return draft
    times = {"create_time": draft.updated, "update_time": draft.updated}
    return {"news_item": _items(draft, call.base), **times}


def draft_batchget(call: Call, state: SandboxState) -> Answer | Failure:
    """`POST draft/batchget`: newest first."""
    asked = call.json()
    if isinstance(asked, Failure):
        return asked
    offset, count, bare = asked.get("offset", 0), asked.get("count", 0), asked.get("no_content", 0)
    if not all(isinstance(number, int) for number in (offset, count, bare)) or offset < 0:
        return Failure(40035)
    if not 1 <= count <= LIMITS.batch.value:
        return Failure(40035, f"count is 1 to {LIMITS.batch.value}")
    items = [
        {
            "media_id": draft.media_id,
            "content": {"news_item": _items(draft, call.base, bare == 1)},
            "update_time": draft.updated,
        }
        for draft in state.newest()[offset : offset + count]
    ]
    return {"total_count": len(state.drafts), "item_count": len(items), "item": items}


def draft_count(_call: Call, state: SandboxState) -> Answer | Failure:
    """`GET draft/count`."""
    return {"total_count": len(state.drafts)}


def draft_delete(call: Call, state: SandboxState) -> Answer | Failure:
    """`POST draft/delete`: there is no recycle bin."""
    asked = call.json()
    draft = asked if isinstance(asked, Failure) else _draft(asked, state)
    if isinstance(draft, Failure):
        return draft
    del state.drafts[draft.media_id]
    return dict(OK)


def _draft(asked: Answer, state: SandboxState) -> Draft | Failure:
    media_id = asked.get("media_id")
    draft = state.drafts.get(media_id) if isinstance(media_id, str) else None
    return draft or Failure(40007)


def _items(draft: Draft, base: str, bare: bool = False) -> list[Answer]:
    """The articles as they are answered; `url` is the preview, here the sandbox's own page."""
    return [
        {
            **{name: value for name, value in article.items() if not (bare and name == "content")},
            "url": f"{base}/drafts/{draft.media_id}/{index}",
        }
        for index, article in enumerate(draft.articles)
    ]


def mass_preview(call: Call, state: SandboxState) -> Answer | Failure:
    """`POST message/mass/preview`: to one person; 100 a day."""
    asked = call.json()
    if isinstance(asked, Failure):
        return asked
    receivers = [asked.get(name) for name in ("touser", "towxname")]
    if not any(isinstance(receiver, str) and receiver for receiver in receivers):
        return Failure(40130)
    news = asked.get("mpnews")
    if asked.get("msgtype") != "mpnews" or not isinstance(news, dict):
        return Failure(40035, "the sandbox knows mpnews")
    draft = _draft(news, state)
    if isinstance(draft, Failure):
        return draft
    if state.previews.is_full(state.settings.clock()):
        return Failure(45009)
    state.previews.times.append(state.settings.clock())
    return {"errcode": 0, "errmsg": "preview success", "msg_id": state.now()}


def publish_submit(call: Call, state: SandboxState) -> Answer | Failure:
    """`POST freepublish/submit`: 48001 unless the account may; a published draft leaves the box."""
    asked = call.json()
    if not state.settings.may_publish:
        return Failure(48001)
    draft = asked if isinstance(asked, Failure) else _draft(asked, state)
    if isinstance(draft, Failure):
        return draft
    del state.drafts[draft.media_id]
    publish_id = f"{len(state.published) + 1}{state.now()}"
    state.published[publish_id] = new_id()
    return {**OK, "publish_id": publish_id, "msg_data_id": state.now()}


def publish_get(call: Call, state: SandboxState) -> Answer | Failure:
    """`POST freepublish/get`: everything that was submitted is published at once."""
    asked = call.json()
    if not state.settings.may_publish:
        return Failure(48001)
    if isinstance(asked, Failure):
        return asked
    article = state.published.get(str(asked.get("publish_id")))
    if article is None:
        return Failure(53600)
    return {"publish_id": asked["publish_id"], "publish_status": 0, "article_id": article, "fail_idx": []}


def no_right(_call: Call, _state: SandboxState) -> Answer | Failure:
    """Calls that exist and that no account of the sandbox may use."""
    return Failure(48001)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call."""

    answer: Callable[[Call, SandboxState], Answer | Failure]
    method: str = "POST"
    """The only method it takes; empty = any."""
    needs_token: bool = True
    upload: bool = False
    """Whether its body is a form with a file."""
    changes: bool = False
    """Whether a success changes what is kept."""


ENDPOINTS = {
    "stable_token": Endpoint(stable_token, needs_token=False),
    "token": Endpoint(legacy_token, "GET", needs_token=False),
    "media/uploadimg": Endpoint(uploadimg, upload=True, changes=True),
    "material/add_material": Endpoint(add_material, upload=True, changes=True),
    "draft/add": Endpoint(draft_add, changes=True),
    "draft/update": Endpoint(draft_update, changes=True),
    "draft/get": Endpoint(draft_get),
    "draft/batchget": Endpoint(draft_batchget),
    "draft/count": Endpoint(draft_count, ""),
    "draft/delete": Endpoint(draft_delete, changes=True),
    "message/mass/preview": Endpoint(mass_preview),
    "freepublish/submit": Endpoint(publish_submit, changes=True),
    "freepublish/get": Endpoint(publish_get),
    "freepublish/batchget": Endpoint(no_right),
    "freepublish/delete": Endpoint(no_right),
    "freepublish/getarticle": Endpoint(no_right),
}
"""Every call that the sandbox answers, by its path."""
