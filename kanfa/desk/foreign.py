"""The body of a foreign issue, made canonical line by line: headings, a site generator's tags, addresses.

Nothing inside code is touched, and the number of lines before a place is known for each change, so that every
decision names the line of the foreign file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from markdown_it.token import Token

from kanfa.desk import import_rules as rules
from kanfa.findings import Finding
from kanfa.issue.markdown import parse

_TAG = re.compile(
    r"\{\{[<%]\s*(?P<hugo>/?\s*[\w-]+)(?P<rest>[^{}]*?)/?\s*[>%]\}\}"
    r"|\{%-?\s*(?P<jekyll>\w+)(?P<args>[^{}]*?)-?%\}"
)
_ARGUMENT = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))|"([^"]*)"|'([^']*)'|(\S+)""")
_ATX = re.compile(r"( {0,3})(#{1,6})([ \t].*|)$")


@dataclass(slots=True)
class Body:
    """The lines of a foreign body while they are changed; `lines[0]` is line 1 of the foreign file."""

    lines: list[str]
    findings: list[Finding] = field(default_factory=list)

    def tokens(self) -> list[Token]:
        """The block tokens as the lines stand now."""
        return parse("\n".join(self.lines))[0]

    def code_lines(self) -> set[int]:
        """Indexes of the lines that are code."""
        spans = [token.map for token in self.tokens() if token.type in {"fence", "code_block"} and token.map]
        return {line for first, end in spans for line in range(first, end)}


def take_title(body: Body, title: str) -> None:
    """Blank the level 1 heading that says the title again; the reader would take it out anyway."""
    tokens = body.tokens()
    headings = [index for index, token in enumerate(tokens) if token.type == "heading_open"]
    first = next((index for index in headings if tokens[index].tag == "h1"), None)
    if first is None or first != headings[0] or sum(tokens[index].tag == "h1" for index in headings) > 1:
        return
    span, inline = tokens[first].map, tokens[first + 1]
    if span and " ".join(inline.content.split()) == " ".join(title.split()):
        body.findings.append(rules.TITLE_MOVED.at(span[0] + 1, "the heading “{title}” became the title", title=title))
        body.lines[span[0] : span[1]] = [""] * (span[1] - span[0])


def lower_headings(body: Body) -> None:
    """Set every heading one level lower when sections are written at level 1."""
    tokens = body.tokens()
    spans = [
        (token.map, int(token.tag[1]), tokens[index + 1].content)
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.map and token.level == 0
    ]
    if not any(level == 1 for _, level, _ in spans):
        return
    first = next(span[0] + 1 for span, level, _ in spans if level == 1)
    message = "{count} headings were set one level lower"
    body.findings.append(rules.HEADINGS_MOVED.at(first, message, count=len(spans)))
    for (start, end), level, content in reversed(spans):
        hashes = "#" * min(6, level + 1)
        atx = _ATX.match(body.lines[start])
        if atx:
            body.lines[start] = f"{atx[1]}{hashes}{atx[3]}"
        else:  # underlined with = or -
            body.lines[start:end] = [f"{hashes} {' '.join(content.split())}", *[""] * (end - start - 1)]


def translate_tags(body: Body) -> None:
    """Turn the tags of Hugo and Jekyll that stand for content into Markdown; report every other one."""
    code = body.code_lines()
    fenced = False
    for index, line in enumerate(body.lines):
        if index in code or (fenced and "endhighlight" not in line and "/highlight" not in line):
            continue

        def changed(match: re.Match[str], number: int = index + 1) -> str:
            name = (match["hugo"] or match["jekyll"]).replace(" ", "")
            written = match[0] if len(match[0]) <= 80 else f"{match[0][:79]}…"
            made = _meaning(name, match["rest"] if match["hugo"] else match["args"])
            if made is None:
                message = "{tag} was left as it is written"
                body.findings.append(rules.SHORTCODE_LEFT.at(number, message, quote=written, tag=written))
                return match[0]
            message = "{tag} became {made}"
            shown = made.strip().split("\n")[0] or "nothing"
            body.findings.append(rules.SHORTCODE.at(number, message, quote=written, tag=written, made=shown))
            return made

        body.lines[index] = _TAG.sub(changed, line)
        if body.lines[index] != line and body.lines[index].startswith("```"):
            fenced = not fenced  # what stands between a generator's two tags is code now


def _meaning(name: str, arguments: str) -> str | None:
    """Markdown for a generator's tag, or None for one that is not known."""
    named: dict[str, str] = {}
    bare: list[str] = []
    for match in _ARGUMENT.finditer(arguments):
        if match[1]:
            named[match[1]] = next(value for value in (match[2], match[3], match[4]) if value is not None)
        else:
            bare.append(next(value for value in (match[5], match[6], match[7]) if value is not None))
    match name:
        case "figure" | "image" | "img":
            source = named.get("src") or named.get("link") or (bare[0] if bare else "")
            words = named.get("alt") or named.get("caption") or named.get("title") or ""
            caption = named.get("caption") or named.get("title") or ""
            shown = f' "{caption.replace(chr(34), "”")}"' if caption else ""
            return f"![{words}](<{source}>{shown})" if source else None
        case "youtube" | "bilibili" | "vimeo":
            video = named.get("id") or (bare[0] if bare else "")
            hosts = {"youtube": "https://www.youtube.com/watch?v=", "bilibili": "https://www.bilibili.com/video/"}
            return f"<{hosts.get(name, 'https://vimeo.com/')}{video}>" if re.fullmatch(r"[\w-]+", video) else None
        case "highlight":
            return f"```{bare[0] if bare else ''}"
        case "endhighlight" | "/highlight":
            return "```"
        case "raw" | "endraw":
            return ""
    return None


def addresses(body: Body) -> Iterator[tuple[int, str, bool]]:
    """Every address of a link or picture that is not absolute: index of its block's first line, address, picture?"""
    for token in body.tokens():
        if token.type != "inline" or token.map is None:
            continue
        for child in _inner(token.children or []):
            name = {"image": "src", "link_open": "href"}.get(child.type)
            written = str(child.attrs.get(name, "")) if name else ""
            if written and not urlsplit(written).scheme and not written.startswith(("#", "//")):
                yield token.map[0], written, child.type == "image"


def _inner(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _inner(token.children or [])


def replace_address(body: Body, first: int, old: str, new: str) -> bool:
    """Write `new` for the first `old` that stands as an address from line index `first` on; whether there was one."""
    pattern = re.compile(rf"(?<=\()(<?){re.escape(old)}(>?)(?=[\s)])|^(\s*\[[^\]]+\]:\s*<?){re.escape(old)}(?=[>\s]|$)")
    for index in [*range(first, len(body.lines)), *range(first)]:
        fresh, count = pattern.subn(lambda m: f"{m[1] or ''}{new}{m[2] or ''}" if m[3] is None else m[3] + new,
                                    body.lines[index], count=1)  # fmt: skip
        if count:
            body.lines[index] = fresh
            return True
    return False


def resolve_links(body: Body, base: str) -> None:
    """Make relative links absolute with the address of the site they come from."""
    for first, written, is_picture in list(addresses(body)):
        if not is_picture and replace_address(body, first, written, absolute := urljoin(base, written)):
            message = "the relative link {written} became {absolute}"
            body.findings.append(
                rules.LINK_RESOLVED.at(first + 1, message, quote=written, written=written, absolute=absolute)
            )


def move_pictures(body: Body, found: Mapping[str, str]) -> None:
    """Name each picture of `found` (address as written → path beside the issue); report those that were not found."""
    for first, written, is_picture in list(addresses(body)):
        if not is_picture:
            continue
        new = found.get(written)
        if new is None:
            message = "the picture {written} was not found beside the file"
            body.findings.append(rules.PICTURE_MISSING.at(first + 1, message, quote=written, written=written))
        elif new == written or replace_address(body, first, written, new):
            message = "the picture {written} was copied to {new}"
            body.findings.append(rules.PICTURE_COPIED.at(first + 1, message, quote=written, written=written, new=new))
