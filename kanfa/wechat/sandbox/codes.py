"""Error codes of the API with the words that come with them.

Source: the pages of each call and the list of global return codes; what is only known from operators' reports is
answered the way they quote it. Clients match codes, never words.
"""

from __future__ import annotations

from dataclasses import dataclass

MESSAGES = {
    -1: "system error",
    0: "ok",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40004: "invalid media type",
    40005: "invalid file type",
    40007: "invalid media_id",
    40009: "invalid image size",
    40013: "invalid appid",
    40035: "invalid parameter",
    40066: "invalid url",
    40114: "invalid index value",
    40125: "invalid appsecret",
    40130: "invalid openid list size, at least one openid",
    40164: "invalid ip {}",
    41001: "access_token missing",
    41005: "media data missing",
    41039: "invalid content_source_url",
    42001: "access_token expired",
    43002: "require POST method",
    44003: "empty news data",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45003: "title size out of limit",
    45004: "description size out of limit",
    45005: "url size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit  must slower  retry next minute",
    45110: "author size out of limit",
    45166: "invalid content",
    47001: "data format error",
    48001: "api unauthorized",
    53402: "cover crop parameters are invalid",
    53404: "account has been forbidden to use product cards",
    53600: "invalid article_id",
    88000: "comment option is invalid",
}
"""Words of `errmsg` by code."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer with a code other than 0."""

    code: int
    detail: str = ""
    """What exactly was wrong; stands behind or within the words of the code."""

    @property
    def words(self) -> str:
        """`errmsg` without its `rid`."""
        words = MESSAGES[self.code]
        if "{}" in words:
            return words.replace("{}", self.detail)
        return f"{words} hint: [{self.detail}]" if self.detail else words
