"""The tree as JSON, and the JSON Schema of that form, both derived from the model's declared unions."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from kanfa.issue.model import Asset, Block, Inline, Issue, PreviousIssue, Reference

SCHEMA_ID = "https://kanfa.invalid/issue.schema.json"
"""Name of the schema; a name and no address."""

_LEFT_OUT = frozenset({"source", "data"})
_RECORDS = (Asset, Reference, PreviousIssue)


def to_json(issue: Issue) -> str:
    """The issue as JSON text: each node with its `kind`, pictures without their bytes, keys sorted."""
    return json.dumps(_value(issue), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _value(value: Any) -> Any:
    match value:
        case datetime.date():
            return value.isoformat()
        case tuple():
            return [_value(item) for item in value]
        case Mapping():
            return dict(value)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    shown = {_key(f.name): _value(getattr(value, f.name)) for f in dataclasses.fields(value) if f.name not in _LEFT_OUT}
    if isinstance(value, Asset):
        shown["size"] = len(value.data)
    return {"kind": _kind(type(value)), **shown}


def _key(field: str) -> str:
    """The key of a field; `kind` says which node it is, so a callout's own kind stands under another one."""
    return "callout_kind" if field == "kind" else field


def _kind(cls: type) -> str:
    """`paragraph` for Paragraph and so on; records that are no nodes are named after their class."""
    names = {Issue: "issue", Asset: "asset", Reference: "reference", PreviousIssue: "previous_issue"}
    return names[cls] if cls in names else str(cls.method)  # type: ignore[attr-defined]


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `to_json`; docs/issue.schema.json is its indented text."""
    kinds = [*get_args(Inline), *get_args(Block), *_RECORDS]
    definitions = {_kind(cls): _record(cls) for cls in kinds}
    definitions["inline"] = _one_of(get_args(Inline))
    definitions["block"] = _one_of(get_args(Block))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Kanfa issue",
        "description": "One issue of a newsletter as a tree; `line` is the 1-based line of the Markdown source.",
        **_record(Issue),
        "$defs": dict(sorted(definitions.items())),
    }


def _record(cls: Any) -> dict[str, Any]:
    hints = get_type_hints(cls)
    names = [f.name for f in dataclasses.fields(cls) if f.name not in _LEFT_OUT]
    properties: dict[str, Any] = {"kind": {"const": _kind(cls)}} | {_key(name): _schema(hints[name]) for name in names}
    if cls is Asset:
        properties["size"] = {"type": "integer", "minimum": 0, "description": "bytes of the file"}
    if "line" in properties:
        properties["line"] = {"type": "integer", "minimum": 1}
    return {"type": "object", "required": sorted(properties), "properties": properties, "additionalProperties": False}


def _one_of(kinds: tuple[Any, ...]) -> dict[str, Any]:
    """Exactly one kind, chosen by `kind`: a validator must not try every kind at every level."""
    choices = [
        {"if": {"properties": {"kind": {"const": _kind(cls)}}}, "then": {"$ref": f"#/$defs/{_kind(cls)}"}}
        for cls in kinds
    ]
    return {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": [_kind(cls) for cls in kinds]}},
        "allOf": choices,
    }


def _schema(hint: Any) -> dict[str, Any]:
    plain: dict[Any, dict[str, Any]] = {
        str: {"type": "string"},
        int: {"type": "integer"},
        bool: {"type": "boolean"},
        NoneType: {"type": "null"},
        datetime.date: {"type": "string", "format": "date"},
        Inline: {"$ref": "#/$defs/inline"},
        Block: {"$ref": "#/$defs/block"},
    }
    if hint in plain:
        return plain[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple:
        return {"type": "array", "items": _schema(arguments[0])}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, UnionType):
        return {"anyOf": [_schema(argument) for argument in arguments]}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _schema(arguments[1])}
    return {"$ref": f"#/$defs/{_kind(hint)}"}
