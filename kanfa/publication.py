"""kanfa.toml: the settings of one publication, typed and checked.

All faults of the file are reported together. Unknown keys are faults: a misspelt key would otherwise
be ignored without a word. Addresses must be absolute http(s) addresses.
"""

from __future__ import annotations

import os
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from kanfa.channel_settings import DkimSettings, EmailSettings, PdfSettings, SmtpSettings, WeChatSettings
from kanfa.errors import Place, PublicationError
from kanfa.setting_types import (
    Address,
    AddressPattern,
    Folder,
    IssuePattern,
    Name,
    Phrase,
    Repository,
    Settings,
    Weekday,
    folded,
    twice,
)

FILE_NAME = "kanfa.toml"


def _twice(words: str, place: int) -> PydanticCustomError:
    """A fault of the 0-based `place` in a list, found only when the whole list was read."""
    return PydanticCustomError("declared_twice", "{words}", {"words": words, "place": place})


class SectionSettings(Settings):
    """`[[sections]]`: one section that issues of this publication have, in the order of the file."""

    name: Name
    """The heading, compared without white space, case and difference between full and half width."""
    aliases: tuple[Name, ...] = ()
    """Other headings that mean this section."""
    required: bool = False
    """Whether every issue must have it."""
    numbered: bool = False
    """Whether paragraphs that begin with `1、` are the items of a numbered list here."""
    strict_links: bool = False
    """Whether an address may stand here only once, and not in recent issues either."""
    repository: Repository | None = None
    """What a bare `#123` means here."""
    max_characters: int | None = Field(default=None, gt=0)
    """Budget: characters that a reader sees, white space not counted."""
    max_items: int | None = Field(default=None, gt=0)
    """Budget: items of the section's lists, those inside other items not counted."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every heading that means this section, its own name first."""
        return (self.name, *self.aliases)


def _distinct_sections(sections: tuple[SectionSettings, ...]) -> tuple[SectionSettings, ...]:
    if double := twice(name for section in sections for name in section.names):
        at = max(number for number, section in enumerate(sections) if double in section.names)
        raise _twice(f"“{double}” is declared twice: names and aliases must differ", at)
    return sections


class Series(Settings):
    """`[[shorthands.series]]`: numbered things that have pages of their own, such as CVE-2019-5736."""

    prefix: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9]*-$")
    """What stands before the number, with its hyphen: `KEP-`, `CVE-`."""
    address: AddressPattern
    """`{}` takes what follows the prefix."""
    whole: bool = False
    """Whether `{}` takes prefix and number together."""


def _distinct_series(series: tuple[Series, ...]) -> tuple[Series, ...]:
    if double := twice(one.prefix for one in series):
        raise _twice(f"“{double}” is declared twice", max(n for n, one in enumerate(series) if one.prefix == double))
    return series


def _distinct_names(repositories: dict[str, str]) -> dict[str, str]:
    if double := twice(repositories):
        raise ValueError(f"“{double}” is declared twice: case makes no difference")
    return repositories


class Shorthands(Settings):
    """`[shorthands]`: short words that stand for links. Nothing is linked that is not declared here."""

    repository: Repository | None = None
    """What a bare `#123` means in sections without a repository of their own."""
    repositories: Annotated[
        dict[Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")], Repository], AfterValidator(_distinct_names)
    ] = Field(default_factory=dict)
    """`kubernetes#123`: the repository behind each short name; case makes no difference."""
    issues: IssuePattern = "https://github.com/{repository}/issues/{number}"
    """What `#123`, `kubernetes#123` and `owner/name#123` link to. GitHub leads from `/issues/` to `/pull/` itself."""
    people: AddressPattern | None = None
    """What `@name` links to, e.g. `https://github.com/{}`."""
    series: Annotated[tuple[Series, ...], AfterValidator(_distinct_series)] = ()


class BackIssues(Settings):
    """`[back_issues]`: the list of earlier issues, for an issue that lists none itself."""

    count: int = Field(default=8, ge=0, le=100)
    """How many are listed, the latest first; 0 lists none."""


def _wrong_is_not_right(glossary: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    for right, wrong in glossary.items():
        if both := next((word for word in wrong if word in glossary), None):
            raise ValueError(f"“{both}” is a wrong spelling of “{right}” and a right one too; keep one of them")
    return glossary


class LintSettings(Settings):
    """`[lint]`: what the editorial checks compare with."""

    recent: int = Field(default=5, ge=0, le=50)
    """How many earlier issues repeated links are looked for in; strict sections only."""
    autocorrect: bool = True
    """Whether Chinese copy-editing (spaces between Han and Latin, full-width marks) is suggested."""
    minutes: int | None = Field(default=None, gt=0)
    """Longest reading time; None sets no limit."""
    characters_per_minute: int = Field(default=400, gt=0)
    """Reading speed: Han characters, and Latin words, each minute."""
    off: tuple[str, ...] = ()
    """Ids of rules of warning or info level that are never reported."""


class LinkSettings(Settings):
    """`[links]`: how `kanfa links` asks."""

    ignore: tuple[str, ...] = ()
    """Hosts, or beginnings of addresses, that are never asked."""
    timeout: float = Field(default=10, gt=0, le=120)
    """Seconds for one request."""
    per_host: int = Field(default=2, ge=1, le=10)
    """Requests to one host at the same time."""
    expires: int = Field(default=7, ge=0, le=365)
    """Days that a good answer is remembered."""


class Publication(Settings):
    """One newsletter. `root` is its folder; None when an issue is published outside any publication."""

    name: Phrase = Field(default="Newsletter", min_length=1)
    tagline: Phrase = ""
    language: str = Field(default="zh-CN", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    publisher: Phrase = ""
    url: Address = "https://newsletter.invalid"
    """Public address of the archive folder, without a final slash."""
    licence: Phrase = ""
    content: Folder = "content/issues"
    outbox: Folder = "outbox"
    archive: Folder = "archive"
    """Folder the archive channel writes, to be served at `url`."""
    state: Folder = ".kanfa"
    """Folder of the managed Prefect server and other local state; never committed."""
    messages: str = Field(default="", pattern=r"^(zh|en)?$")
    """Language of findings: `zh` or `en`; the publication's own when empty."""
    weekday: Weekday | None = None
    """The day on which issues appear: `kanfa new` dates an issue to the next one."""
    sections: Annotated[tuple[SectionSettings, ...], AfterValidator(_distinct_sections)] = ()
    shorthands: Shorthands = Shorthands()
    back_issues: BackIssues = BackIssues()
    glossary: Annotated[dict[Name, tuple[Name, ...]], AfterValidator(_wrong_is_not_right)] = Field(default_factory=dict)
    """Right spelling → wrong ones, as whole words: `Kubernetes = ["kubernetes"]`."""
    lint: LintSettings = LintSettings()
    links: LinkSettings = LinkSettings()
    email: EmailSettings = EmailSettings()
    pdf: PdfSettings = PdfSettings()
    wechat: WeChatSettings = WeChatSettings()
    smtp: SmtpSettings = SmtpSettings()
    dkim: DkimSettings = DkimSettings()
    root: Path | None = Field(default=None, exclude=True)

    def issue_url(self, slug: str) -> str:
        """Public address of an issue's page: where the archive channel puts it."""
        return f"{self.url.rstrip('/')}/{slug}/"

    def section(self, title: str) -> SectionSettings | None:
        """The declared section that the heading `title` means, by name or alias; None when there is none."""
        wanted = folded(title)
        return next((one for one in self.sections if wanted in map(folded, one.names)), None)

    def settings(self) -> dict[str, Any]:
        """Everything that may shape a release, as plain JSON values; where folders lie does not."""
        return self.model_dump(mode="json", exclude={**dict.fromkeys(_UNSEEN, True), "wechat": {"api"}})

    @property
    def base(self) -> Path:
        """The folder that relative settings start from: the publication, or the current folder."""
        return self.root if self.root is not None else Path.cwd()


_UNSEEN = {
    "content", "outbox", "archive", "state", "messages", "weekday", "glossary", "lint", "links", "smtp", "dkim",
}  # fmt: skip
"""Settings that change no byte of a release."""


def _line_of(source: str, keys: tuple[str | int, ...]) -> int:
    """Line of the TOML key or table that `keys` lead to; of the last of them that is found, else 1.

    A number after a name is the 0-based place among the tables `[[name]]`.
    """
    lines = [line.strip() for line in source.splitlines()]
    at, path = 0, ""
    for place, key in enumerate(keys):
        if isinstance(key, int):
            headers = [number for number, line in enumerate(lines, 1) if _header(line) == f"[[{path}]]"]
            at = headers[key] if key < len(headers) else at
            continue
        path = f"{path}.{key}" if path else key
        if place + 1 < len(keys) and isinstance(keys[place + 1], int) and f"[[{path}]]" in map(_header, lines):
            continue
        headers = [number for number, line in enumerate(lines, 1) if _header(line) in {f"[{path}]", f"[[{path}]]"}]
        end = next((number for number in range(at, len(lines)) if lines[number].startswith("[")), len(lines))
        names = (number for number in range(at, end) if lines[number].partition("=")[0].strip(" \t\"'") == key)
        at = next(iter(headers), 0) or next((number + 1 for number in names), at)
    return at or 1


def _header(line: str) -> str:
    """`line` without its comment and the spaces in its brackets, when it is the header of a table."""
    return line.partition("#")[0].replace(" ", "") if line.startswith("[") else ""


_PLAIN = {
    "tuple_type": 'must be a list, such as ["a", "b"]',
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "too_short": "must not be empty",
}
"""Faults that pydantic names in Python's words."""


def _words(fault: ErrorDetails) -> str:
    """pydantic's message; for an unknown key, what it may have been meant to be."""
    if fault["type"] != "extra_forbidden":
        return _PLAIN.get(fault["type"]) or fault["msg"].removeprefix("Value error, ")
    *tables, key = map(str, fault["loc"])
    model: type[BaseModel] = Publication
    for table in tables:
        if table in model.model_fields:  # a place in a list is none
            model = _model_in(model.model_fields[table].annotation) or model
    near = get_close_matches(key, model.model_fields, 1)
    return "there is no such setting" + (f"; did you mean {near[0]}?" if near else "")


def _model_in(kind: object) -> type[BaseModel] | None:
    """The settings that an annotation names, alone or in a list of them."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((found for part in get_args(kind) if (found := _model_in(part))), None)


def parse_publication(source: str, file: str, root: Path | None = None) -> Publication:
    """The publication that the text of a kanfa.toml describes.

    Raises PublicationError with the line of the first fault and all faults in its message.
    """
    lines = source.splitlines()

    def place(line: int) -> Place:
        return Place(file, line, lines[line - 1] if 0 < line <= len(lines) else "")

    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        found = [int(word) for word in str(error).replace(",", " ").split() if word.isdigit()]
        raise PublicationError(f"no valid TOML: {error}", place(found[0] if found else max(1, len(lines)))) from None
    except (RecursionError, ValueError) as error:  # int() refuses numbers of thousands of digits
        what = "it nests too deep" if isinstance(error, RecursionError) else "a number in it is too long"
        raise PublicationError(f"no valid TOML: {what}", place(_longest(lines))) from None
    if "root" in data:  # ours: where the file lies
        raise PublicationError("root: there is no such setting", place(_line_of(source, ("root",))))
    try:
        return Publication.model_validate({**data, "root": root})
    except ValidationError as error:
        faults = error.errors()
        text = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'file'}: {_words(fault)}" for fault in faults)
        shown = next((fault for fault in faults if fault["type"] != "missing"), faults[0])  # misspelt, so missing
        loc = tuple(key for key in shown["loc"] if key != "[key]")
        if shown["type"] == "declared_twice":
            loc = (*loc, shown["ctx"]["place"])
        raise PublicationError(text, place(_line_of(source, loc))) from None


def _longest(lines: list[str]) -> int:
    """The longest line: what is too deep or too long for Python stands there."""
    return max(range(len(lines)), key=lambda number: len(lines[number]), default=0) + 1


def _text_of(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        text = data.splitlines()[line - 1].decode("ascii", "replace")
        raise PublicationError("no UTF-8; save the file as UTF-8", Place(str(path), line, text)) from None


def find_publication(*starts: Path) -> Publication | None:
    """The publication that holds the first of `starts` to lie in one; each is searched upwards for kanfa.toml."""
    for start in starts:
        folder = start if start.is_dir() else start.parent
        for candidate in (folder.resolve(), *folder.resolve().parents):
            path = candidate / FILE_NAME
            if path.is_dir() or (not path.is_file() and os.path.lexists(path)):  # a pipe would block
                raise PublicationError("it is no ordinary file; write one, or take it away", Place(str(path), 1))
            if path.is_file():
                return parse_publication(_text_of(path), str(path), candidate)
    return None
