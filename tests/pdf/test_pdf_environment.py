"""The machine check: what is missing, and the one command that cures it."""

from __future__ import annotations

import os
import sys
import types

import pytest
from pdf_samples import PUBLICATION

from kanfa.errors import EnvironmentProblem
from kanfa.pdf import environment
from kanfa.pdf.environment import APT, BREW, check_environment, font_families


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


def test_importing_the_format_does_not_load_the_engine():
    """`kanfa --version` must not wait for Pango."""
    import subprocess

    code = "import sys, kanfa.pdf; sys.exit(any(name.partition('.')[0] == 'weasyprint' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
