"""Web addresses: what may be linked, and one normal form to compare them in.

Every link of the tree is http, https, mailto or tel, complete, percent-encoded ASCII with a punycoded
host in lower case, so that no writer has to judge an address again.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
    template: str
    """The message in English, with a field in braces for each of `values`."""
    values: Mapping[str, str] = field(default_factory=dict)
    quote: str = ""
    """The address as written."""

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.template.format_map(self.values)

    def at(self, line: int) -> Finding:
        """The finding for 1-based source `line`."""
        return self.rule.at(line, self.template, quote=self.quote, **self.values)


def _fault(rule: Rule, template: str, address: str, **values: str) -> Fault:
    """A fault whose message may show the address, shortened, in the field of that name."""
    return Fault(rule, template, {"address": short(address), **values}, address)


def normal(written: str) -> str | Fault:
    """The address in normal form, or the fault that forbids to link it. Idempotent on what it returns."""
    address = written.strip(" \t\n\r\f")
    if _BREAKS.search(address):
        return _broken(rules.LINK_ADDRESS, address)
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
        return _fault(rules.LINK_ADDRESS, "“{address}” holds no mail address: mailto:name@host is expected", address)
    if scheme == "tel" and not re.search(r"\d", person):
        return _fault(rules.LINK_ADDRESS, "“{address}” holds no telephone number", address)
    return f"{scheme}:{rest}"


def picture(written: str) -> str | Fault:
    """The address of a picture: a complete http(s) one in normal form, or a path as written."""
    source = written.strip(" \t\n\r\f")
    scheme = _scheme(source)
    if not source:
        return Fault(rules.IMAGE_SOURCE, "the picture names no file")
    if _BREAKS.search(source):
        return _broken(rules.IMAGE_SOURCE, source)
    if source.startswith("//"):
        return _fault(rules.IMAGE_SOURCE, "“{address}” lacks its scheme: write https:{address}", source)
    if scheme in {"http", "https"}:
        found = _web(source)
        return replace(found, rule=rules.IMAGE_SOURCE) if isinstance(found, Fault) else found
    if scheme:
        message = "“{scheme}:” cannot hold a picture: name a file or an https address"
        return _fault(rules.IMAGE_SOURCE, message, source, scheme=scheme)
    return source


def _broken(rule: Rule, address: str) -> Fault:
    """The fault of an address with a tab or a line break: some programs drop it, others end the address there."""
    shown = short(_BREAKS.sub("·", address))
    return Fault(rule, "“{address}” holds a tab or a line break (·)", {"address": shown}, address)


def _scheme(address: str) -> str:
    match = _SCHEME.match(address)
    return match[1].lower() if match else ""


def _web(address: str) -> str | Fault:
    match = _WEB.fullmatch(address)
    if not match or not match[2]:
        return _fault(rules.LINK_ADDRESS, "“{address}” names no host: https://host/path is expected", address)
    match = _WEB.fullmatch(normalizeLink(address))
    if not match:
        return _fault(rules.LINK_ADDRESS, "“{address}” is no web address", address)
    scheme, authority, rest = match[1].lower(), match[2].lower(), match[3]
    if "@" in match[2]:
        user, _, host = match[2].rpartition("@")
        if ":" in user:
            shown = {"address": short(f"{scheme}://…@{host.lower()}{rest}")}
            return Fault(rules.LINK_CREDENTIALS, "“{address}” carries a password before the host", shown, address)
        authority = f"{user}@{host.lower()}"
    href = f"{scheme}://{authority}{rest}"
    try:
        parts = urlsplit(href)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        return _fault(rules.LINK_ADDRESS, "“{address}” is no web address: {problem}", address, problem=str(error))
    bare = f"[{host}]" if ":" in host else host
    if not _HOST.fullmatch(bare) or ".." in bare or not href.isascii():
        return _fault(rules.LINK_ADDRESS, "“{address}” has no valid host name", address)
    return href


def _unknown(scheme: str, address: str) -> Fault:
    if _BARE_HOST.match(address) or scheme == "localhost":
        return _fault(rules.LINK_RELATIVE, "“{address}” lacks its scheme: write https://{address}", address)
    near = difflib.get_close_matches(scheme, SCHEMES, n=1, cutoff=0.6)
    if near:
        message = "“{scheme}:” cannot be linked ({address}); {near}: was meant?"
        return _fault(rules.LINK_SCHEME, message, address, scheme=scheme, near=near[0])
    return _fault(rules.LINK_SCHEME, "“{scheme}:” cannot be linked ({address})", address, scheme=scheme)


def _incomplete(address: str) -> Fault:
    if not address:
        return Fault(rules.LINK_ADDRESS, "the link has no address")
    if address.startswith("//"):
        return _fault(rules.LINK_RELATIVE, "“{address}” lacks its scheme: write https:{address}", address)
    if address.startswith("#"):
        message = "“{address}” points into this page, which mail and WeChat cannot do"
        return _fault(rules.LINK_RELATIVE, message, address)
    host = address.split("/", 1)[0]
    if "@" in host and "." in host:
        return _fault(rules.LINK_RELATIVE, "“{address}” lacks its scheme: write mailto:{address}", address)
    known_file = host.rsplit(".", 1)[-1].lower() in _FILE_NAMES and "/" not in address
    if _BARE_HOST.match(address) and not known_file:
        return _fault(rules.LINK_RELATIVE, "“{address}” lacks its scheme: write https://{address}", address)
    return _fault(rules.LINK_RELATIVE, "“{address}” is relative: outside this folder it leads nowhere", address)


def short(address: str) -> str:
    """At most 80 characters of what a message quotes."""
    return address if len(address) <= 80 else f"{address[:79]}…"
