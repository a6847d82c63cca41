"""The machine check: what is missing, and the one command that cures it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import types
from pathlib import Path

import pytest
from pdf_samples import PUBLICATION, small_issue

from kanfa.errors import EnvironmentProblem
from kanfa.pdf import FORMAT, environment
from kanfa.pdf.environment import APT, BREW, FONTS_CURE, check_environment, font_families, fonts_configuration
from kanfa.publication import Publication
from kanfa.templating import builtin_folder


def test_a_good_machine_tells_its_versions_and_uses_the_own_fonts():
    """Fontconfig is pointed at templates/pdf/fonts.conf."""
    found = check_environment(PUBLICATION)
    assert {"weasyprint", "pydyf", "fonttools", "pango", "harfbuzz", "fonts"} == set(found)
    assert found["weasyprint"].startswith("70.")
    assert found["pango"].count(".") == 2
    assert os.environ["FONTCONFIG_FILE"].endswith("fonts.conf")


def test_the_allowed_families_are_those_of_the_font_files():
    """Text, code and emoji."""
    assert font_families(PUBLICATION) >= {"Noto Sans SC", "Noto Emoji", "DejaVu Sans Mono"}


@pytest.mark.parametrize(("platform", "cure"), [("linux", APT), ("darwin", BREW)])
def test_without_the_subsetter_rendering_is_refused(monkeypatch, platform, cure):
    """It would take ten times as long, and the bytes would change on every run."""
    from weasyprint.text import ffi

    monkeypatch.setattr(ffi, "harfbuzz_subset", None)
    monkeypatch.setattr(environment.sys, "platform", platform)
    with pytest.raises(EnvironmentProblem, match="libharfbuzz-subset") as problem:
        check_environment()
    assert problem.value.cure == cure


def test_without_pango_the_install_command_is_given(monkeypatch):
    """WeasyPrint raises OSError while it is imported."""

    class Broken(types.ModuleType):
        def __getattr__(self, name):
            raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setitem(sys.modules, "weasyprint.text.ffi", Broken("weasyprint.text.ffi"))
    with pytest.raises(EnvironmentProblem, match="Pango cannot be loaded") as problem:
        check_environment()
    assert "libpango" in problem.value.cure


def test_another_major_version_is_refused(monkeypatch):
    """The finisher knows the objects of one major version."""
    import weasyprint

    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    with pytest.raises(EnvironmentProblem, match=r"WeasyPrint 71\.0 is installed"):
        check_environment()


def test_missing_fonts_are_named(tmp_path):
    """A publication may bring its own fonts.conf, but then also its own fonts."""
    folder = tmp_path / "templates" / "pdf"
    folder.mkdir(parents=True)
    (folder / "fonts.conf").write_text("<fontconfig/>")
    with pytest.raises(EnvironmentProblem, match="no font files"):
        check_environment(PUBLICATION.model_copy(update={"root": tmp_path}))


def own_fonts(folder: Path, conf: str = '<fontconfig><dir prefix="relative">fonts</dir></fontconfig>') -> Publication:
    """A publication with a copy of the built-in fonts."""
    top = folder / "templates" / "pdf"
    shutil.copytree(builtin_folder() / "pdf" / "fonts", top / "fonts")
    (top / "fonts.conf").write_text(conf, encoding="utf-8")
    return PUBLICATION.model_copy(update={"root": folder})


def test_a_copy_of_the_fonts_is_as_good(tmp_path):
    """What the other tests break is whole at first."""
    assert fonts_configuration(own_fonts(tmp_path)).parent == (tmp_path / "templates" / "pdf").resolve()


def test_one_missing_font_is_named(tmp_path):
    """The engine would set its text in another face without a word."""
    publication = own_fonts(tmp_path)
    (tmp_path / "templates/pdf/fonts/NotoSansSC-Bold.ttf").unlink()
    with pytest.raises(EnvironmentProblem, match=r"the font NotoSansSC-Bold\.ttf is missing") as problem:
        FORMAT.render(small_issue(), publication)
    assert problem.value.cure == FONTS_CURE


@pytest.mark.parametrize("listed", [True, False], ids=["with a list", "without a list"])
def test_a_font_that_is_cut_off_is_named(tmp_path, listed):
    """A download that broke off, or a pointer of a large-file store in its place."""
    publication = own_fonts(tmp_path)
    folder = tmp_path / "templates/pdf/fonts"
    font = folder / "NotoSansSC-Regular.ttf"
    font.write_bytes(font.read_bytes()[:100_000])
    if not listed:
        (folder / "SHA256SUMS").unlink()
    with pytest.raises(EnvironmentProblem, match=r"NotoSansSC-Regular\.ttf is damaged"):
        FORMAT.render(small_issue(), publication)
    font.write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(EnvironmentProblem, match=r"NotoSansSC-Regular\.ttf is damaged"):
        FORMAT.render(small_issue(), publication)


def test_a_font_of_other_content_is_named(tmp_path):
    """One byte within a glyph: only the list can know."""
    publication = own_fonts(tmp_path)
    font = tmp_path / "templates/pdf/fonts/NotoSansSC-Regular.ttf"
    data = bytearray(font.read_bytes())
    data[len(data) // 2] ^= 1
    font.write_bytes(data)
    with pytest.raises(EnvironmentProblem, match="is damaged"):
        fonts_configuration(publication)


@pytest.mark.parametrize(
    ("conf", "words"),
    [
        ("<fontconfig><dir>/usr/share/fonts</dir></fontconfig>", "names the folder “/usr/share/fonts”"),
        ('<fontconfig><dir prefix="relative">../..</dir></fontconfig>', "names the folder “../..”"),
        ("<fontconfig><include>/etc/fonts/fonts.conf</include></fontconfig>", "includes “/etc/fonts/fonts.conf”"),
        ("<fontconfig>", "cannot be read: no element found"),
    ],
)
def test_a_configuration_leads_to_no_fonts_but_its_own(tmp_path, conf, words):
    """Fonts of the machine would give other bytes on the next."""
    with pytest.raises(EnvironmentProblem, match=re.escape(words)):
        fonts_configuration(own_fonts(tmp_path, conf))


def test_the_list_of_fonts_names_each_of_them():
    """Whoever builds the fonts anew writes the list anew: `sha256sum *.ttf > SHA256SUMS`."""
    folder = builtin_folder() / "pdf" / "fonts"
    lines = (folder / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    found = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in sorted(folder.glob("*.ttf"))]
    assert lines == found


def test_importing_the_format_does_not_load_the_engine():
    """`kanfa --version` must not wait for Pango."""
    import subprocess

    code = "import sys, kanfa.pdf; sys.exit(any(name.partition('.')[0] == 'weasyprint' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
