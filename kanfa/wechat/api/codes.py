"""What each error code of the API means, what a person must do, and which of our rules should have caught it.

Source: the API's pages of each call (40007, 48001, 5340x, 5350x, 53600), operators' reports for the rest. Codes are
matched, never words: `errmsg` changes and carries suffixes such as `rid: …`.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum

from kanfa.findings import Rule
from kanfa.wechat.api.tokens import APPID, SECRET
from kanfa.wechat.rules import content as rule

NO_MEDIA = 40007
"""No such media_id: of a draft, or of the cover that an article names."""


class ErrorClass(StrEnum):
    """What kind of fault a code is, and so what may be done about it."""

    TOKEN = "token"  # noqa: S105 - a name
    """Refreshed once, the call repeated once."""
    BUSY = "busy"
    """Tried again with growing pauses, where repeating does no harm."""
    QUOTA = "quota"
    """Stop and report; nothing is cleared automatically."""
    ACCESS = "access"
    """Only a person can open the door."""
    CONTENT = "content"
    """The article or a picture is refused; repeating would change nothing."""
    PUBLISH = "publish"
    """A person has to act on the web."""
    OURS = "our fault"
    """A wrong call: a fault of Kanfa."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One code."""

    code: int
    kind: ErrorClass
    what: str
    """What it means, as a clause."""
    cure: str
    """What a person does about it."""
    rules: tuple[Rule, ...] = ()
    """Our rules that should have found it before delivery."""


_LATER = "deliver again later; nothing is lost"
_REPORT = "report this with the line below"
_LINKS = (rule.LINK_ANCHOR, rule.LINK_RELATIVE, rule.LINK_SCHEME, rule.LINK_TEMPKEY)
_CONTENT = (rule.CONTENT_CHARS, rule.CONTENT_BYTES)
_ADMIN = "let the account's administrator open 设置与开发 → 基本配置 on mp.weixin.qq.com"


def _all(kind: ErrorClass, *rows: tuple[int, str, str] | tuple[int, str, str, tuple[Rule, ...]]) -> list[Meaning]:
    return [Meaning(row[0], kind, row[1], row[2], row[3] if len(row) == 4 else ()) for row in rows]


MEANINGS = {
    meaning.code: meaning
    for meaning in (
        *_all(
            ErrorClass.TOKEN,
            (40001, "the access token is invalid", "see that no other program forces new tokens of this account"),
            (40014, "the access token is no token", "see that no other program forces new tokens of this account"),
            (42001, "the access token has expired", "see that this machine's clock is right"),
        ),
        *_all(
            ErrorClass.BUSY,
            (-1, "WeChat is busy", _LATER),
            (45011, "too many calls within a minute", _LATER),
        ),
        *_all(
            ErrorClass.QUOTA,
            (45009, "the day's quota of this call is used up", "deliver again tomorrow, or clear the quota by hand"),
            (45028, "the quota of mass messages is used up", "wait for the next period"),
            (45066, "calls with one message id follow each other too fast", _LATER),
        ),
        *_all(
            ErrorClass.ACCESS,
            (40164, "this machine's address is not on the account's IP whitelist", f"{_ADMIN} and add {{address}}"),
            (40013, "the AppID is wrong", f"set {APPID} to the account's AppID"),
            (40125, "the AppSecret is wrong", f"{_ADMIN}, reset the secret and set {SECRET}"),
            (40243, "the AppSecret is frozen", f"{_ADMIN} and unfreeze it"),
            (48001, "the account has no right to this call", "draft and material calls need the right 草稿箱/素材管理"),
            (48004, "this call is forbidden to the account", "read the notices on mp.weixin.qq.com"),
            (50002, "the account is limited", "read the notices on mp.weixin.qq.com"),
            (89503, "the administrator has to confirm this machine's address", "let the administrator confirm"),
            (89506, "the administrator refused this machine's address", "ask the administrator; wait 24 hours"),
            (89507, "the administrator refused this machine's address", "ask the administrator; wait an hour"),
        ),
        *_all(
            ErrorClass.CONTENT,
            (45166, "the article is refused", "look for # anchors, relative and temporary links", _LINKS),
            (45001, "the file is too large", "make the picture smaller", (rule.IMG_TOO_LARGE,)),
            (45002, "the article is too long", "shorten the issue, or set too_long in kanfa.toml", _CONTENT),
            (45003, "the title is too long or empty", "shorten the title", (rule.TITLE_EMPTY, rule.TITLE_LENGTH)),
            (45004, "the digest is too long", "shorten the summary", (rule.DIGEST_LENGTH,)),
            (45005, "an address is too long", "shorten it", (rule.SOURCE_URL_LENGTH,)),
            (45008, "the draft is too long or holds too many articles", "shorten the issue", _CONTENT),
            (45110, "the author is refused", "shorten author in kanfa.toml or leave it out", (rule.AUTHOR_LENGTH,)),
            (41039, "the source address is invalid", "mend url in kanfa.toml", (rule.SOURCE_URL_INVALID,)),
            (40005, "the file's type is refused", "save the picture as PNG or JPEG", (rule.IMG_FORMAT,)),
            (NO_MEDIA, "the draft or the cover is no longer there", "deliver again: both are looked up anew"),
            (40009, "the picture is too large", "make the picture smaller", (rule.IMG_TOO_LARGE,)),
            (44003, "the article is empty", "write something", ()),
            (47001, "the data is malformed", f"shorten the issue if it is very long; else {_REPORT}"),
            (53402, "the cover cannot be cropped", "use a larger cover"),
            (53404, "the account may not show products", _REPORT),
            (53405, "a product card is invalid", _REPORT),
            (53406, "a product card is invalid", _REPORT),
            (88000, "the comment setting is refused", "the account may not open comments"),
        ),
        *_all(
            ErrorClass.PUBLISH,
            *((code, "the draft cannot be published so", "open and publish it on mp.weixin.qq.com")
              for code in (53500, 53501, 53502, 53503, 53504, 53505, 53600)),
        ),
        *_all(
            ErrorClass.OURS,
            (40066, "there is no such call", "see that [wechat] api names the API itself, without /cgi-bin"),
            (40114, "the draft has no article of that number", _REPORT),
            (41001, "the call lacks its token", _REPORT),
        ),
    )
}  # fmt: skip
"""Every code we know, by number."""

_UNKNOWN = Meaning(0, ErrorClass.ACCESS, "an error that Kanfa does not know", "look the code up in WeChat's documents")


def meaning_of(code: int) -> Meaning:
    """The meaning of a code; one of class ACCESS, which nothing repeats, for a code that nobody told us of."""
    return MEANINGS.get(code, _UNKNOWN)


def address_in(words: str) -> str:
    """The IP address that a 40164 names (WeChat sees another than this machine does); empty when there is none."""
    for word in words.replace(",", " ").split():
        try:
            return str(ipaddress.ip_address(word))
        except ValueError:
            continue
    return ""


def explanation(call: str, code: int, words: str) -> str:
    """One message for people: what was refused, why, what to do, and WeChat's own words (`words`, secrets removed)."""
    meaning = meaning_of(code)
    cure = meaning.cure.replace("{address}", address_in(words) or "the address of this machine")
    ids = ", ".join(found.id for found in meaning.rules)
    caught = f" ({ids} should have caught it: `kanfa rules {meaning.rules[0].id}`)" if ids else ""
    said = " ".join(words.split())[:200]
    return f"WeChat refuses {call} with {code}: {meaning.what}{caught}\n    cure: {cure}\n    WeChat says: {said}"
