"""The body of a foreign issue, made canonical line by line: headings, a site generator's tags, addresses.

Nothing inside code is touched, and the number of lines before a place is known for each change, so that every
decision names the line of the foreign file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from kanfa.desk import import_rules as rules
from kanfa.findings import Finding
from kanfa.issue.markdown import parse

_TAG = re.compile(
    r"\{\{[<%]\s*(?P<hugo>/?\s*[\w-]+)(?P<rest>[^{}]*?)/?\s*[>%]\}\}"
    r"|\{%-?\s*(?P<jekyll>\w+)(?P<args>[^{}]*?)-?%\}"
    r"|\{\{-?\s*(?P<call>[A-Za-z_][\w.]*)\s*(?:\((?P<given>[^{}]*)\))?(?P<more>[^{}]*)\}\}"
)
"""A tag of Hugo, of Jekyll and Zola, and what Jekyll and Zola put in the place of a name or a call."""
_OPEN_TAG = re.compile(r"\{\{[<%](?:(?![>%]\}\}).)*$")
_CLOSED = re.compile(r"[>%]\}\}")
_MOST_LINES = 40
"""Lines that one tag may take."""
_ENDS = {"highlight": ("/highlight", "endhighlight")}
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
_DESTINATION = re.compile(
    r"(?:(?<=\]\()[ \t]*|^ {0,3}\[(?:\\.|[^\[\]\\])+\]:[ \t]*)"
    r"(?P<to><(?:\\.|[^<>\\])*>|(?:\\.|[^\s()<>\\]|\((?:\\.|[^\s()\\])*\))+)"
)
"""The address of a link, picture or definition as it is written."""
_PELICAN = re.compile(r"[{|](?:filename|static|attach|author|category|tag|index)[}|]", re.IGNORECASE)
_FIGURE = frozenset(
    {"src", "link", "target", "rel", "alt", "title", "caption", "class", "height", "width", "loading", "attr", "id"}
)
"""What a figure may be given; those that only say how it looks are not kept."""
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


def _is_code(line: str, at: int) -> bool:
    """Whether the character at the 0-based place `at` stands in code within the line."""
    return any(span.start() <= at < span.end() for span in _CODE_SPAN.finditer(line))


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
    one, more = "a heading was set one level lower", "{count} headings were set one level lower"
    body.findings.append(
        rules.HEADINGS_MOVED.at(first, more, count=len(spans))
        if len(spans) > 1
        else rules.HEADINGS_MOVED.at(first, one)
    )
    for (start, end), level, content in reversed(spans):
        hashes = "#" * min(6, level + 1)
        atx = _ATX.match(body.lines[start])
        if atx:
            body.lines[start] = f"{atx[1]}{hashes}{atx[3]}"
        else:  # underlined with = or -
            body.lines[start:end] = [f"{hashes} {' '.join(content.split())}", *[""] * (end - start - 1)]


def translate_tags(body: Body) -> None:
    """Turn the tags of Hugo, Jekyll and Zola that stand for content into Markdown; report every other one."""
    code = body.code_lines()
    _join_tags(body, code)
    raw = False
    skipped = -1
    for index, line in enumerate(body.lines):
        if index in code or index <= skipped:
            continue
        if not raw and (end := _code_until(body, index)):
            skipped = end
            continue

        def changed(match: re.Match[str], number: int = index + 1, line: str = line) -> str:
            nonlocal raw
            name = (match["hugo"] or match["jekyll"] or match["call"]).replace(" ", "")
            if _is_code(line, match.start()) or (raw and name != "endraw"):
                return match[0]
            raw = name == "raw" or (raw and name != "endraw")
            written = match[0] if len(match[0]) <= 80 else f"{match[0][:79]}…"
            arguments = match["rest"] if match["hugo"] else match["args"] if match["jekyll"] else match["given"]
            made = _meaning(name, arguments or "")
            if made is None:
                message = "{tag} was left as it is written"
                body.findings.append(rules.SHORTCODE_LEFT.at(number, message, quote=written, tag=written))
                return match[0]
            _report(body, number, written, made)
            return made

        body.lines[index] = _TAG.sub(changed, line)


def _report(body: Body, number: int, written: str, made: str) -> None:
    message = "{tag} became {made}"
    shown = made.strip().split("\n")[0] or "nothing"
    body.findings.append(rules.SHORTCODE.at(number, message, quote=written, tag=written, made=shown))


def _join_tags(body: Body, code: set[int]) -> None:
    """Write a tag that goes over several lines on its first one; the others become blank."""
    for index, line in enumerate(body.lines):
        found = None if index in code else _OPEN_TAG.search(line)
        if found is None or _is_code(line, found.start()):
            continue
        rest = body.lines[index + 1 : index + _MOST_LINES]
        last = next((at for at, text in enumerate(rest, index + 1) if not text.strip() or _CLOSED.search(text)), index)
        if last > index and body.lines[last].strip():
            body.lines[index] = " ".join(text.strip() for text in body.lines[index : last + 1])
            body.lines[index + 1 : last + 1] = [""] * (last - index)
            code.difference_update(range(index, last + 1))


def _code_until(body: Body, index: int) -> int:
    """Turn a generator's code, which begins with a tag alone on the line, into a fence; index of its last line, or 0.

    Code whose end is missing stays as it is written: as a fence it would swallow all that follows.
    """
    opening = _alone(body.lines[index])
    name = ((opening["hugo"] or opening["jekyll"] or "") if opening else "").strip()
    if opening is None or name not in _ENDS:
        return 0
    for end in range(index + 1, len(body.lines)):
        closing = _alone(body.lines[end])
        if closing and (closing["hugo"] or closing["jekyll"] or "").replace(" ", "") in _ENDS[name]:
            break
    else:
        return 0
    inside = "\n".join(body.lines[index + 1 : end])
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", inside)), default=0))
    language = re.match(r"\s*([\w+#.-]+)", opening["rest"] if opening["hugo"] else opening["args"])
    for at, tag, made in ((index, opening, fence + (language[1] if language else "")), (end, closing, fence)):
        body.lines[at] = body.lines[at].partition(tag[0])[0] + made
    _report(body, index + 1, opening[0], body.lines[index].strip())
    return end


def _alone(line: str) -> re.Match[str] | None:
    """The tag that is all the line holds."""
    return _TAG.fullmatch(line.strip())


def _meaning(name: str, arguments: str) -> str | None:
    """Markdown for a generator's tag, or None for one that is not known, or not wholly."""
    named: dict[str, str] = {}
    bare: list[str] = []
    for match in _ARGUMENT.finditer(arguments.replace(",", " ") if "=" in arguments else arguments):
        if match[1]:
            named[match[1]] = next(value for value in (match[2], match[3], match[4]) if value is not None)
        else:
            bare.append(next(value for value in (match[5], match[6], match[7]) if value is not None))
    match name:
        case "figure" | "image" | "img":
            return _figure(named, bare)
        case "youtube" | "bilibili" | "vimeo":
            video = named.get("id") or (bare[0] if bare else "")
            hosts = {"youtube": "https://www.youtube.com/watch?v=", "bilibili": "https://www.bilibili.com/video/"}
            if named.keys() - {"id"} or len(bare) > ("id" not in named):  # words of the tag would be lost
                return None
            return f"<{hosts.get(name, 'https://vimeo.com/')}{video}>" if re.fullmatch(r"[\w-]+", video) else None
        case "raw" | "endraw":
            return ""
    return None


def _figure(named: Mapping[str, str], bare: list[str]) -> str | None:
    """A picture with its caption and its link; None when a word of the tag would be lost."""
    source = named.get("src") or (bare[0] if bare else "")
    if not source or len(bare) > ("src" not in named) or not named.keys() <= _FIGURE:
        return None
    caption = " ".join(filter(None, (named.get("title"), named.get("caption"), named.get("attr"))))
    words = named.get("alt") or named.get("caption") or named.get("title") or ""
    quoted = caption.replace("\\", "\\\\").replace('"', '\\"')
    label = re.sub(r"([\\\[\]])", r"\\\1", words)
    picture = f"![{label}]({_bracketed(source)}" + (f' "{quoted}")' if caption else ")")
    return f"[{picture}]({_bracketed(named['link'])})" if named.get("link") else picture


def _bracketed(address: str) -> str:
    """The address between `<` and `>`, where it may hold anything."""
    return "<" + re.sub(r"([\\<>])", r"\\\1", address) + ">"


def addresses(body: Body) -> Iterator[tuple[int, str, bool]]:
    """Every address of a link or picture that is not absolute: index of its block's first line, address, picture?"""
    for token in body.tokens():
        if token.type != "inline" or token.map is None:
            continue
        for child in _inner(token.children or []):
            name = {"image": "src", "link_open": "href"}.get(child.type)
            written = str(child.attrs.get(name, "")) if name else ""
            if written and _is_relative(written):
                yield token.map[0], written, child.type == "image"


def _is_relative(address: str) -> bool:
    if address.startswith(("#", "//")):
        return False
    try:
        return not urlsplit(address).scheme
    except ValueError:  # no address at all; the reader has words for it
        return False


def _inner(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _inner(token.children or [])


def plain(written: str) -> str:
    """A foreign address without what Pelican writes before it: `{static}/images/a.png`."""
    found = _PELICAN.match(written)
    return written[found.end() :] if found else written


def replace_address(
    body: Body, first: int, old: str, new: str, code: Collection[int] = (), *, picture: bool = False
) -> bool:
    """Write `new` for the first `old` that stands as an address from line index `first` on; whether there was one.

    Lines whose index is in `code`, and code within a line, are passed over.
    """
    for index in [*range(first, len(body.lines)), *range(first)]:
        line = body.lines[index]
        if index in code:
            continue
        for match in _DESTINATION.finditer(line):
            written = match["to"]
            inner = written[1:-1] if written.startswith("<") else written
            at = match.start("to")
            if unescapeAll(inner) == old and not _is_code(line, at) and _may_be(line, at, picture=picture):
                bare = written[0] != "<" and not re.search(r"[\s()<>\\]", new)
                body.lines[index] = line[: match.start("to")] + (new if bare else _bracketed(new)) + line[match.end() :]
                return True
    return False


def _may_be(line: str, at: int, *, picture: bool) -> bool:
    """Whether the address at `at` may be that of a picture, or of a link; that of a definition may be both."""
    end = len(line[:at].rstrip(" \t")) - 1
    if line[end - 1 : end + 1] != "](":
        return True
    depth = 0
    for place in range(end - 1, -1, -1):
        depth += (line[place] == "]") - (line[place] == "[")
        if not depth:
            return (line[max(0, place - 1) : place] == "!") is picture
    return True  # its words begin on a line before


def resolve_links(body: Body, base: str) -> None:
    """Make relative links absolute with the address of the site they come from."""
    code = body.code_lines()
    for first, written, is_picture in list(addresses(body)):
        if is_picture:
            continue
        if _PELICAN.match(written):
            message = "{tag} was left as it is written"
            body.findings.append(rules.SHORTCODE_LEFT.at(first + 1, message, quote=written, tag=written))
        elif replace_address(body, first, written, absolute := urljoin(base, written), code):
            message = "the relative link {written} became {absolute}"
            body.findings.append(
                rules.LINK_RESOLVED.at(first + 1, message, quote=written, written=written, absolute=absolute)
            )


def move_pictures(body: Body, found: Mapping[str, str]) -> None:
    """Name each picture of `found` (address as written → path beside the issue); report those that were not found."""
    code = body.code_lines()
    for first, written, is_picture in list(addresses(body)):
        if not is_picture:
            continue
        new = found.get(written)
        if new is None:
            message = "the picture {written} was not found beside the file"
            body.findings.append(rules.PICTURE_MISSING.at(first + 1, message, quote=written, written=written))
        elif new == written or replace_address(body, first, written, new, code, picture=True):
            message = "the picture {written} was copied to {new}"
            body.findings.append(rules.PICTURE_COPIED.at(first + 1, message, quote=written, written=written, new=new))
