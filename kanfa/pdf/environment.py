"""Is this machine able to make the PDF edition? Pango, HarfBuzz's subsetter, WeasyPrint and the fonts."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from kanfa.errors import EnvironmentProblem, RenderError
from kanfa.publication import Publication
from kanfa.templating import find_file

WEASYPRINT_MAJOR = "70"
"""The finisher and the log records are known for this major version only; each one moves something."""

APT = "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
BREW = "brew install pango harfbuzz"
FONTS_CURE = "python templates/pdf/build_fonts.py"

FONT_SUFFIXES = frozenset({".ttf", ".otf", ".ttc"})


def cure() -> str:
    """The command that installs the system libraries on this kind of machine."""
    return BREW if sys.platform == "darwin" else APT


def fonts_configuration(publication: Publication) -> Path:
    """The private fontconfig file of the edition: `templates/pdf/fonts.conf`, the publication's own first.

    Raises EnvironmentProblem when it, or the fonts beside it, are missing.
    """
    try:
        configuration = find_file(publication, "pdf/fonts.conf")
    except RenderError:
        raise EnvironmentProblem("the fonts of the PDF edition are missing (templates/pdf)", FONTS_CURE) from None
    if not font_files(configuration):
        raise EnvironmentProblem(f"no font files in {configuration.parent / 'fonts'}", FONTS_CURE)
    return configuration


def font_files(configuration: Path) -> list[Path]:
    """The font files beside a fontconfig file, in the order of their names."""
    folder = configuration.parent / "fonts"
    return sorted(path for path in folder.glob("*") if path.suffix.lower() in FONT_SUFFIXES)


def font_families(publication: Publication) -> frozenset[str]:
    """Names of the font families that the edition may use, read from the font files themselves."""
    from fontTools.ttLib import TTFont

    families: set[str] = set()
    for path in font_files(fonts_configuration(publication)):
        with TTFont(path, lazy=True, fontNumber=0) as font:
            names = font["name"]
            families |= {name for name in (names.getDebugName(1), names.getDebugName(16)) if name}
    return frozenset(families)


def check_environment(publication: Publication | None = None) -> Mapping[str, str]:
    """Versions of everything that shapes the bytes; points fontconfig at the edition's own fonts.

    Raises EnvironmentProblem with the one command that cures it when Pango, HarfBuzz's subsetter (without
    it rendering takes ten times as long and the bytes change on every run), the right WeasyPrint or the
    fonts are missing. Must run before the first render of a process; `render` calls it by itself.
    """
    configuration = fonts_configuration(publication or Publication())
    os.environ["FONTCONFIG_FILE"] = str(configuration)
    try:
        import weasyprint
        from weasyprint.text.ffi import harfbuzz, harfbuzz_subset, pango
    except OSError as error:
        raise EnvironmentProblem(f"Pango cannot be loaded: {str(error).splitlines()[0]}", cure()) from None
    found = str(weasyprint.__version__)
    if found.partition(".")[0] != WEASYPRINT_MAJOR:
        wanted = f"weasyprint>={WEASYPRINT_MAJOR},<{int(WEASYPRINT_MAJOR) + 1}"
        raise EnvironmentProblem(f"WeasyPrint {found} is installed, {wanted} is needed", f"pip install '{wanted}'")
    if harfbuzz_subset is None or not harfbuzz.hb_version_atleast(4, 1, 0):
        raise EnvironmentProblem("HarfBuzz cannot make font subsets: libharfbuzz-subset is missing", cure())
    return {
        "weasyprint": found,
        "pydyf": version("pydyf"),
        "fonttools": version("fonttools"),
        "pango": _pango_version(int(pango.pango_version())),
        "harfbuzz": _harfbuzz_version(harfbuzz),
        "fonts": ", ".join(sorted(font_families(publication or Publication()))),
    }


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
