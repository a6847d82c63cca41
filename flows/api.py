"""A few calls to a Prefect server without importing Prefect, which takes a second."""

from __future__ import annotations

import base64
import json
import os
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit, urlunsplit


class ApiError(Exception):
    """The server did not answer, or not with JSON; the text says why in a few words."""


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the secret in our headers is for this server alone."""

    def redirect_request(self, *_given: Any) -> None:
        return None


def shown(url: str) -> str:
    """`url` for messages and logs: without a user or password in it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _headers() -> dict[str, str]:
    """What a guarded server wants to see, from the variables Prefect itself reads."""
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get("PREFECT_API_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    elif secret := os.environ.get("PREFECT_API_AUTH_STRING"):
        headers["Authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()
    return headers


def _call(request: urllib.request.Request, timeout: float) -> Any:
    host = request.host.rpartition(":")[0]
    # A proxy set in the shell is meant for the world outside, not for the loopback.
    proxies: dict[str, str] | None = {} if host in {"127.0.0.1", "localhost", "[::1]"} else None
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies), _Stay)
    try:
        with opener.open(request, timeout=timeout) as answer:
            body = answer.read()
            return json.loads(body) if body else None
    except urllib.error.HTTPError as error:
        error.close()
        raise ApiError(f"HTTP status {error.code}") from None
    except urllib.error.URLError as error:
        reason = error.reason
        raise ApiError(getattr(reason, "strerror", None) or str(reason)) from None
    except (OSError, HTTPException, ValueError) as error:
        raise ApiError(str(error) or type(error).__name__) from None


def _request(url: str, path: str, body: bytes | None = None) -> urllib.request.Request:
    """GET, or POST when there is a body."""
    if not url.startswith(("http://", "https://")):
        raise ApiError("no http address")
    return urllib.request.Request(url + path, body, _headers())  # noqa: S310 - the scheme was looked at


def get(url: str, path: str, timeout: float = 2.0) -> Any:
    """The JSON at `path` of the API at `url`. Raises ApiError; `timeout` in seconds."""
    return _call(_request(url, path), timeout)


def post(url: str, path: str, body: Any, timeout: float = 5.0) -> Any:
    """The JSON answer to `body`, posted as JSON to `path` of the API at `url`. Raises ApiError."""
    return _call(_request(url, path, json.dumps(body).encode()), timeout)
