"""A staged message made out to one recipient: the token stands in each form of its address, or nothing is sent."""

from __future__ import annotations

import datetime
from html import escape

import pytest

from kanfa.channel_settings import EmailSettings
from kanfa.email.message import bodies, build_message, parse_message
from kanfa.email.outgoing import made_out
from kanfa.errors import RenderError
from kanfa.issue.model import Issue
from kanfa.publication import Publication

ADDRESS = "https://unsub.example.org/leave?a='1'&t=__UNSUB__"
DATE = datetime.datetime(2026, 1, 5, 8, tzinfo=datetime.UTC)


def made(html: str) -> tuple[str, str]:
    """Text and HTML for a reader whose token is `t0k3n`."""
    publication = Publication(name="测试周刊", email=EmailSettings(unsubscribe_url=ADDRESS))
    staged = build_message(Issue("第七期", "issue.md"), publication, html, f"退订：<{ADDRESS}>\n")
    data = made_out(staged, to="reader@example.org", token="t0k3n", date=DATE, message_id="1@example.org")
    return bodies(parse_message(data))


@pytest.mark.parametrize(
    "written",
    [escape(ADDRESS), escape(ADDRESS, quote=False), ADDRESS],
    ids=["as a template escapes it", "as a serialiser does", "as it is"],
)
def test_the_token_goes_into_the_address_however_it_is_escaped(written: str) -> None:
    text, html = made(f'<a href="{written}">退订</a>')
    assert "__UNSUB__" not in text + html
    assert "t=t0k3n" in text
    assert "t=t0k3n" in html


def test_a_link_that_keeps_its_token_is_never_sent() -> None:
    with pytest.raises(RenderError, match="token could not be put into https://unsub"):
        made('<a href="https://unsub.example.org/other?t=__UNSUB__">退订</a>')


def test_the_words_of_an_author_are_left_alone() -> None:
    assert "写作 __UNSUB__ 的" in made(f'<p>写作 __UNSUB__ 的</p><a href="{escape(ADDRESS)}">退订</a>')[1]
