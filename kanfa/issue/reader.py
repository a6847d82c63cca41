"""The reader: the bytes of an issue file → its text → the typed tree, with everything odd as findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kanfa.errors import Place, SourceError
from kanfa.findings import Finding, ordered
from kanfa.issue import front_matter, rules
from kanfa.issue.budget import refuse_too_much
from kanfa.issue.lower import Lowering
from kanfa.issue.markdown import parse
from kanfa.issue.meta import Meta, read_meta
from kanfa.issue.model import Issue
from kanfa.issue.numbers import number_in, of_file, trailing_number
from kanfa.issue.raw import BIDI, CONTROLS
from kanfa.issue.references import references_of
from kanfa.issue.sections import Title, divide, flat, take_title
from kanfa.issue.tree import TreeBuilder
from kanfa.publication import Publication

MAX_BYTES = 1024 * 1024
"""Largest issue file; the longest issue of 4 400 counted ones has 291 KB."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What the reader made of a source."""

    issue: Issue
    findings: tuple[Finding, ...] = ()


def decode(data: bytes, file: str) -> str:
    """The text of an issue file: UTF-8 with or without byte order mark, line ends made `\\n`.

    Raises SourceError, with line and cure, for more than `MAX_BYTES`, for binary data and for any other encoding.
    """
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data):,} bytes; an issue may have {MAX_BYTES:,} (1 MiB). Is it the right file?"
        raise SourceError(message, Place(file, 1))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(f"the file is UTF-16 (first byte 0x{data[0]:02X}); save the file as UTF-8", Place(file, 1))
    data = data.removeprefix(b"\xef\xbb\xbf")
    if (at := data.find(b"\x00")) >= 0:
        message = "a NUL byte (0x00): this is no text file, or not UTF-8; save the file as UTF-8"
        raise _undecodable(message, data, at, file)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        name, encoding = _likely(data)
        message = f"the byte 0x{byte:02X} is no UTF-8 (it looks like {name}); save the file as UTF-8"
        raise _undecodable(message, data, error.start, file, encoding) from None
    return _unix(text)


def _likely(data: bytes) -> tuple[str, str]:
    """The encoding that `data` is probably in: its name for people, and Python's."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    han = sum("\u4e00" <= char <= "\u9fff" for char in text)
    foreign = sum(byte > 0x7F for byte in data)
    return ("GBK", "gb18030") if han * 2 >= foreign * 0.8 and han > 3 else ("Windows-1252", "cp1252")


def _undecodable(message: str, data: bytes, at: int, file: str, encoding: str = "utf-8") -> SourceError:
    """An error at the byte `at`; its line is shown in `encoding`."""
    before = data[:at].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    start = max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at)) + 1
    shown = data[start:].splitlines()[0] if data[start:] else b""
    text = "".join(char if char.isprintable() else "�" for char in shown[:320].decode(encoding, "replace"))[:80]
    return SourceError(message, Place(file, before.count(b"\n") + 1, text))


def _unix(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def read(source: str, file: str = "issue.md", publication: Publication | None = None) -> ReadResult:
    """Read one issue. Line numbers count from the first line of `source`, front matter included.

    `publication` declares sections and shorthands; without one there are none.

    Raises SourceError only for front matter that cannot be read and for more than
    `budget` allows. Everything else that is odd is a finding, and its text stays visible.
    """
    source = _unix(source)
    findings = list(_controls(source))
    text = _safe(source)
    header = front_matter.split(text, file)
    meta = read_meta(_cleaned(header.fields))
    tokens, env = parse(header.body)
    builder = TreeBuilder(text.split("\n"), env)
    builder.build(tokens)
    top = list(flat(builder.root.children))
    lowering = Lowering(builder.notes)
    title = take_title(top, meta.title, findings)
    parts = divide(top, lowering, publication)
    notes = lowering.notes()
    issue = replace(
        _headed(meta, title, file), preamble=parts.preamble, sections=parts.sections, notes=notes, source=source
    )
    if not title.text:
        message = "the issue has no title; “{title}”, the file's name, stands for it"
        findings.append(rules.TITLE_MISSING.at(1, message, title=issue.title))
    refuse_too_much(issue.body(), source, file)
    in_lines = (f for f in builder.findings if f.rule is not rules.NUMBERED_LINES or f.line not in parts.numbered)
    findings += [*header.findings, *meta.findings, *in_lines, *lowering.findings]
    findings += _references(env, builder.labels)
    return ReadResult(replace(issue, references=references_of(issue)), tuple(ordered(_once(findings))))


def read_head(source: str, file: str = "issue.md") -> Issue:
    """The issue without its body: title, number, date and the other metadata, exactly as `read` finds them.

    Cheap when the front matter gives a title; else the whole text must be read for its heading.
    Raises SourceError as `read` does.
    """
    text = _safe(_unix(source))
    meta = read_meta(_cleaned(front_matter.split(text, file).fields))
    if meta.title:
        return _headed(meta, Title(meta.title), file)
    return replace(read(source, file).issue, preamble=(), sections=(), notes=(), references=(), source="")


def _once(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Each message once for a line; of several places in it, the caret stands under the first."""
    first: dict[tuple[str, int, str], Finding] = {}
    for finding in findings:
        first.setdefault((finding.rule.id, finding.line, finding.message), finding)
    return first.values()


def _headed(meta: Meta, title: Title, file: str) -> Issue:
    """The issue that the metadata and the title describe; number and date may come from the names in `file`."""
    number, date = meta.number, meta.date
    named_number, named_date = of_file(file)
    if number is None and "number" not in meta.lines_of:
        guesses = (number_in(title.text), named_number, trailing_number(title.text, file))
        number = next((guess for guess in guesses if guess is not None), None)
    if date is None and "date" not in meta.lines_of:
        date = named_date
    name = title.text or file.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return Issue(
        title=name, file=file, number=number, short_title=meta.short_title or name, date=date, summary=meta.summary,
        language=meta.language, authors=meta.authors, editors=meta.editors, publisher=meta.publisher, cover=meta.cover,
        keywords=meta.keywords, previous=meta.previous,
        lines_of=dict(meta.lines_of) | ({"title": title.line} if title.line else {}),
    )  # fmt: skip


def _controls(source: str) -> Iterator[Finding]:
    for number, line in enumerate(source.split("\n"), 1):
        for char in dict.fromkeys(CONTROLS.findall(line)):
            message = "the control character U+{code}; � stands for it"
            yield rules.CHAR_CONTROL.at(number, message, quote=char, code=f"{ord(char):04X}")
        for char in dict.fromkeys(BIDI.findall(line)):
            message = "U+{code} turns the order of the text; it was taken out"
            yield rules.BIDI_CONTROL.at(number, message, quote=char, code=f"{ord(char):04X}")


def _safe(text: str) -> str:
    """The text without characters that formats forbid or that show another text than is written."""
    return BIDI.sub("", CONTROLS.sub("�", text))


def _cleaned(fields: Mapping[str, front_matter.Entry]) -> dict[str, front_matter.Entry]:
    """The fields without the control characters that an escape in quotes can smuggle in."""
    return {name: _clean(entry) for name, entry in fields.items()}


def _clean(entry: front_matter.Entry) -> front_matter.Entry:
    match entry.value:
        case str():
            return replace(entry, value=_safe(entry.value))
        case None:
            return entry
        case Mapping():
            return replace(entry, value=_cleaned(entry.value))
    return replace(entry, value=tuple(_clean(item) for item in entry.value))


def _references(env: Mapping[str, Any], used: set[str]) -> Iterator[Finding]:
    """Link definitions that nothing uses, and those that come too late."""
    for label, definition in env["references"].items():
        if label not in used:
            line, href = definition["map"][0] + 1, str(definition["href"])
            shown = {"quote": href, "label": label.lower(), "href": href[:80]}
            yield rules.REF_UNUSED.at(line, "nothing refers to [{label}]: {href}", **shown)
    for definition in env.get("duplicate_refs", ()):
        label, href = str(definition["label"]), str(definition["href"])
        line, first = definition["map"][0] + 1, env["references"][label]["map"][0] + 1
        message = "[{label}] is defined on line {first} before"
        yield rules.REF_DUPLICATE.at(line, message, quote=href, label=label.lower(), first=first)
