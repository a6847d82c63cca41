"""Which line of which template printed a line of MJML: Jinja keeps no record, so the literal text is compared."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import Environment
from jinja2.exceptions import TemplateSyntaxError

from kanfa.publication import Publication
from kanfa.templating import read_file, template_folders

MOST_NAMED = 3
"""Places that are named where several templates hold the very same text."""


def template_places(publication: Publication, printed: str, needle: str) -> list[str]:
    """`templates/email/parts/footer.mjml.j2:7` for the template lines that can have printed the line `printed`.

    They hold `needle` literally, and most of the literal text between their Jinja marks stands in `printed`. Several
    where the same text stands in several places; none where no template holds it, as with text of the issue.
    """
    best: dict[str, int] = {}
    for name in _names(publication):
        for number, fragments in _literals(read_file(publication, name)):
            if not any(needle in fragment for fragment in fragments):
                continue
            place = f"templates/{name}:{number}"
            weight = sum(len(one.strip()) if one.strip() in printed else -1 for one in fragments if one.strip())
            best[place] = max(weight, best.get(place, weight))
    most = max(best.values(), default=0)
    return [place for place, weight in best.items() if weight == most and most > 0][:MOST_NAMED]


def _names(publication: Publication) -> list[str]:
    """Names of all templates of the mail, the publication's own and the built-in ones."""
    found = {
        path.relative_to(folder).as_posix()
        for folder in template_folders(publication)
        for path in (folder / "email").rglob("*.j2")
        if path.name != "web.html.j2"
    }
    return sorted(found)


def _literals(source: str) -> Iterator[tuple[int, list[str]]]:
    """Each line of a template with the text that it prints as it stands."""
    lines: dict[int, list[str]] = {}
    try:
        tokens = list(Environment(autoescape=True).lex(source))
    except TemplateSyntaxError:
        return
    for number, kind, value in tokens:
        if kind == "data":
            for offset, text in enumerate(value.split("\n")):
                lines.setdefault(number + offset, []).append(text)
    yield from lines.items()
