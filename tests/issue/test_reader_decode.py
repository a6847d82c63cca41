"""From bytes to text: UTF-8 or a message that names line, byte and cure."""

from __future__ import annotations

import pickle

import pytest

from kanfa.errors import SourceError
from kanfa.issue.reader import MAX_BYTES, decode


def test_utf8_is_read_with_and_without_byte_order_mark() -> None:
    assert decode("\ufeff中\r\n文\rx".encode(), "a.md") == decode("中\n文\nx".encode(), "a.md") == "中\n文\nx"


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"a\nb\x00c\n", 2, ["NUL byte (0x00)", "save the file as UTF-8"]),
        (b"a\r\n\r\n\x93hi\x94 it\x92s\r\n", 3, ["0x93", "Windows-1252", "save the file as UTF-8"]),
        ("标题\n这是一期周报，讲云原生的事情".encode("gb18030"), 1, ["GBK", "save the file as UTF-8"]),
        ("中".encode("utf-16"), 1, ["UTF-16", "save the file as UTF-8"]),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 3, ["NUL byte"]),
        (b"x" * (MAX_BYTES + 1), 1, ["1,048,577", "1,048,576"]),
    ],
)
def test_other_bytes_are_refused_with_place_and_cure(data: bytes, line: int, words: list[str]) -> None:
    with pytest.raises(SourceError) as caught:
        decode(data, "a.md")
    assert caught.value.place.line == line
    assert str(caught.value).startswith(f"a.md:{line}: ")
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_the_largest_file_is_read() -> None:
    assert len(decode(b"x" * MAX_BYTES, "a.md")) == MAX_BYTES


def test_a_gbk_line_is_shown_as_it_was_written() -> None:
    with pytest.raises(SourceError) as caught:
        decode("标题是这样写的\n".encode("gb18030"), "a.md")
    assert caught.value.place.text == "标题是这样写的"
