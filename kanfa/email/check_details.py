"""Details of markup, pictures and preheader that the larger families leave to this one."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import Final

from PIL import Image, ImageStat

from kanfa.email import detail_rules
from kanfa.email.check_links import CHROME
from kanfa.email.contrast import BLACK, WHITE, colours, dark_styles, ratio
from kanfa.email.dom import Element, classes, in_class, names, parse_html, words
from kanfa.email.images import pictures
from kanfa.email.limits import (
    ENCODED_LINE_OCTETS,
    FILLERS_MOST,
    LINE_HEIGHTS,
    LOGO_PIXELS,
    LOGO_SIDE,
    OUTLOOK_BORDER_PX,
    TEXT_PX,
)
from kanfa.email.mail import HIDDEN, Mail
from kanfa.findings import Finding
from kanfa.labels import is_chinese

PIXELS: Final = re.compile(r"(?:\d+(?:px|%)?|0|auto|none)")
"""Measures that every program takes."""
BORDER: Final = re.compile(r"(\d+(?:\.\d+)?)px")
FILLER: Final = "\u200c"
VAGUE: Final = names(
    "点击 点击这里 点这里 点我 戳这里 戳我 这里 此处 链接 查看 详情 查看详情 更多 了解更多 阅读更多 原文 地址 "
    "传送门 here link more this read details"
) | {"click here", "read more", "learn more", "see more", "this link", "more info"}
"""Words of links that name nothing."""
EMOJI: Final = re.compile("[\u2190-\u2bff\u3030\u303d\ufe0f\u200d\U0001f000-\U0001faff\\s\\W]+")
TRANSPARENT: Final = frozenset({4, 6})
"""Colour types of PNG with an alpha channel (PNG 3rd edition, 11.2.1)."""
INK_CONTRAST: Final = 3.0


def check(mail: Mail) -> Iterator[Finding]:
    """Findings EML110–EML122."""
    yield from _elements(mail)
    yield from _styles(mail)
    yield from _lines(mail)
    yield from _links_and_headings(mail)
    yield from _pictures(mail)
    yield from _message(mail)
    yield from _trackers(mail)


def _elements(mail: Mail) -> Iterator[Finding]:
    for image in (element for element in mail.body if element.tag == "img" and element.get("srcset") is not None):
        line = mail.line_of_image(image.get("alt") or "", image.get("src") or "")
        yield detail_rules.SRCSET.at(line, "srcset on a picture", element=mail.path(image))


def _styles(mail: Mail) -> Iterator[Finding]:
    """One finding for each declaration with its count, as `check_style` does it."""
    found: dict[tuple[str, str, str], list[Element]] = {}
    for element, style in mail.styles.items():
        for kind, name in _faults(element, style):
            found.setdefault((kind, name, style[name]), []).append(element)
    for (kind, name, value), places in found.items():
        where, shown = mail.path(places[0]), {"name": name, "value": value}
        rule = RULES_OF[kind]
        if rule is detail_rules.HIDDEN_IN_OUTLOOK:
            yield rule.at(1, "display:none without mso-hide:all ×{count}", element=where, count=len(places))
        else:
            yield rule.at(
                1, "{name}: {value} on <{tag}> ×{count}", element=where, tag=places[0].tag, **shown, count=len(places)
            )


RULES_OF: Final = {
    "measure": detail_rules.MEASURE,
    "hidden": detail_rules.HIDDEN_IN_OUTLOOK,
    "border": detail_rules.OUTLOOK_BORDER,
    "background": detail_rules.BACKGROUND,
}


def _faults(element: Element, style: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Kind of fault and name of the declaration."""
    for name in ("width", "height"):
        # the size of a formula in a line follows the text; its attributes give Outlook whole pixels
        if name in style and element.tag != "img" and not PIXELS.fullmatch(style[name]):
            yield "measure", name
    if element.tag == "table" and "auto" in style.get("margin", "") and not _centred(element):
        yield "measure", "margin"
    if style.get("display") == "none" and style.get("mso-hide") != "all":
        yield "hidden", "display"
    for name, value in style.items():
        if name.startswith("border") and "radius" not in name and name != "border-spacing":
            sizes = BORDER.findall(value)
            if sizes and max(map(float, sizes)) > OUTLOOK_BORDER_PX:
                yield "border", name
    # the engine writes both, or a bgcolor attribute beside the shorthand
    alone = "background" in style and "background-color" not in style and element.get("bgcolor") is None
    if alone and style["background"] not in {"none", "transparent"}:
        yield "background", "background"


def _centred(table: Element) -> bool:
    return any(node.get("align") == "center" for node in (table, *table.iterancestors("td")))


def _lines(mail: Mail) -> Iterator[Finding]:
    if not is_chinese(mail.issue.language):
        return
    for element, _ in mail.texts:
        if element.tag not in {"p", "li"} or not in_class(element, "copy"):
            continue
        value, size = mail.effective(element, "line-height"), mail.effective(element, "font-size")
        if size != f"{TEXT_PX}px":  # labels and captions stand closer
            continue
        ratio_of = _ratio(value, size)
        if ratio_of and not LINE_HEIGHTS[0] <= round(ratio_of, 2) <= LINE_HEIGHTS[1]:
            message = "line-height: {value} for text of {size}"
            yield detail_rules.LINE_RATIO.at(1, message, element=mail.path(element), value=value, size=size)
            return


def _ratio(value: str, size: str) -> float | None:
    """Line height as a multiple of the size; None where either is of another unit."""
    try:
        return float(value.removesuffix("px")) / float(size.removesuffix("px")) if "px" in value else float(value)
    except (ValueError, ZeroDivisionError):
        return None


def _links_and_headings(mail: Mail) -> Iterator[Finding]:
    said: set[str] = set()  # an issue that ends every item with such a link needs to be told once
    for link in (element for element in mail.body if element.tag == "a" and CHROME not in classes(element)):
        text = words(link)
        if text not in said and text.strip("。.，,！!>»→ ").lower() in VAGUE:
            said.add(text)
            href = link.get("href") or ""
            shown = {"element": mail.path(link), "quote": text, "text": text, "href": href[:80]}
            yield detail_rules.VAGUE_LINK.at(mail.line_of_link(href), "“{text}” leads to {href}", **shown)
    for heading in (element for element in mail.body if element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}):
        text = words(heading)
        if text and EMOJI.fullmatch(text):
            line = mail.line_of_text(text)
            yield detail_rules.EMOJI_HEADING.at(line, "“{text}”", element=mail.path(heading), quote=text, text=text)


def _pictures(mail: Mail) -> Iterator[Finding]:
    night: str | None = None
    for name, data in mail.files.items():
        if name.startswith("images/") and data[:4] == b"GIF8" and _starts_empty(data):
            message = "the first frame of {name} is of one colour"
            yield detail_rules.GIF_START.at(_line_of_file(mail, name), message, name=name)
        elif name.startswith("images/") and data[1:4] == b"PNG" and data[25:26] and data[25] in TRANSPARENT:
            ink = _ink(data)
            if not ink:
                continue
            night = night or _night_ground(mail)
            if ratio(ink, night) < INK_CONTRAST <= ratio(ink, WHITE):
                message = "{name}: ink of {ink} on {back} by night"
                yield detail_rules.DARK_INK.at(_line_of_file(mail, name), message, name=name, ink=ink, back=night)


def _line_of_file(mail: Mail, name: str) -> int:
    """Line of the first picture whose file in the mail has that name. Looked up for faults alone: that is slow."""
    source = next((one.src for one in pictures(mail.issue).values() if f"images/{one.name}" == name), "")
    return mail.line_of_image("", source)


def _night_ground(mail: Mail) -> str:
    """The background of the text by night."""
    copy = next((element for element in mail.body if "copy" in classes(element)), None)
    back = colours(copy, dark_styles(mail))[1] if copy is not None else BLACK
    try:
        ratio(back, WHITE)
    except ValueError:  # rule EML060 names colours that are none
        return BLACK
    return back


def _starts_empty(data: bytes) -> bool:
    """Whether a moving picture begins with a frame of one colour. Bytes that are no picture say nothing."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            moving = getattr(image, "is_animated", False)
            return moving and all(low == high for low, high in ImageStat.Stat(image.convert("RGB")).extrema)
    except (OSError, ValueError):
        return False


def _ink(data: bytes) -> str:
    """The mean colour of what a picture with a transparent ground shows; empty where its ground is opaque."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > LOGO_PIXELS:
                return ""
            small = image.convert("RGBA")
    except (OSError, ValueError):
        return ""
    small.thumbnail((LOGO_SIDE, LOGO_SIDE))
    alpha = small.getchannel("A")
    corners = [alpha.getpixel((x, y)) for x in (0, small.width - 1) for y in (0, small.height - 1)]
    if any(corners) or not alpha.getextrema()[1]:
        return ""
    mean = ImageStat.Stat(small.convert("RGB"), alpha.point(lambda value: 255 if value > 127 else 0)).mean
    return "#" + "".join(f"{round(value):02x}" for value in mean)


def _message(mail: Mail) -> Iterator[Finding]:
    data = mail.files.get("email.eml", b"")
    head, _, body = data.partition(b"\r\n\r\n")
    encoded = b"base64" in body or b"base64" in head
    longest = max(map(len, body.split(b"\r\n")), default=0) if encoded else 0
    if longest > ENCODED_LINE_OCTETS:
        message = "a line of {count} characters, at most {most}"
        yield detail_rules.ENCODED_LINE.at(1, message, count=longest, most=ENCODED_LINE_OCTETS)
    fillers = max((_fillers(element) for element in _preheaders(mail.body)), default=0)
    if fillers > FILLERS_MOST:
        message = "{count} invisible pairs, better at most {most}"
        yield detail_rules.FILLER.at(1, message, count=fillers, most=FILLERS_MOST)
    if "\u00a0\u200c" in mail.files.get("email.txt", b"").decode(errors="replace"):
        yield detail_rules.FILLER.at(1, "the filler stands in email.txt too")


def _preheaders(body: Iterable[Element]) -> Iterator[Element]:
    return (element for element in body if HIDDEN in classes(element))


def _fillers(element: Element) -> int:
    return (element.text or "").count(FILLER)


def _trackers(mail: Mail) -> Iterator[Finding]:
    page = mail.files.get("web.html", b"")
    if not page:
        return
    for element in parse_html(page.decode(errors="replace")).iter("script", "iframe", "img"):
        if element.get("type") == "application/ld+json":  # data for search engines; no browser runs it
            continue
        tiny = {element.get("width"), element.get("height")} & {"0", "1"}
        if element.tag != "img" or tiny:
            yield detail_rules.TRACKER.at(1, "<{tag}> in web.html", tag=element.tag)
