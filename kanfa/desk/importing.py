"""From a foreign issue (Hugo, Jekyll, Zola, Pelican, bare Markdown) to a canonical one, with every decision reported.

Pure: bytes in, text and findings out. The new issue is read again and compared with the foreign one by parity, so
that a word, link or picture that an import would lose is an error and not a surprise.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

import yaml

from kanfa import parity
from kanfa.desk import foreign
from kanfa.desk import import_rules as rules
from kanfa.errors import Place, SourceError
from kanfa.findings import Finding, ordered
from kanfa.formats import Reading
from kanfa.issue import front_matter, reader
from kanfa.issue.front_matter import Entry, Header
from kanfa.issue.meta import FIELDS
from kanfa.issue.model import Issue, text_of

_NAMES = {name: field for field, names in FIELDS.items() for name in names}
_BOMS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True, slots=True)
class Foreign:
    """A foreign issue as far as it is understood before it gets its place."""

    issue: Issue
    """As our reader reads it; its metadata go into the new front matter."""
    text: str
    """Decoded, with plain line ends."""
    header: Header
    kind: str
    """`YAML`, `TOML`, `Pelican` or empty."""
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """A canonical issue and what was decided on the way."""

    text: str
    """The new issue.md."""
    findings: tuple[Finding, ...]
    """Decisions (located in the foreign file), worst first within a line; an error means that something was lost."""

    @property
    def complete(self) -> bool:
        """Whether everything of the foreign issue stands in the new one."""
        return not any(finding.rule is rules.TEXT_LOST for finding in self.findings)


def understand(data: bytes, file: str) -> Foreign:
    """Decode a foreign issue and read its front matter, mended where it cannot be read as it stands.

    Raises SourceError for what is no text at all.
    """
    text, findings = _decoded(data, file)
    if not text.strip():
        raise SourceError("the file is empty; is it the right file?", Place(file, 1))
    try:
        header = front_matter.split(text, file)
    except SourceError as error:
        header = _mended(text)
        mended = _yaml_of({name: _value(entry) for name, entry in header.fields.items()})
        body = header.body.lstrip("\n")
        shift = mended.count("\n") - (len(header.body) - len(body))
        issue = _read(mended + body, file, shift)
        message = "the front matter is not valid ({problem}); its lines were read as “name: value”"
        line = error.place.line
        findings.append(rules.FRONT_MATTER_REPAIRED.at(line, message, problem=error.message.split("; ")[0]))
    else:
        issue = reader.read(text, file).issue
    first = next((line.rstrip() for line in text.split("\n") if line.strip()), "")
    kind = {"---": "YAML", "+++": "TOML"}.get(first, "Pelican") if header.fields else ""
    return Foreign(replace(issue, source=text), text, header, kind, tuple(findings))


def _read(text: str, file: str, shift: int) -> Issue:
    """The issue in `text`, which has `shift` lines more before its body than the foreign file: faults name that one."""
    try:
        return reader.read(text, file).issue
    except SourceError as error:
        place = error.place
        raise SourceError(error.message, Place(file, max(1, place.line - shift), place.text)) from None


def _decoded(data: bytes, file: str) -> tuple[str, list[Finding]]:
    try:
        text = reader.decode(data, file)
    except SourceError as error:
        encoding = _BOMS.get(data[:2], "gb18030")
        try:
            text = data.decode(encoding).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            raise error from None
        if "\x00" in text or len(data) > reader.MAX_BYTES:
            raise error from None
        return text, [rules.ENCODING.at(1, "the file is {encoding}; it became UTF-8", encoding=encoding.upper())]
    found = []
    if data.startswith(b"\xef\xbb\xbf"):
        found.append(rules.ENCODING.at(1, "the byte order mark was taken out"))
    if b"\r" in data:
        found.append(rules.ENCODING.at(1, "carriage returns were taken out"))
    return text, found


def _mended(text: str) -> Header:
    """The fields of a fence that is no valid YAML or TOML, each line by itself; an open fence ends at a blank line."""
    lines = text.split("\n")
    first = next(number for number, line in enumerate(lines) if line.strip())
    fence = lines[first].rstrip()
    end = next((n for n in range(first + 1, len(lines)) if lines[n].rstrip() == fence), None)
    last = end if end is not None else next(
        (n for n in range(first + 1, len(lines)) if not lines[n].strip()), len(lines) - 1
    )  # fmt: skip
    fields: dict[str, Entry] = {}
    for number in range(first + 1, last):
        name, colon, value = lines[number].partition("=" if fence == "+++" else ":")
        key = name.strip().lower().replace("-", "_")
        if colon and key and key not in fields and not lines[number].startswith((" ", "\t", "-", "#")):
            fields[key] = Entry(number + 1, value.strip().strip("\"'"))
        elif lines[number].strip():
            fields[f"line_{number + 1}"] = Entry(number + 1, lines[number].strip())
    body = "\n".join([*[""] * (last + 1), *lines[last + 1 :]])
    return Header(body, fields)


def _value(entry: Entry) -> object:
    match entry.value:
        case None | str():
            return entry.value
        case Mapping():
            return {name: _value(item) for name, item in entry.value.items()}
    return [_value(item) for item in entry.value]


def _yaml_of(fields: Mapping[str, object]) -> str:
    if not fields:
        return ""
    return f"---\n{yaml.safe_dump(dict(fields), allow_unicode=True, sort_keys=False, width=10_000)}---\n"


def convert(
    source: Foreign, *, number: int | None, base: str = "", found: Callable[[str], str | None] = lambda _written: None
) -> Imported:
    """The canonical form of `source` as issue `number` of a publication.

    `base` is the address of the site that relative links start from; without it they stay as they are. `found`
    gives the path beside the new issue of a picture, as the caller will put it there, or None.
    """
    findings = [*source.findings, *_about_fields(source), *_about_number(source, number)]
    language = _language(source)
    if language and "language" not in source.issue.lines_of:
        findings.append(
            rules.LANGUAGE_GUESSED.at(1, "the text is not Chinese; the language {tag} was set", tag=language)
        )
    body = foreign.Body(source.header.body.split("\n"))
    foreign.translate_tags(body)
    # What a generator's tag stood for has changed on purpose; everything else must come through as it was.
    before, shift = _read_again(source, body) if body.findings else (source.issue, 0)
    foreign.take_title(body, source.issue.title)
    foreign.lower_headings(body)
    named = dict.fromkeys(written for _, written, is_picture in foreign.addresses(body) if is_picture)
    pictures = {written: new for written in named if (new := found(written))}
    foreign.move_pictures(body, pictures)
    if base:
        foreign.resolve_links(body, base)
    cover = source.issue.cover
    if cover and not cover.is_remote and (new := found(cover.src)):
        message = "the picture {written} was copied to {new}"
        findings.append(rules.PICTURE_COPIED.at(source.issue.line_of("cover"), message, written=cover.src, new=new))
        cover = replace(cover, src=new)
    elif cover and not cover.is_remote:
        message = "the picture {written} was not found beside the file"
        findings.append(rules.PICTURE_MISSING.at(source.issue.line_of("cover"), message, written=cover.src))
    front, words = _front(replace(source.issue, number=number, cover=cover), source, language), "\n".join(body.lines)
    blank = len(words) - len(words.lstrip("\n"))
    text = front + words.strip("\n") + "\n"
    fresh = _read(text, source.issue.file, front.count("\n") - blank)
    missing = {written for written in named if written not in pictures}
    findings += _in_html(fresh, {*pictures.values(), *missing}, front.count("\n") - blank)
    findings += [*body.findings, *_lost(before, fresh, shift)]
    return Imported(text, tuple(ordered(findings)))


def _language(source: Foreign) -> str:
    """The language tag to write: the foreign one, or `en` for a text with hardly any Han character."""
    if "language" in source.issue.lines_of:
        return source.issue.language
    text = "".join(text_of(block) for block in source.issue.body())
    han = sum("\u4e00" <= char <= "\u9fff" for char in text)
    return "en" if len(text) > 100 and han * 50 < len(text) else ""


def _front(issue: Issue, source: Foreign, language: str) -> str:
    """The new front matter: our fields in our order, then what else the foreign one said, as comments."""
    fields: dict[str, object] = {
        "number": issue.number,
        "title": issue.title,
        "short_title": issue.short_title if issue.short_title != issue.title else "",
        "date": issue.date,
        "summary": issue.summary,
        "authors": list(issue.authors),
        "editors": list(issue.editors),
        "publisher": issue.publisher,
        "keywords": list(issue.keywords),
        "language": language,
        "cover": issue.cover.src if issue.cover else "",
        "cover_alt": issue.cover.alt if issue.cover else "",
        "previous": [
            {"number": one.number, "title": one.title, **({"url": one.href} if one.href else {})}
            for one in issue.previous
        ],
    }
    shown = {name: value for name, value in fields.items() if value not in (None, "", [])}
    kept = "".join(f"# {line}\n" for name in _kept(source) for line in _commented(name, source.header.fields[name]))
    return _yaml_of(shown).removesuffix("---\n") + kept + "---\n\n"


def _kept(source: Foreign) -> list[str]:
    """Names of the foreign fields whose value does not stand in the new front matter."""
    understood = {name for name in source.header.fields if _NAMES.get(name, "") in source.issue.lines_of}
    return [name for name in source.header.fields if name not in understood or not _says(source.issue, name, source)]


def _says(issue: Issue, name: str, source: Foreign) -> bool:
    """Whether the issue holds what the foreign field said; a date in full, with its time, says more than ours."""
    entry = source.header.fields[name]
    if _NAMES[name] == "date":
        return issue.date is not None and isinstance(entry.value, str) and entry.value == issue.date.isoformat()
    held = {
        "number": issue.number, "title": issue.title, "short_title": issue.short_title, "summary": issue.summary,
        "authors": issue.authors, "editors": issue.editors, "publisher": issue.publisher, "keywords": issue.keywords,
        "cover": issue.cover, "cover_alt": issue.cover, "language": issue.language, "previous": issue.previous,
    }  # fmt: skip
    if _NAMES[name] == "previous":
        kept = " ".join(f"{one.number} {one.title} {one.href}" for one in issue.previous)
        return all(word in kept for word in _words_in(_value(entry)))
    return bool(held[_NAMES[name]]) or entry.value is None


def _words_in(value: object) -> Iterator[str]:
    """Every word that a field holds, however deep."""
    match value:
        case str():
            yield from value.split()
        case dict():
            for inner in value.values():
                yield from _words_in(inner)
        case list():
            for inner in value:
                yield from _words_in(inner)


def _commented(name: str, entry: Entry) -> list[str]:
    value = _value(entry)
    return yaml.safe_dump({name: value}, allow_unicode=True, sort_keys=False, width=10_000).rstrip("\n").split("\n")


def _about_fields(source: Foreign) -> Iterator[Finding]:
    if source.kind in {"TOML", "Pelican"}:
        yield rules.FRONT_MATTER.at(1, "the metadata were {kind}; they became YAML", kind=source.kind)
    for name in _kept(source):
        line = source.header.fields[name].line
        yield rules.FIELD_KEPT.at(line, "{name} is kept as a comment in the front matter", quote=name, name=name)


def _about_number(source: Foreign, number: int | None) -> Iterator[Finding]:
    if number is None:
        return
    line = source.issue.line_of("number")
    if source.issue.number is None:
        yield rules.NUMBER_GIVEN.at(line, "the file names no number; it became issue {number}", number=number)
    elif source.issue.number != number:
        message = "the file says {old}; it became issue {number}"
        yield rules.NUMBER_GIVEN.at(line, message, old=source.issue.number, number=number)
    elif "number" not in source.header.fields:
        yield rules.NUMBER_GIVEN.at(line, "the number {number} was taken from title or file name", number=number)


def _read_again(source: Foreign, body: foreign.Body) -> tuple[Issue, int]:
    """The foreign issue with its tags translated, and how many lines its front matter now takes more."""
    front = _yaml_of({"title": source.issue.title})
    shift = front.count("\n")
    issue = _read(front + "\n".join(body.lines), source.issue.file, shift)
    return replace(source.issue, preamble=issue.preamble, sections=issue.sections, notes=issue.notes), shift


def _in_html(fresh: Issue, known: Collection[str], shift: int) -> Iterator[Finding]:
    """The local pictures of the new issue that no Markdown names, so that they were neither copied nor named anew."""
    settled = {unquote(written) for written in known}
    for image in fresh.images():
        if not image.is_remote and unquote(image.src) not in settled:
            message = "the picture {written} stands in HTML and was not copied"
            yield rules.PICTURE_MISSING.at(image.line - shift, message, quote=image.src, written=image.src)


def _lost(old: Issue, fresh: Issue, shift: int) -> Iterator[Finding]:
    """What parity says when the new issue, `fresh`, was read again: nothing, or where the import failed."""
    words = [fresh.title, fresh.summary, fresh.publisher, *fresh.authors, *fresh.editors]
    words += [one.title for one in fresh.previous] + [text_of(block) for block in fresh.body()]
    words += [node.words for node in fresh.pictured()]
    labels = tuple(node.label for node in fresh.pictured())
    links = tuple(link.href for link in fresh.links())
    reading = Reading("import", "\n".join(words), links, labels)
    for finding in parity.compare(old, reading):
        yield rules.TEXT_LOST.at(finding.line - shift, "{what}", what=finding.message)


def order(issues: list[Foreign]) -> list[int]:
    """Indexes of `issues`, the earliest first: by number, then by date, then as given."""
    far = datetime.date.max

    def key(index: int) -> tuple[int, datetime.date, int]:
        issue = issues[index].issue
        return (issue.number if issue.number is not None else 10**6, issue.date or far, index)

    return sorted(range(len(issues)), key=key)
