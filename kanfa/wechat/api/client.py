"""The client: the only module that speaks to WeChat's API.

Requests go to httpx's transport directly. httpx's own client would log every address with its access token at
INFO, follow redirects, and take proxies and netrc from the environment; here only a proxy is taken (accounts let in
one fixed address), and never for loopback. No exception of httpx leaves this module: they hold the request.
"""

from __future__ import annotations

import ipaddress
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import ValidationError

from kanfa import __version__
from kanfa.desk.transport import environment_proxies
from kanfa.errors import ApiRefused, ApiUnanswered, ApiUnreachable, UsageError
from kanfa.wechat.api.answers import Answer, Article, Listed, Listing, Material, Stored, Token, Uploaded
from kanfa.wechat.api.codes import NO_MEDIA, ErrorClass, explanation, meaning_of
from kanfa.wechat.api.line import fault_of
from kanfa.wechat.api.tokens import Credentials, Tokens
from kanfa.wechat.limits import LIMITS, PICTURE_HOSTS

A = TypeVar("A", bound=Answer)

PAUSES = (1.0, 3.0, 9.0)
"""Seconds before each further try of a call that may be repeated; so many tries follow the first."""
CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0
MOST_PAGES = 500
"""Pages of the draft box that are looked through: 10,000 drafts, more than any account keeps."""


def api_base(address: str) -> str:
    """The API's address without a slash at its end; calls are below it. Only loopback may be without https.

    Raises UsageError for an address that holds a user, a query or a fragment, or that no request can be made to.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        if host and parts.port != 0:  # for a port that is no number, this raises
            _ = httpx.Request("POST", address).url.host
    except (ValueError, httpx.InvalidURL):  # ValueError: a host that IDNA does not know, too
        raise UsageError("the address of WeChat's API is no web address; mend [wechat] api in kanfa.toml") from None
    plain = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc or parts.query or parts.fragment:
        raise UsageError(f"{plain}: the address of WeChat's API is scheme, host, port and perhaps a path, nothing else")
    if parts.scheme == "http" and not is_loopback(host):
        raise UsageError(f"{plain}: WeChat's API is only spoken to over https; http is for a sandbox on this machine")
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def transport_for(base: str) -> httpx.BaseTransport:
    """The way to the API: direct, or through the proxy that the environment names for its scheme."""
    host = urlsplit(base).hostname or ""
    proxy = None if is_loopback(host) else environment_proxies(host).get(urlsplit(base).scheme)
    try:
        return httpx.HTTPTransport(proxy=httpx.Proxy(proxy) if proxy else None)
    except (httpx.InvalidURL, ValueError):
        raise UsageError("the environment names a proxy that is no http address; mend HTTPS_PROXY") from None
    except OSError as error:  # ssl.SSLError is one
        reason = error.strerror or type(error).__name__
        raise UsageError(f"the authorities that SSL_CERT_FILE or SSL_CERT_DIR names cannot be used: {reason}") from None


def secure_picture(address: str) -> str:
    """The https form of an uploaded picture's address. Raises ApiRefused when it is on no host of WeChat's."""
    try:
        parts = urlsplit(address)
        if parts.scheme in {"http", "https"} and parts.hostname in PICTURE_HOSTS:
            return parts._replace(scheme="https").geturl()
    except ValueError:
        pass
    raise ApiRefused(f"WeChat gave an uploaded picture the address “{address[:80]}”, which is not one of its hosts")


@dataclass(slots=True)
class Client:
    """One account at one address, for one run."""

    base: str
    """As `api_base` gives it."""
    credentials: Credentials
    transport: httpx.BaseTransport
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time
    forced: Sequence[float] = ()
    note_forced: Callable[[Sequence[float]], None] = lambda _times: None
    _tokens: Tokens = field(init=False)

    def __post_init__(self) -> None:
        self._tokens = Tokens(self._ask_token, self.now, self.forced, self.note_forced)

    # ------------------------------------------------------------ calls

    def upload_picture(self, name: str, data: bytes, media_type: str) -> str:
        """Upload a picture of a body (media/uploadimg); its https address. Not counted in the library."""
        files = {"media": (name, data, media_type)}
        found = self._patient("media/uploadimg", Uploaded, files=files)
        return secure_picture(found.url)

    def upload_cover(self, name: str, data: bytes, media_type: str) -> str:
        """Put a cover into the library of permanent material; its media_id."""
        files = {"media": (name, data, media_type)}
        return self._patient("material/add_material", Material, files=files, query={"type": "image"}).media_id

    def add_draft(self, articles: Sequence[Mapping[str, Any]]) -> str:
        """Add a draft; its media_id. Never repeated here but for a refused token: it is not idempotent.

        Raises ApiUnanswered when nobody knows whether the draft was added: look for it before trying again; and
        ApiUnreachable when it certainly was not.
        """
        return self._call("draft/add", Material, json_body={"articles": list(articles)}).media_id

    def update_draft(self, media_id: str, index: int, article: Mapping[str, Any]) -> None:
        """Replace the article of 0-based `index`; the same content again does no harm."""
        body = {"media_id": media_id, "index": index, "articles": dict(article)}  # a list gives 47001
        self._patient("draft/update", Answer, json_body=body)

    def draft(self, media_id: str) -> tuple[Article, ...] | None:
        """The articles of a draft as they are stored; None when there is no such draft (any more)."""
        try:
            return self._patient("draft/get", Stored, json_body={"media_id": media_id}).news_item
        except ApiRefused as refused:
            if refused.code == NO_MEDIA:
                return None
            raise

    def drafts(self) -> Iterator[Listed]:
        """Every draft of the box without its texts, the one changed last first."""
        count = LIMITS.batch.value
        for page in range(MOST_PAGES):
            body = {"offset": page * count, "count": count, "no_content": 1}
            listing = self._patient("draft/batchget", Listing, json_body=body)
            yield from listing.item
            if not listing.item or (page + 1) * count >= listing.total_count:
                return

    # ------------------------------------------------------------ how

    def _patient(self, call: str, kind: type[A], **request: Any) -> A:
        """A call that may be repeated."""
        return self._repeated(lambda: self._call(call, kind, **request))

    def _repeated(self, once: Callable[[], A]) -> A:
        """After every answer that says or means “busy”, and after none, once more, with growing pauses."""
        for pause in PAUSES:
            try:
                return once()
            except ApiUnanswered:
                self.sleep(pause)
        return once()

    def _call(self, call: str, kind: type[A], **request: Any) -> A:
        """One call with a token; a refused token is refreshed once and the call repeated once."""
        token = self._tokens.current()
        try:
            return self._once(call, kind, token, **request)
        except ApiRefused as refused:
            if meaning_of(refused.code).kind is not ErrorClass.TOKEN or not self._tokens.refresh(token):
                raise
        return self._once(call, kind, self._tokens.current(), **request)

    def _ask_token(self, force: bool) -> str:
        """A token's text. Raises ApiUnreachable, so that no call that needs it is repeated on top of this."""
        body = {
            "grant_type": "client_credential",
            "appid": self.credentials.appid,
            "secret": self.credentials.secret,
            "force_refresh": force,
        }
        try:
            return self._repeated(lambda: self._once("stable_token", Token, "", json_body=body)).access_token
        except ApiUnanswered as error:
            raise ApiUnreachable(str(error)) from None

    def _once(
        self,
        call: str,
        kind: type[A],
        token: str,
        *,
        json_body: Mapping[str, Any] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> A:
        """One request and its answer. A body is built for each, so nothing has to be rewound."""
        parameters = {**(query or {}), **({"access_token": token} if token else {})}
        headers = {"User-Agent": f"kanfa/{__version__}", "Accept-Encoding": "identity"}
        content = None
        if json_body is not None:  # WeChat counts and shows \\uXXXX literally
            content = json.dumps(json_body, ensure_ascii=False).encode("utf-8")
            headers["Content-Type"] = "application/json; charset=utf-8"
        request = httpx.Request(
            "POST", f"{self.base}/cgi-bin/{call}", params=parameters, headers=headers, content=content, files=files,
            extensions={"timeout": httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS).as_dict()},
        )  # fmt: skip
        return self._understood(call, kind, token, self._sent(call, request))

    def _sent(self, call: str, request: httpx.Request) -> bytes:
        try:
            response = self.transport.handle_request(request)
            try:
                data = response.read()
            finally:
                response.close()
        except (httpx.TransportError, httpx.StreamError, httpx.DecodingError, OSError) as error:
            raise fault_of(call, self.base, error) from None
        if response.status_code != 200:
            raise ApiUnanswered(f"{call}: {self.base} answers HTTP {response.status_code}")
        return data

    def _understood(self, call: str, kind: type[A], token: str, data: bytes) -> A:
        try:
            document = json.loads(data.decode("utf-8"))  # served as text/plain without a charset
            failure = Answer.model_validate(document)
        except (ValueError, RecursionError):  # pydantic's ValidationError is a ValueError
            raise ApiUnanswered(f"{call}: {self.base} answers with something that is not WeChat's JSON") from None
        if failure.errcode:
            words = explanation(call, failure.errcode, self._clean(failure.errmsg, token))
            busy = meaning_of(failure.errcode).kind is ErrorClass.BUSY
            raise ApiUnanswered(words) if busy else ApiRefused(words, failure.errcode)
        try:
            return kind.model_validate(document)
        except ValidationError as error:
            where = ".".join(map(str, error.errors(include_input=False, include_url=False)[0]["loc"]))
            raise ApiUnanswered(f"{call}: the answer of {self.base} lacks {where or 'an object'}") from None

    def _clean(self, words: str, token: str) -> str:
        """WeChat's words without what must not be shown."""
        for secret in (token, *self._tokens.secrets(), self.credentials.secret, self.credentials.appid):
            words = words.replace(secret, "…") if secret else words
        return words
