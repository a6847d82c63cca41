"""Errors are one tree, carry their place, name their exit status, and survive a process border."""

from __future__ import annotations

import inspect
import pickle

import pytest

from kanfa import errors
from kanfa.errors import KanfaError, Place

CLASSES = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, Exception) and kind.__name__[0] != "_"
]
EXAMPLES = {
    errors.SourceError: errors.SourceError("no front matter", Place("issue.md", 3, "---")),
    errors.PublicationError: errors.PublicationError("no name", Place("kanfa.toml", 1)),
    errors.EnvironmentProblem: errors.EnvironmentProblem("no Pango", "apt-get install pango"),
    errors.ServerError: errors.ServerError("no server", "kanfa server start"),
    errors.FetchError: errors.FetchError("https://example.org/a.png", "answers 404"),
    errors.RenderError: errors.RenderError("pdf", "no font"),
    errors.MailRefused: errors.MailRefused("mail.example.org:587", "the mail to a@b.example", 550, "no such user"),
}


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_error_stands_in_the_tree_of_the_module_docstring(kind: type[Exception]) -> None:
    assert issubclass(kind, KanfaError)
    assert f" {kind.__name__} " in f"{errors.__doc__}".replace("\n", " \n ")


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_error_survives_pickling_with_its_message(kind: type[KanfaError]) -> None:
    error = EXAMPLES.get(kind) or kind("what happened")
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert str(copy) == str(error)
    assert copy.exit_status == error.exit_status


def test_an_error_in_a_source_shows_file_line_message_and_the_line_itself() -> None:
    error = errors.SourceError("the fence is not closed", Place("009/issue.md", 7, "  title: x"))
    assert str(error) == "009/issue.md:7: the fence is not closed\n    title: x"


def test_a_missing_part_of_the_machine_names_its_cure() -> None:
    assert "cure: apt-get install x" in str(errors.EnvironmentProblem("no x", "apt-get install x"))


def test_refusals_end_with_status_one_and_everything_else_with_two() -> None:
    assert {kind.exit_status for kind in CLASSES if issubclass(kind, errors.Refused)} == {1}
    assert {kind.exit_status for kind in CLASSES if not issubclass(kind, errors.Refused)} == {2}
