"""Web addresses: what may be linked, and one normal form to compare them in.

Every link of the tree is http, https, mailto or tel, complete, percent-encoded ASCII with a punycoded
host in lower case, so that no writer has to judge an address again.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import mdurl
from markdown_it.common.normalize_url import normalizeLink

from kanfa.findings import Finding, Rule
from kanfa.issue import rules

SCHEMES = ("https", "http", "mailto", "tel")
"""Schemes that mail programs, PDF readers and WeChat all open."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?|\[[0-9a-f:.]+\]", re.IGNORECASE)
_WEB = re.compile(r"(https?)://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#]|$)", re.IGNORECASE)
_BREAKS = re.compile("[\t\n\r]")
_FILE_NAMES = frozenset(["md", "html", "htm", "png", "jpg", "jpeg", "gif", "svg", "webp", "pdf", "txt", "zip", "py"])


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an address cannot be used."""

    rule: Rule
    message: str

    def at(self, line: int) -> Finding:
        """The finding for 1-based source `line`."""
        return self.rule.at(line, self.message)


def normal(written: str) -> str | Fault:
    """The address in normal form, or the fault that forbids to link it. Idempotent on what it returns."""
    address = written.strip(" \t\n\r\f")
    if _BREAKS.search(address):
        return Fault(rules.LINK_ADDRESS, _broken(address))
    scheme = _scheme(address)
    if not scheme:
        return _incomplete(address)
    if scheme not in SCHEMES:
        return _unknown(scheme, address)
    if scheme in {"http", "https"}:
        return _web(address)
    rest = mdurl.encode(address[len(scheme) + 1 :])
    person = rest.split("?", 1)[0]
    if scheme == "mailto" and not re.fullmatch(r"[^@]+@[^@]+", person):
        return Fault(rules.LINK_ADDRESS, f"“{short(address)}” holds no mail address: mailto:name@host is expected")
    if scheme == "tel" and not re.search(r"\d", person):
        return Fault(rules.LINK_ADDRESS, f"“{short(address)}” holds no telephone number")
    return f"{scheme}:{rest}"


def picture(written: str) -> str | Fault:
    """The address of a picture: a complete http(s) one in normal form, or a path as written."""
    source = written.strip(" \t\n\r\f")
    scheme = _scheme(source)
    if not source:
        return Fault(rules.IMAGE_SOURCE, "the picture names no file")
    if _BREAKS.search(source):
        return Fault(rules.IMAGE_SOURCE, _broken(source))
    if source.startswith("//"):
        return Fault(rules.IMAGE_SOURCE, f"“{short(source)}” lacks its scheme: write https:{short(source)}")
    if scheme in {"http", "https"}:
        found = _web(source)
        return Fault(rules.IMAGE_SOURCE, found.message) if isinstance(found, Fault) else found
    if scheme:
        return Fault(rules.IMAGE_SOURCE, f"“{scheme}:” cannot hold a picture: name a file or an https address")
    return source


def _broken(address: str) -> str:
    """Why an address with a tab or a line break is refused: some programs drop it, others end the address there."""
    return f"“{short(_BREAKS.sub('·', address))}” holds a tab or a line break (·)"


def _scheme(address: str) -> str:
    match = _SCHEME.match(address)
    return match[1].lower() if match else ""


def _web(address: str) -> str | Fault:
    match = _WEB.fullmatch(address)
    if not match or not match[2]:
        return Fault(rules.LINK_ADDRESS, f"“{short(address)}” names no host: https://host/path is expected")
    match = _WEB.fullmatch(normalizeLink(address))
    if not match:
        return Fault(rules.LINK_ADDRESS, f"“{short(address)}” is no web address")
    scheme, authority, rest = match[1].lower(), match[2].lower(), match[3]
    if "@" in match[2]:
        user, _, host = match[2].rpartition("@")
        if ":" in user:
            shown = f"{scheme}://…@{host.lower()}{rest}"
            return Fault(rules.LINK_CREDENTIALS, f"“{short(shown)}” carries a password before the host")
        authority = f"{user}@{host.lower()}"
    href = f"{scheme}://{authority}{rest}"
    try:
        parts = urlsplit(href)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        return Fault(rules.LINK_ADDRESS, f"“{short(address)}” is no web address: {error}")
    bare = f"[{host}]" if ":" in host else host
    if not _HOST.fullmatch(bare) or ".." in bare or not href.isascii():
        return Fault(rules.LINK_ADDRESS, f"“{short(address)}” has no valid host name")
    return href


def _unknown(scheme: str, address: str) -> Fault:
    if _BARE_HOST.match(address) or scheme == "localhost":
        return Fault(rules.LINK_RELATIVE, f"“{short(address)}” lacks its scheme: write https://{short(address)}")
    near = difflib.get_close_matches(scheme, SCHEMES, n=1, cutoff=0.6)
    meant = f"; {near[0]}: was meant?" if near else ""
    return Fault(rules.LINK_SCHEME, f"“{scheme}:” cannot be linked ({short(address)}){meant}")


def _incomplete(address: str) -> Fault:
    if not address:
        return Fault(rules.LINK_ADDRESS, "the link has no address")
    if address.startswith("//"):
        return Fault(rules.LINK_RELATIVE, f"“{short(address)}” lacks its scheme: write https:{short(address)}")
    if address.startswith("#"):
        return Fault(rules.LINK_RELATIVE, f"“{short(address)}” points into this page, which mail and WeChat cannot do")
    host = address.split("/", 1)[0]
    if "@" in host and "." in host:
        return Fault(rules.LINK_RELATIVE, f"“{short(address)}” lacks its scheme: write mailto:{short(address)}")
    known_file = host.rsplit(".", 1)[-1].lower() in _FILE_NAMES and "/" not in address
    if _BARE_HOST.match(address) and not known_file:
        return Fault(rules.LINK_RELATIVE, f"“{short(address)}” lacks its scheme: write https://{short(address)}")
    return Fault(rules.LINK_RELATIVE, f"“{short(address)}” is relative: outside this folder it leads nowhere")


def short(address: str) -> str:
    """At most 80 characters of what a message quotes."""
    return address if len(address) <= 80 else f"{address[:79]}…"
