"""The JSON form of the tree, and the schema that is published for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

from kanfa.issue.export import json_schema, to_json
from kanfa.issue.model import Asset, Block, Inline, Issue
from kanfa.issue.reader import read

ROOT = Path(__file__).parents[2]
ISSUES = sorted((ROOT / "content" / "issues").glob("*/issue.md")) + sorted(
    (ROOT.parent / "shared" / "corpus").glob("[a-z]*.md")
)


def kinds_in(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*(kinds_in(item) for item in value))
    if isinstance(value, dict):
        return (
            {value["kind"]}
            if set(value) == {"kind"}
            else set().union(
                {value["kind"]} if "kind" in value else set(), *(kinds_in(item) for item in value.values())
            )
        )
    return set()


def test_the_published_schema_is_current() -> None:
    assert (ROOT / "docs" / "issue.schema.json").read_text("utf-8") == (
        json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
    )


def test_the_schema_is_valid_and_knows_every_kind() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    assert {kind.method for kind in (*get_args(Inline), *get_args(Block))} < set(json_schema()["$defs"])


@pytest.mark.parametrize("path", ISSUES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_real_issues_follow_the_schema(path: Path) -> None:
    document = json.loads(to_json(read(path.read_text("utf-8"), path.name).issue))
    jsonschema.Draft202012Validator(json_schema()).validate(document)


def test_the_specimen_holds_every_kind_of_node() -> None:
    specimen = ROOT / "content" / "issues" / "000-specimen" / "issue.md"
    document = json.loads(to_json(read(specimen.read_text("utf-8")).issue))
    assert {kind.method for kind in (*get_args(Inline), *get_args(Block))} <= kinds_in(document)


def test_a_foreign_field_or_kind_is_refused() -> None:
    document = json.loads(to_json(read("# T\n\na").issue))
    validator = jsonschema.Draft202012Validator(json_schema())
    for broken in (document | {"x": 1}, document | {"preamble": [{"kind": "marquee", "line": 1}]}):
        assert not validator.is_valid(broken)


def test_pictures_are_told_without_their_bytes_and_the_source_is_left_out() -> None:
    asset = Asset("a.png", "a.png", "image/png", b"12345", "0" * 64, 3, 4)
    text = to_json(Issue("T", "t.md", assets=(asset,), source="secret"))
    assert json.loads(text)["assets"] == [
        {
            "kind": "asset",
            "src": "a.png",
            "name": "a.png",
            "media_type": "image/png",
            "sha256": "0" * 64,
            "size": 5,
            "width": 3,
            "height": 4,
        }
    ]
    assert "secret" not in text
    assert text.endswith("}\n")
