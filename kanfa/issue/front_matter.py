"""The front matter of an issue: YAML between `---`, TOML between `+++`, Pelican's `Key: value` lines, or none.

Scalars stay as written, so `number: 010` is ten and no date depends on a time zone; every field keeps its
line. The fields are cut out of the text by blanking their lines, so that the body keeps its line numbers.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from kanfa.errors import Place, SourceError
from kanfa.findings import Finding
from kanfa.issue import rules

MAX_NESTING = 8
"""Lists and mappings inside each other that front matter may hold; the reader would recurse on more."""

MAX_CHARACTERS = 64 * 1024
"""Longest YAML in characters; its parser needs a second for some hundred thousand."""

PELICAN_FIELDS = frozenset({"title", "number", "date", "modified", "category", "tags", "keywords", "slug", "author",
                            "authors", "summary", "lang", "status"})  # fmt: skip
"""Pelican's metadata fields (its documentation, "File metadata"), and the number that weeklies add."""

_KEY = re.compile(r"\s*[\"']?[A-Za-z_][\w -]*[\"']?\s*:(\s|$)")
_PELICAN = re.compile(r"([A-Za-z][\w-]*):(?:[ \t]+(.*))?$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of the front matter and the line it stands on."""

    line: int
    value: str | Sequence[Entry] | Mapping[str, Entry] | None
    """A scalar as written, the items of a list, the fields of a mapping, or nothing."""
    key: str = ""
    """The name of the field as written; empty for the item of a list."""


@dataclass(frozen=True, slots=True)
class Header:
    """The fields by name (lower case, `-` as `_`), and the text with their lines blanked."""

    body: str
    fields: Mapping[str, Entry] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def split(text: str, file: str) -> Header:
    """Take the front matter off `text`, which has `\\n` line ends and no byte order mark.

    Raises SourceError, with the line of the fault, for a fence that is never closed or content that is
    neither valid YAML nor valid TOML.
    """
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return Header(text)
    fence = lines[first].rstrip()
    following = next((line for line in lines[first + 1 :] if line.strip() and not line.startswith("#")), "")
    if fence == "---" and (_KEY.match(following) or (first == 0 and _closed_at_once(lines))):
        return _fenced(lines, first, file, ("---", "..."))
    if fence == "+++":
        return _fenced(lines, first, file, ("+++",))
    return _pelican(lines, first) or Header(text)


def _closed_at_once(lines: Sequence[str]) -> bool:
    """Whether line 2 is not blank: what follows the fence is then meant as front matter, and not a divider."""
    return len(lines) > 1 and bool(lines[1].strip()) and any(line.rstrip() == "---" for line in lines[1:])


def _fenced(lines: list[str], first: int, file: str, ends: tuple[str, ...]) -> Header:
    last = next((n for n in range(first + 1, len(lines)) if lines[n].rstrip() in ends), None)
    if last is None:
        place = Place(file, first + 1, lines[first])
        raise SourceError(f"the front matter that opens here is never closed; end it with a line {ends[0]}", place)
    findings = []
    if first:
        message = "the front matter begins on line {first}, not on line 1"
        findings.append(rules.META_PLACE.at(first + 1, message, quote=ends[0], first=first + 1))
    source = lines[first + 1 : last]
    read = _toml if ends[0] == "+++" else _yaml
    fields = read(source, first + 2, file, findings)
    body = "\n".join([*[""] * (last + 1), *lines[last + 1 :]])
    return Header(body, fields, tuple(findings))


def _name(key: str) -> str:
    return key.strip().lower().replace("-", "_").replace(" ", "_")


def _add(fields: dict[str, Entry], name: str, entry: Entry, findings: list[Finding]) -> None:
    """Set a field; the last of two counts, and the first is reported."""
    if name in fields:
        message = "{field}: also stands on line {first}"
        finding = rules.META_DUPLICATE.at(entry.line, message, quote=entry.key, field=name, first=fields[name].line)
        findings.append(finding)
    fields[name] = entry


# ---------------------------------------------------------------- YAML


def _yaml(source: list[str], first: int, file: str, findings: list[Finding]) -> dict[str, Entry]:
    text = "\n".join(source) + "\n"

    def fault(message: str, offset: int) -> SourceError:
        offset = min(max(offset, 0), max(len(source) - 1, 0))
        return SourceError(message, Place(file, first + offset, source[offset] if source else ""))

    if len(text) > MAX_CHARACTERS:
        raise fault(f"the front matter has {len(text):,} characters, {MAX_CHARACTERS:,} are allowed", 0)
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise fault("the front matter uses a YAML alias (*name); write the value out", _line(event))
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_NESTING:
                raise fault(f"the front matter nests more than {MAX_NESTING} levels", _line(event))
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (ValueError, OverflowError):
        raise fault("the front matter holds an escape for a character that does not exist", 0) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise fault(_yaml_message(error), mark.line if mark else 0) from None
    except yaml.reader.ReaderError as error:
        offset = text.count("\n", 0, error.position)
        char = ord(str(error.character)[0])
        raise fault(f"the front matter holds the forbidden character U+{char:04X}", offset) from None
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise fault("the front matter must be lines of the form `name: value`", root.start_mark.line)
    return _mapping(root, first, findings)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line if event.start_mark else 0


def _yaml_message(error: yaml.MarkedYAMLError) -> str:
    problem = (error.problem or error.context or "syntax error").strip()
    if "mapping values are not allowed" in problem:
        cure = "put a value that holds “: ” in quotes"
    elif "\\t" in problem:
        cure = "indent with spaces, not with tabs"
    elif "cannot start any token" in problem or "expected" in problem:
        cure = "put the value in quotes, and check that brackets and quotes are closed"
    else:
        cure = "check quotes and indentation"
    return f"the front matter is no valid YAML: {problem}; {cure}"


def _mapping(node: yaml.MappingNode, first: int, findings: list[Finding]) -> dict[str, Entry]:
    fields: dict[str, Entry] = {}
    for key, value in node.value:
        written = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
        line = first + key.start_mark.line
        _add(fields, _name(written), Entry(line, _entry(value, first, findings).value, written), findings)
    return fields


def _entry(node: yaml.Node, first: int, findings: list[Finding]) -> Entry:
    line = first + node.start_mark.line
    if isinstance(node, yaml.MappingNode):
        return Entry(line, _mapping(node, first, findings))
    if isinstance(node, yaml.SequenceNode):
        return Entry(line, tuple(_entry(item, first, findings) for item in node.value))
    value = str(node.value)
    empty = isinstance(node, yaml.ScalarNode) and node.style is None and value.lower() in {"", "~", "null"}
    return Entry(line, None if empty else value)


# ---------------------------------------------------------------- TOML


def _toml(source: list[str], first: int, file: str, findings: list[Finding]) -> dict[str, Entry]:  # noqa: ARG001 (one form)
    try:
        values = tomllib.loads("\n".join(source))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        offset = min(int(found[1]) if found else len(source), max(len(source), 1)) - 1
        place = Place(file, first + offset, source[offset] if source else "")
        message = f'the front matter is no valid TOML: {error}; write strings in quotes, as in title = "…"'
        raise SourceError(message, place) from None
    except (RecursionError, ValueError) as error:
        problem = "it nests too deep" if isinstance(error, RecursionError) else str(error)
        raise SourceError(f"the front matter cannot be read: {problem}", Place(file, first, source[0])) from None
    return {_name(key): _toml_entry(value, _toml_line(source, key, first), key) for key, value in values.items()}


def _toml_line(source: list[str], key: str, first: int) -> int:
    pattern = re.compile(rf"\s*(?:\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
    return first + next((n for n, line in enumerate(source) if pattern.match(line)), 0)


def _toml_entry(value: Any, line: int, key: str = "") -> Entry:
    match value:
        case bool():
            return Entry(line, "true" if value else "false", key)
        case dict():
            return Entry(line, {_name(inner): _toml_entry(item, line, inner) for inner, item in value.items()}, key)
        case list():
            return Entry(line, tuple(_toml_entry(item, line) for item in value), key)
        case datetime.datetime() | datetime.date():
            return Entry(line, value.isoformat(), key)
    return Entry(line, str(value), key)


# ---------------------------------------------------------------- Pelican


def _pelican(lines: list[str], first: int) -> Header | None:
    """Pelican's lines, when the text begins with one of its known fields and all lines up to a blank one are fields."""
    last = next((n for n in range(first, len(lines)) if not lines[n].strip()), len(lines))
    fields: dict[str, Entry] = {}
    findings: list[Finding] = []
    for number in range(first, last):
        match = _PELICAN.match(lines[number].rstrip())
        if not match or (number == first and match[1].lower() not in PELICAN_FIELDS):
            return None
        _add(fields, _name(match[1]), Entry(number + 1, match[2] or None, match[1]), findings)
    body = "\n".join([*[""] * last, *lines[last:]])
    return Header(body, fields, tuple(findings))
