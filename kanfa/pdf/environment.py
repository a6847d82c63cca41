"""Is this machine able to make the PDF edition? Pango, HarfBuzz's subsetter, WeasyPrint and the fonts."""

from __future__ import annotations

import functools
import hashlib
import os
import struct
import sys
import warnings
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree

from kanfa.errors import EnvironmentProblem, RenderError
from kanfa.publication import Publication
from kanfa.templating import find_file

WEASYPRINT_MAJOR = "70"
"""The finisher and the log records are known for this major version only; each one moves something."""
WANTED = f"weasyprint>={WEASYPRINT_MAJOR},<{int(WEASYPRINT_MAJOR) + 1}"

APT = "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
BREW = "brew install pango harfbuzz"
FONTS_CURE = "python templates/pdf/build_fonts.py"

CHECKSUMS = "SHA256SUMS"
"""File beside the fonts, as `sha256sum` writes it: the fonts that must be there."""
NEEDED_TABLES = frozenset({b"cmap", b"head", b"hhea", b"hmtx", b"maxp", b"name"})
"""Without one of them a font cannot be used (OpenType 1.9, Required tables)."""
FONT_SUFFIXES = frozenset({".ttf", ".otf", ".ttc"})


def cure() -> str:
    """The command that installs the system libraries on this kind of machine."""
    return BREW if sys.platform == "darwin" else APT


def fonts_configuration(publication: Publication) -> Path:
    """The private fontconfig file of the edition: `templates/pdf/fonts.conf`, the publication's own first.

    Raises EnvironmentProblem when it, or one of the fonts beside it, is missing or damaged: the engine would
    silently take another face.
    """
    try:
        configuration = find_file(publication, "pdf/fonts.conf")
    except RenderError:
        raise EnvironmentProblem("the fonts of the PDF edition are missing (templates/pdf)", FONTS_CURE) from None
    _refuse_other_folders(configuration)
    folder = configuration.parent / "fonts"
    fonts = font_files(configuration)
    listed = _listed(folder)
    missing = sorted(listed.keys() - {path.name for path in fonts})
    if missing:
        raise EnvironmentProblem(f"the font {missing[0]} is missing from {folder}", FONTS_CURE)
    if not fonts:
        raise EnvironmentProblem(f"no font files in {folder}", FONTS_CURE)
    for path in fonts:
        state = path.stat()
        if not _is_whole(path, state.st_size, state.st_mtime_ns, listed.get(path.name, "")):
            raise EnvironmentProblem(f"the font {path} is damaged", FONTS_CURE)
    return configuration


def _refuse_other_folders(configuration: Path) -> None:
    """A fontconfig file may lead anywhere; one that leaves its folder gives other bytes on every machine, too."""
    try:
        root = ElementTree.fromstring(configuration.read_bytes())  # noqa: S314 - expat reads no other files
    except (ElementTree.ParseError, OSError) as error:
        raise EnvironmentProblem(f"{configuration} cannot be read: {error}", FONTS_CURE) from None
    for element in root.iter():
        if element.tag == "include":
            raise EnvironmentProblem(f"{configuration} includes “{element.text}”", "take <include> out of it")
        if element.tag == "dir":
            folder = configuration.parent / (element.text or "").strip()
            if element.get("prefix") != "relative" or not folder.resolve().is_relative_to(configuration.parent):
                words = (
                    f"{configuration} names the folder “{element.text}”; fonts must lie in the folder fonts beside it"
                )
                raise EnvironmentProblem(words, '<dir prefix="relative">fonts</dir>')


def font_files(configuration: Path) -> list[Path]:
    """The font files beside a fontconfig file, in the order of their names."""
    folder = configuration.parent / "fonts"
    return sorted(path for path in folder.glob("*") if path.suffix.lower() in FONT_SUFFIXES)


def _listed(folder: Path) -> dict[str, str]:
    """SHA-256 of each font that must be there, by file name; nothing where a publication's own fonts have no list."""
    try:
        lines = (folder / CHECKSUMS).read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError):
        raise EnvironmentProblem(f"the list of fonts {folder / CHECKSUMS} cannot be read", FONTS_CURE) from None
    return {name.strip(): digest for digest, _, name in (line.partition("  ") for line in lines if line.strip())}


@functools.lru_cache(maxsize=64)
def _is_whole(path: Path, size: int, _changed: int, wanted: str) -> bool:
    """Whether a font file is the one of the list or, without a list, whether every table lies within the file.

    Size and time of the last change are part of the question, so that a changed file is looked at again.
    """
    try:
        data = path.read_bytes()
    except OSError:
        return False
    if wanted:
        return hashlib.sha256(data).hexdigest() == wanted
    if data[:4] == b"ttcf":  # a collection; fontconfig reads its parts
        return len(data) > 12
    if data[:4] not in {b"\0\1\0\0", b"OTTO", b"true"}:
        return False
    tables: dict[bytes, int] = {}
    for at in range(12, 12 + 16 * int.from_bytes(data[4:6], "big"), 16):
        if at + 16 > size:
            return False
        offset, length = struct.unpack_from(">II", data, at + 8)
        tables[data[at : at + 4]] = offset + length if length else size + 1
    return tables.keys() >= NEEDED_TABLES and max(tables.values()) <= size


def font_families(publication: Publication) -> frozenset[str]:
    """Names of the font families that the edition may use, read from the font files themselves."""
    return _families(fonts_configuration(publication))


def _families(configuration: Path) -> frozenset[str]:
    from fontTools.ttLib import TTFont, TTLibError

    families: set[str] = set()
    for path in font_files(configuration):
        try:
            with TTFont(path, lazy=True, fontNumber=0) as font:
                names = font["name"]
                families |= {name for name in (names.getDebugName(1), names.getDebugName(16)) if name}
        except (TTLibError, OSError, LookupError, struct.error):
            raise EnvironmentProblem(f"the font {path} is damaged", FONTS_CURE) from None
    return frozenset(families)


def check_environment(publication: Publication | None = None) -> Mapping[str, str]:
    """Versions of everything that shapes the bytes; points fontconfig at the edition's own fonts.

    Raises EnvironmentProblem with the one command that cures it when Pango, HarfBuzz's subsetter, the right
    WeasyPrint or the fonts are missing. Must run before the first render within this process; the worker, where
    `render` has its pages set, does so by itself.
    """
    configuration = fonts_configuration(publication or Publication())
    os.environ["FONTCONFIG_FILE"] = str(configuration)
    return {**check_libraries(), "fonts": _families_line(configuration)}


def check_worker(publication: Publication | None = None) -> Mapping[str, str]:
    """The same of the worker, so that this process need not load the engine."""
    from kanfa.pdf.worker import workshop

    configuration = fonts_configuration(publication or Publication())
    return {**workshop().versions(configuration), "fonts": _families_line(configuration)}


def check_libraries() -> Mapping[str, str]:
    """Versions of WeasyPrint and of what it needs.

    Raises EnvironmentProblem when Pango, the right WeasyPrint, or HarfBuzz's subsetter is missing: without the last,
    rendering takes ten times as long and the bytes change on every run.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # without the subsetter WeasyPrint warns; we refuse below
        try:
            import weasyprint
            from weasyprint.text.ffi import harfbuzz, harfbuzz_subset, pango
        except OSError as error:
            found = str(error).splitlines()[0].partition(".  Additionally")[0]
            raise EnvironmentProblem(f"Pango cannot be loaded: {found}", cure()) from None
        except ImportError as error:
            raise EnvironmentProblem(f"WeasyPrint cannot be loaded: {error}", f"pip install '{WANTED}'") from None
    found = str(weasyprint.__version__)
    if found.partition(".")[0] != WEASYPRINT_MAJOR:
        raise EnvironmentProblem(f"WeasyPrint {found} is installed, {WANTED} is needed", f"pip install '{WANTED}'")
    if harfbuzz_subset is None or not harfbuzz.hb_version_atleast(4, 1, 0):
        raise EnvironmentProblem("HarfBuzz cannot make font subsets: libharfbuzz-subset is missing", cure())
    return {
        "weasyprint": found,
        "pydyf": version("pydyf"),
        "fonttools": version("fonttools"),
        "pango": _pango_version(int(pango.pango_version())),
        "harfbuzz": _harfbuzz_version(harfbuzz),
    }


def _families_line(configuration: Path) -> str:
    return ", ".join(sorted(_families(configuration)))


def _pango_version(number: int) -> str:
    """15012 is 1.50.12."""
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


def _harfbuzz_version(harfbuzz: object) -> str:
    """The version that the loaded library reports for itself, found with its own comparison."""
    atleast = harfbuzz.hb_version_atleast  # type: ignore[attr-defined]
    major = max((number for number in range(4, 40) if atleast(number, 0, 0)), default=4)
    minor = max((number for number in range(100) if atleast(major, number, 0)), default=0)
    micro = max((number for number in range(100) if atleast(major, minor, number)), default=0)
    return f"{major}.{minor}.{micro}"
