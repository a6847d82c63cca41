"""Rules for links: addresses, disguises, duties."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from kanfa.email import rules
from kanfa.email.dom import Element, classes, names, words
from kanfa.email.limits import HREF_CHARS, HREF_WARN_CHARS, LINK_COUNT
from kanfa.email.mail import Mail, strings_of
from kanfa.email.message import TOKEN
from kanfa.email.writer import LINKABLE
from kanfa.findings import Finding, Rule
from kanfa.issue.addresses import normal

CHROME: Final = "chrome"
"""Class of links that the template adds: web version, contents, archive, preferences, unsubscribe."""
SHORTENERS: Final = names(
    "bit.ly t.co goo.gl tinyurl.com is.gd ow.ly buff.ly t.cn dwz.cn url.cn suo.im lnkd.in rb.gy cutt.ly"
)
MARK_WRITTEN: Final = (
    "“{found}” stands in the issue: the sending system would replace this; write it apart, such as __ UNSUB __"
)
LINK_WRITTEN: Final = "“{found}” stands in the issue: the sending system would replace this; leave it to the footer"
LOOKS_LIKE_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)\S+|(?:[a-z0-9-]+\.)+(?:com|org|net|cn|gov|edu)(?:/\S*)?", re.IGNORECASE
)
"""Words that a reader takes for an address. Bare names that end in .io, .js, .rs are mostly products' names."""


def check(mail: Mail) -> Iterator[Finding]:
    """Findings EML053–EML059, EML062 and EML069."""
    links = [element for element in mail.body if element.tag == "a"]
    for link in links:
        yield from _one(mail, link)
    yield from _together(mail, [link for link in links if CHROME not in classes(link)])
    yield from _duties(mail, links)


def _one(mail: Mail, link: Element) -> Iterator[Finding]:
    href = link.get("href", "")
    for rule, message, values in _faults(link):
        yield rule.at(mail.line_of_link(href), message, element=mail.path(link), quote=href, **values)


def _faults(link: Element) -> Iterator[tuple[Rule, str, dict[str, str]]]:
    """Rule, message and its fields of each fault of one link. Its place is looked up for faults alone: that is slow."""
    href, text = link.get("href", ""), words(link)
    split = _split(href)
    if href.startswith("#"):
        yield rules.LINK_FRAGMENT, "{href} leads to a place in this mail", {"href": href}
    elif _faulty(href, split):
        yield rules.LINK_ADDRESS, "“{href}” is no complete, encoded address", {"href": href[:80]}
    elif len(href) > HREF_CHARS:
        sizes = {"count": f"{len(href):,}", "most": f"{HREF_CHARS:,}", "href": href[:60]}
        yield rules.LINK_ADDRESS, "{count} characters, at most {most}: {href}…", sizes
    elif len(href) > HREF_WARN_CHARS:
        yield rules.LINK_LENGTH, "{count} characters: {href}…", {"count": str(len(href)), "href": href[:60]}
    if not text and not any((image.get("alt") or "").strip() for image in link.iter("img")):
        yield rules.LINK_TEXT, "the link to {href} has no words", {"href": href[:80]}
    if split and split[0] in {"http", "https"}:
        shown = LOOKS_LIKE_ADDRESS.fullmatch(text)
        if shown and not _same_site(_host(text), split[1]):
            yield rules.LINK_DISGUISED, "“{text}” leads to {host}", {"text": text[:60], "host": split[1]}
        if split[0] == "http" or split[1] in SHORTENERS or _is_ip(split[1]):
            yield rules.LINK_SUSPICIOUS, "{href}", {"href": href[:80]}


def _split(href: str) -> tuple[str, str] | None:
    """Scheme and host, None when the address cannot be taken apart."""
    try:
        split = urlsplit(href)
        return split.scheme.lower(), (split.hostname or "").lower()
    except ValueError:
        return None


def _faulty(href: str, split: tuple[str, str] | None) -> bool:
    if split is None or not href.isascii() or any(char.isspace() for char in href):
        return True
    return split[0] not in LINKABLE or (split[0].startswith("http") and not split[1])


def _host(text: str) -> str:
    """The host that the words name, in the form in which links hold it: `例子.中国` is `xn--fsqu00a.xn--fiqs8s`."""
    address = text if "://" in text else f"https://{text}"
    encoded = normal(address)
    split = _split(encoded if isinstance(encoded, str) else address)
    return split[1] if split else ""


def _same_site(shown: str, real: str) -> bool:
    return shown.removeprefix("www.") == real.removeprefix("www.") or shown.split(".")[-2:] == real.split(".")[-2:]


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _together(mail: Mail, links: list[Element]) -> Iterator[Finding]:
    targets: dict[str, dict[str, None]] = {}
    for link in links:
        targets.setdefault(words(link), {})[link.get("href", "")] = None
    for text, hrefs in targets.items():
        if text and len(hrefs) > 1:
            second = list(hrefs)[1]
            line, message = mail.line_of_link(second), "“{text}” leads to {count} addresses"
            yield rules.LINK_AMBIGUOUS.at(line, message, quote=second, text=text[:40], count=len(hrefs))
    unique = {link.get("href", "") for link in links}
    if len(unique) > LINK_COUNT:
        message = "{count} different addresses, better at most {most}"
        yield rules.LINK_COUNT_RULE.at(1, message, count=len(unique), most=LINK_COUNT)


def _duties(mail: Mail, links: list[Element]) -> Iterator[Finding]:
    settings = mail.publication.email
    web = mail.publication.issue_url(mail.issue.slug)
    hrefs = {link.get("href", "") for link in links if words(link)}
    if settings.unsubscribe_url not in hrefs:
        yield rules.DUTY_LINKS.at(1, "no visible link to {href}", href=settings.unsubscribe_url)
    if web not in hrefs:
        yield rules.DUTY_LINKS.at(1, "no visible link to the web version {href}", href=web)
    page = mail.files.get("web.html", b"").decode(errors="replace")
    personal = [address for address in (settings.unsubscribe_url, settings.preferences_url, TOKEN) if address]
    own = list(_personal(mail, personal))
    yield from own
    if not own and any(address in page for address in personal):
        yield rules.DUTY_LINKS.at(1, "the web version holds a subscriber's link")


def _personal(mail: Mail, addresses: list[str]) -> Iterator[Finding]:
    """Where the editor's own words or links hold what belongs to one subscriber: each line once."""
    seen: set[int] = set()
    for text, line in strings_of(mail.issue):
        found = next((address for address in addresses if address in text), "")
        if found and line not in seen:
            seen.add(line)
            yield rules.DUTY_LINKS.at(line, MARK_WRITTEN if found == TOKEN else LINK_WRITTEN, quote=found, found=found)
