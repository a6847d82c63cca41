"""Jinja2 for all formats: the publication's own templates first, the built-in ones behind them.

Templates run in Jinja's sandbox with autoescape and StrictUndefined: an override may come from
somebody else, and a misspelt name must fail instead of printing nothing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from kanfa.errors import RenderError
from kanfa.publication import Publication


def builtin_folder() -> Path:
    """The folder of the built-in templates: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def template_folders(publication: Publication) -> list[Path]:
    """Folders to search, the publication's first; only folders that exist, each once."""
    own = [publication.root / "templates"] if publication.root is not None else []
    return list(dict.fromkeys(folder.resolve() for folder in [*own, builtin_folder()] if folder.is_dir()))


def find_file(publication: Publication, name: str) -> Path:
    """The file `name` (such as `pdf/print.css`) of the first folder that has it.

    Raises RenderError when none has it, or when `name` would leave the templates folder.
    """
    for folder in template_folders(publication):
        path = (folder / name).resolve()
        if path.is_relative_to(folder) and path.is_file():
            return path
    raise RenderError(name.partition("/")[0], f"no template file {name}; restore it under templates/")


def read_file(publication: Publication, name: str) -> str:
    """Text of the template file `name`, UTF-8."""
    return find_file(publication, name).read_text(encoding="utf-8")


def render_template(publication: Publication, name: str, /, **context: Any) -> str:
    """Render the template `name` (`email/issue.mjml.j2`) with `context`.

    Strings are escaped as HTML unless they are `Markup`. Raises RenderError with the template's name
    and line for every fault of a template.
    """
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in template_folders(publication)]),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    try:
        return environment.get_template(name).render(**context)
    except TemplateSyntaxError as error:
        raise RenderError(name, f"line {error.lineno}: {error.message}") from None
    except TemplateError as error:
        raise RenderError(name, f"{type(error).__name__}: {error.message}") from None


def template_hashes(publication: Publication, folder: str) -> dict[str, str]:
    """SHA-256 of every file below `templates/<folder>/`, overrides in place of what they override."""
    hashes: dict[str, str] = {}
    for root in reversed(template_folders(publication)):
        top = root / folder
        for path in sorted(top.rglob("*")) if top.is_dir() else []:
            if path.is_file() and "__pycache__" not in path.parts:
                hashes[path.relative_to(root).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return dict(sorted(hashes.items()))
