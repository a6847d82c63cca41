"""Jinja2 for all formats: the publication's own templates first, the built-in ones behind them.

Templates run in Jinja's sandbox with autoescape and StrictUndefined: an override may come from
somebody else, and a misspelt name must fail instead of printing nothing. The sandbox alone is not
enough: an object with a dangerous method must not be within reach, so a publication enters as plain
values, and paths and models are closed to templates.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path, PurePath
from traceback import walk_tb
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, TemplateSyntaxError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

from kanfa.errors import KanfaError, RenderError
from kanfa.publication import Publication

LONGEST_PRODUCT = 1_000_000
"""Characters or items of a text or list that a template makes by repeating one; a mail holds a tenth of that."""
LARGEST_BASE, LARGEST_POWER = 1_000_000, 64
"""No template needs larger powers; such as 10 ** 10 ** 10 would take all memory there is."""


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, in which paths (they read and write files) and models (they unpickle) are closed, and no
    product or power grows without bounds."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """`left * right` or `left ** right`. Raises OverflowError for a text, list or number that is too large."""
        if operator == "**" and not (abs(left) <= LARGEST_BASE and abs(right) <= LARGEST_POWER):
            raise OverflowError(f"a power of more than {LARGEST_BASE} ** {LARGEST_POWER}")
        for factor, other in ((left, right), (right, left)):
            repeats = isinstance(factor, Sequence) and isinstance(other, int)  # text is a Sequence too
            if repeats and len(factor) * other > LONGEST_PRODUCT:
                raise OverflowError(f"a text or list repeated to more than {LONGEST_PRODUCT} characters or items")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may touch `obj.attr`."""
        closed = isinstance(obj, PurePath | BaseModel) or isinstance(value, PurePath)
        return not closed and super().is_safe_attribute(obj, attr, value)


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
    return _find(template_folders(publication), name)


def _find(folders: Iterable[Path], name: str) -> Path:
    for folder in folders:
        path = (folder / name).resolve()
        if path.is_relative_to(folder) and path.is_file():
            return path
    raise RenderError(name.partition("/")[0], f"no template file {name}; restore it under templates/")


def is_own(publication: Publication, name: str) -> bool:
    """Whether the publication has a file of its own in place of the built-in `name`."""
    return not find_file(publication, name).is_relative_to(builtin_folder().resolve())


def read_file(publication: Publication, name: str) -> str:
    """Text of the template file `name`, UTF-8."""
    return _text(find_file(publication, name), name)


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RenderError(name, f"byte {error.start + 1} is no UTF-8; save the template as UTF-8") from None


@lru_cache(maxsize=8)
def _environment(folders: tuple[Path, ...]) -> _Sandbox:
    """The environment of these folders. Compiled templates are kept; one whose text changed is compiled again."""

    def load(wanted: str) -> tuple[str, str, Callable[[], bool]]:
        source = _text(_find(folders, wanted), wanted)
        # The name of the file is what tracebacks call it; a path of the machine would leak into messages.
        return source, f"templates/{wanted}", lambda: _text(_find(folders, wanted), wanted) == source

    return _Sandbox(
        loader=FunctionLoader(load),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def load_template(publication: Publication, name: str, /) -> Callable[..., str]:
    """The template `name`, ready to be rendered many times: call it with the context as keywords.

    Raises RenderError for a fault of its syntax; what it returns raises RenderError as `render_template` does.
    """
    environment = _environment(tuple(template_folders(publication)))
    with _faults_of(name):
        template = environment.get_template(name)

    return _faults_of(name)(template.render)


def render_template(publication: Publication, name: str, /, **context: Any) -> str:
    """Render the template `name` (`email/issue.mjml.j2`) with `context`.

    Strings are escaped as HTML unless they are `Markup`. A Publication in the context is handed over as its
    plain settings. Raises RenderError with the template's name, and line where known, for every fault of a
    template.
    """
    plain = {key: value.settings() if isinstance(value, Publication) else value for key, value in context.items()}
    return load_template(publication, name)(**plain)


@contextmanager
def _faults_of(name: str) -> Iterator[None]:
    """Whatever a template does wrong, as a RenderError that names its file and line."""
    try:
        yield
    except KanfaError:
        raise
    except TemplateSyntaxError as error:
        raise RenderError(f"templates/{error.name or name}:{error.lineno}", error.message or "syntax fault") from None
    except Exception as error:  # noqa: BLE001 - whatever a template calls may raise anything: {{ 1/0 }}
        raise RenderError(_place(error, f"templates/{name}"), f"{type(error).__name__}: {error}") from None


def _place(error: Exception, default: str) -> str:
    """File and line of the innermost template that `error` passed through."""
    frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    inside = [f"{file}:{line}" for file, line in frames if file.startswith("templates/")]
    return inside[-1] if inside else default


def unread_overrides(publication: Publication, folders: Iterable[str]) -> list[tuple[str, str]]:
    """Files of the publication's own templates that nothing reads, each with the name that was probably meant.

    `folders` are those the formats read. A new file in one of them may be a theme; one whose name is almost
    that of a built-in file is a misspelling.
    """
    own, built_in = template_folders(publication)[0], builtin_folder()
    if publication.root is None or own == built_in.resolve():
        return []
    known = sorted(path.relative_to(built_in).as_posix() for path in built_in.rglob("*") if path.is_file())
    found: list[tuple[str, str]] = []
    for path in sorted(path for path in own.rglob("*") if path.is_file()):
        name = path.relative_to(own).as_posix()
        near = get_close_matches(name, known, 1, 0.8)
        if name not in known and not _is_litter(path.name) and (near or name.partition("/")[0] not in folders):
            found.append((name, near[0] if near else ""))
    return found


def _is_litter(name: str) -> bool:
    """Files that editors and systems leave behind and no template is made of."""
    return name.startswith(".") or name.endswith("~") or name == "__pycache__"


def template_hashes(publication: Publication, folder: str) -> dict[str, str]:
    """SHA-256 of every file below `templates/<folder>/`, overrides in place of what they override."""
    hashes: dict[str, str] = {}
    for root in reversed(template_folders(publication)):
        top = root / folder
        for path in sorted(top.rglob("*")) if top.is_dir() else []:
            if path.is_file() and not any(_is_litter(part) for part in path.relative_to(top).parts):
                hashes[path.relative_to(root).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return dict(sorted(hashes.items()))
