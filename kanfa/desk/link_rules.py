"""Rules of the desk: pulled pictures (ISS140…) and links over the network (ISS150…)."""

from __future__ import annotations

from kanfa.findings import Rule, Severity

LOCK_MISMATCH = Rule(
    "ISS140",
    "lock-mismatch",
    Severity.ERROR,
    "the file of a pulled picture is gone, or is not the one that images.lock describes",
    "house rule: what was looked at is what goes out",
    "run `kanfa images pull ISSUE`; to keep your own file, name it in the text instead of the address",
)
LOCK_MISSING = Rule(
    "ISS141",
    "lock-missing",
    Severity.INFO,
    "the issue's other pictures from the web were pulled, this one was not, so PDF and WeChat show words",
    "house rule: no network while rendering",
    "run `kanfa images pull ISSUE`",
)
LINK_DEAD = Rule(
    "ISS150",
    "link-dead",
    Severity.ERROR,
    "readers who follow the link find nothing",
    "asked over the network; status 4xx and 5xx: RFC 9110, 15.5 and 15.6",
    "open the address; link to where the page stands now, or to an archived copy of it",
)
LINK_TIMEOUT = Rule(
    "ISS151",
    "link-timeout",
    Severity.WARNING,
    "the server, or the name server before it, said nothing in time, so nobody knows whether the link works",
    "asked over the network",
    "open the address yourself, or ask again later; [links] timeout in kanfa.toml gives it longer",
)
LINK_RATE_LIMITED = Rule(
    "ISS152",
    "link-rate-limited",
    Severity.WARNING,
    "the server refuses to be asked so often, so nobody knows whether the link works",
    "RFC 6585, 4 (429 Too Many Requests); mp.weixin.qq.com asks for a proof that a person reads",
    "open the address yourself, or ask again later; [links] per_host in kanfa.toml asks less at once",
)
LINK_MOVED = Rule(
    "ISS153",
    "link-moved",
    Severity.INFO,
    "the page has another address for good",
    "RFC 9110, 15.4 (301 and 308)",
    "link to the new address",
)
LINK_BLOCKED = Rule(
    "ISS154",
    "link-blocked",
    Severity.ERROR,
    "the address leads into a private network, where readers cannot follow",
    "IANA special-purpose address registries (RFC 6890)",
    "link to a public address; behind a VPN that answers with 198.18.…, name its proxy in HTTPS_PROXY",
)
LINK_LOGIN = Rule(
    "ISS155",
    "link-login",
    Severity.WARNING,
    "the server shows the page to some only; whether your readers are among them, it does not say",
    "RFC 9110, 15.5.2 and 15.5.4 (401 and 403)",
    "open the address in a private window; if it opens, list its host under [links] ignore in kanfa.toml",
)
LINK_FRAGMENT = Rule(
    "ISS156",
    "link-fragment",
    Severity.WARNING,
    "the page has no such place, so readers land at its top",
    "HTML, “the indicated part of the document”",
    "open the page and copy the address of the place anew",
)
RULES = (
    LOCK_MISMATCH,
    LOCK_MISSING,
    LINK_DEAD,
    LINK_TIMEOUT,
    LINK_RATE_LIMITED,
    LINK_MOVED,
    LINK_BLOCKED,
    LINK_LOGIN,
    LINK_FRAGMENT,
)
