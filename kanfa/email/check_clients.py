"""What mail programs make of the mail: one finding for each feature that some of them lack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kanfa.email import client_rules
from kanfa.email.clients.detect import Use, uses
from kanfa.email.clients.exempt import NAMED
from kanfa.email.clients.support import NOTED, REQUIRED, WANTED, support
from kanfa.email.contrast import colours, inverted, ratio
from kanfa.email.dom import Element, in_class, names
from kanfa.email.limits import CONTRAST_INVERTED
from kanfa.email.mail import Mail
from kanfa.findings import Finding

LEVELS: Final = {
    REQUIRED: client_rules.CLIENT_REQUIRED,
    WANTED: client_rules.CLIENT_WANTED,
    NOTED: client_rules.CLIENT_NOTED,
}
SAYS: Final = {
    (True, False): "{feature}, {count}× ({place}): not in {failing}",
    (False, True): "{feature}, {count}× ({place}): only partly in {partial}",
    (True, True): "{feature}, {count}× ({place}): not in {failing}; only partly in {partial}",
}
"""By whether some client lacks the feature, and whether some knows part of it."""
BLOCKS: Final = names("p li td th h1 h2 h3 h4 h5 h6 pre dd dt")
"""What begins with words of its own, by which its line is found."""
THEME: Final = "templates/email/theme.css"
TEMPLATES: Final = "templates/email/"


def check(mail: Mail) -> Iterator[Finding]:
    """Findings EML100–EML103."""
    yield from _features(mail)
    yield from _inverted(mail)


def _features(mail: Mail) -> Iterator[Finding]:
    known = support(mail.publication.email.clients)
    found: dict[str, list[tuple[str, Use]]] = {}
    for key, use in uses(mail).items():
        if key in known.table.slugs:
            found.setdefault(known.table.slugs[key], []).append((key, use))
    for slug, places in found.items():
        feature = known.table.features[slug]
        element = next((use.element for _, use in places if use.element is not None), None)
        verdict = known.verdict(feature, in_blocks_only=element is None)
        if verdict.level not in LEVELS or (verdict.level == REQUIRED and slug in NAMED):
            continue
        key, use = next((key, use) for key, use in places if use.element is element)
        line, place = _place(mail, key, use)
        yield LEVELS[verdict.level].at(
            line,
            SAYS[bool(verdict.failing), bool(verdict.partial)],
            element=mail.path(element) if element is not None else "",
            feature=feature.title,
            count=sum(use.count for _, use in places),
            place=place,
            failing=known.table.names(verdict.failing),
            partial=known.table.names(verdict.partial),
        )


def _place(mail: Mail, key: str, use: Use) -> tuple[int, str]:
    """The line of issue.md that causes a use, and where to look; line 1 for what theme and templates bring."""
    element = use.element
    if element is None:
        return 1, f"{THEME}, <style> {use.block}"
    if key.split(maxsplit=1)[0] not in {"tag", "attribute", "input", "link", "image"}:
        return 1, f"{THEME}, <{element.tag}>"
    if in_class(element, "copy"):
        return _line(mail, element), f"<{element.tag}>"
    return 1, f"{TEMPLATES}, <{element.tag}>"


def _line(mail: Mail, element: Element) -> int:
    if element.tag == "img":
        return mail.line_of_image(element.get("alt") or "", element.get("src") or "")
    if element.tag == "a":
        return mail.line_of_link(element.get("href") or "")
    block = next((node for node in (element, *element.iterancestors()) if node.tag in BLOCKS), element)
    text = next((piece.strip() for piece in block.itertext() if piece.strip()), "")
    return mail.line_of_text(text) if text else 1


def _inverted(mail: Mail) -> Iterator[Finding]:
    """Text that loses its contrast where a program turns the lightness of every colour round."""
    seen: dict[tuple[str, str], None] = {}
    for element, text in mail.texts:
        pair = colours(element, mail.styles)
        if pair in seen or not text.strip():
            continue
        seen[pair] = None
        try:
            value = ratio(*map(inverted, pair))
            by_day = ratio(*pair)
        except ValueError:  # rule EML060 names colours that are none
            continue
        # what is too faint by day is rule EML060's
        if value < CONTRAST_INVERTED <= by_day:
            colour, back = pair
            shown = {"colour": colour, "back": back, "ratio": f"{value:.2f}", "text": text.strip()[:20]}
            message = "{colour} on {back}, turned round: {ratio}:1 (“{text}”)"
            yield client_rules.INVERTED_CONTRAST.at(1, message, element=mail.path(element), **shown)
