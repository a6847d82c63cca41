"""Forms of other Markdown dialects that mean nothing here: their marks stay in the text, and are reported."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from kanfa.issue.raw import Raw

SHORTCODE = "a Hugo shortcode ({{< … >}} or {{% … %}}) is set as text"
_CONTAINER = "a container (:::name) is set as text"
_TASK = "a task box ([ ] or [x]) is set as text"
_ALERT = "the mark of a GitHub alert ([!NOTE] and its like) is set as text"

_CONTAINER_START = re.compile(r":{3,}[ \t]*[\w{\[]")
_TASK_START = re.compile(r"\[[ xX]\](?:\s|$)")
_ALERT_START = re.compile(r"\[![A-Za-z]+\]")


def is_glued_shortcode(before: Token | None, token: Token) -> bool:
    """Whether what looks like an HTML tag is a shortcode without spaces, as in `{{<figure src="x">}}`."""
    return token.type == "html_inline" and before is not None and before.content.endswith("{{")


def unsupported_at(before: Token | None, token: Token, stack: Sequence[Raw]) -> str:
    """What foreign form begins with `token` at the start of a line of text, in words, or nothing.

    `before` is the token before it in its paragraph, `stack` the open elements. An escaped mark is a token
    of another type, so it is never found.
    """
    if token.type != "text" or (before is not None and before.type not in {"softbreak", "hardbreak"}):
        return ""
    if _CONTAINER_START.match(token.content):
        return _CONTAINER
    if before is not None or len(stack) < 2 or stack[-1].tag != "p" or stack[-2].children[:1] != stack[-1:]:
        return ""
    if stack[-2].tag == "li" and _TASK_START.match(token.content):
        return _TASK
    if stack[-2].tag == "blockquote" and _ALERT_START.match(token.content):
        return _ALERT
    return ""
