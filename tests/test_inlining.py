"""premailer and cssutils behind one door: nothing needless is imported, nothing global stays changed."""

from __future__ import annotations

import subprocess
import sys

import cssutils

from kanfa.email.inline import inlined
from kanfa.email.theme import split
from kanfa.inlining import css_library

PAGE = (
    '<!doctype html><html><head><meta http-equiv="Content-Type"><style>{css}</style></head><body>{body}</body></html>'
)


def styled(css: str, body: str) -> str:
    theme = split(css)
    return inlined(PAGE.format(css=theme.light, body=body), theme).partition("<body>")[2].partition("</body>")[0]


def test_premailer_comes_without_the_library_it_needs_only_for_the_network() -> None:
    """Everybody else still gets the library itself, and premailer does when it asks."""
    code = """
import sys
from kanfa.inlining import premailer_library
library = premailer_library()
assert "requests" not in sys.modules
assert library.transform("<style>p {color: red}</style><p>x</p>", allow_network=False).count("color:red")
assert library.premailer.requests.get is __import__("requests").get
assert premailer_library() is library
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_values_are_compared_with_tables_only_when_asked() -> None:
    """And the tables are in their place afterwards."""
    profile = cssutils.profile
    with css_library(validate=False) as quiet:
        cssutils.parseStyle("color: 4; colour: red", validate=True)
    with css_library() as told:
        cssutils.parseStyle("color: 4; colour: red", validate=True)
    assert cssutils.profile is profile
    assert any("Invalid value" in message for message in told)
    assert not any("Invalid value" in message for message in quiet)


def test_of_equal_rules_the_last_one_counts() -> None:
    """Also when the same selector comes back after another of its weight."""
    css = ".a { color: #123456 } .b { color: #234567 } .a { margin: 0 }"
    assert styled(css, '<p class="a b">x</p>') == '<p style="color:#234567;margin:0">x</p>'
    again = ".a { color: #123456 } .b { color: #234567 } .a { color: #345678 }"
    assert styled(again, '<p class="a b">x</p>') == '<p style="color:#345678">x</p>'
    important = ".a { color: #123456 !important } .b { color: #234567 }"
    assert styled(important, '<p class="a b">x</p>') == '<p style="color:#123456!important">x</p>'


def test_rules_for_what_a_mail_does_not_have_cost_nothing_and_change_nothing() -> None:
    """They are left out before premailer sees them, those that cannot be inlined too."""
    css = ".a { color: #123456 } .never { color: rgb(0 0 0 / 50%) } table.a { margin: 0 } .a, .never { padding: 0 }"
    assert styled(css, '<p class="a">x</p>') == '<p style="color:#123456;padding:0">x</p>'
