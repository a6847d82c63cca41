"""Templates can be overridden one by one; a faulty or hostile one fails with its name and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from markupsafe import Markup

from kanfa.errors import RenderError
from kanfa.publication import Publication
from kanfa.templating import (
    builtin_folder,
    find_file,
    render_template,
    template_folders,
    template_hashes,
    unread_overrides,
)


@pytest.fixture
def override(tmp_path: Path) -> Publication:
    """A publication with one template of its own."""
    folder = tmp_path / "templates" / "toy"
    folder.mkdir(parents=True)
    (folder / "page.html.j2").write_text("<p>{{ word }}</p>\n{{ missing }}\n", encoding="utf-8")
    (folder / "good.html.j2").write_text("<p>{{ word }}</p>", encoding="utf-8")
    return Publication(root=tmp_path)


def test_the_publications_own_folder_comes_before_the_built_in_one(override: Publication) -> None:
    folders = template_folders(override)
    assert folders[0].name == "templates"
    assert folders[-1] == builtin_folder()


def test_text_is_escaped_and_markup_is_not(override: Publication) -> None:
    assert render_template(override, "toy/good.html.j2", word="<b>") == "<p>&lt;b&gt;</p>"
    assert render_template(override, "toy/good.html.j2", word=Markup("<b>")) == "<p><b></p>"


def test_jinja_inside_the_text_of_an_issue_is_only_text(override: Publication) -> None:
    assert "{{ 7*7 }}" in render_template(override, "toy/good.html.j2", word="{{ 7*7 }}")


def test_a_misspelt_name_fails_instead_of_printing_nothing(override: Publication) -> None:
    with pytest.raises(RenderError, match="'missing' is undefined"):
        render_template(override, "toy/page.html.j2", word="x")


def test_a_syntax_fault_names_template_and_line(override: Publication) -> None:
    assert override.root is not None
    (override.root / "templates/toy/bad.html.j2").write_text("a\n{% if %}\n", encoding="utf-8")
    with pytest.raises(RenderError, match=r"templates/toy/bad\.html\.j2:2: "):
        render_template(override, "toy/bad.html.j2")


@pytest.mark.parametrize(
    "code", ["{{ ''.__class__.__mro__ }}", "{{ word.__init__.__globals__ }}", "{{ cycler.__init__.__globals__.os }}"]
)
def test_an_override_cannot_reach_python(override: Publication, code: str) -> None:
    assert override.root is not None
    (override.root / "templates/toy/hostile.html.j2").write_text(code, encoding="utf-8")
    with pytest.raises(RenderError, match=r"SecurityError|UndefinedError"):
        render_template(override, "toy/hostile.html.j2", word="x")


@pytest.mark.parametrize("code", ["{{ 'x' * 10**10 }}", "{{ [0] * (10 ** 9) }}", "{{ 10 ** 10 ** 10 }}"])
def test_an_override_cannot_take_all_memory(override: Publication, code: str) -> None:
    """Products and powers have bounds that no template of a newsletter comes near."""
    assert override.root is not None
    (override.root / "templates" / "toy" / "bomb.html.j2").write_text(code, encoding="utf-8")
    with pytest.raises(RenderError, match=r"templates/toy/bomb.html.j2:1: OverflowError"):
        render_template(override, "toy/bomb.html.j2")
    (override.root / "templates" / "toy" / "bomb.html.j2").write_text("{{ '-' * 3 }}{{ 2 ** 3 * 4 }}", encoding="utf-8")
    assert render_template(override, "toy/bomb.html.j2") == "---32"


def test_no_file_outside_the_templates_is_found(override: Publication) -> None:
    with pytest.raises(RenderError, match="no template file"):
        find_file(override, "toy/../../kanfa.toml")


def test_hashes_cover_overrides_and_change_with_them(override: Publication) -> None:
    assert override.root is not None
    before = template_hashes(override, "toy")
    (override.root / "templates/toy/good.html.j2").write_text("other", encoding="utf-8")
    after = template_hashes(override, "toy")
    assert list(before) == ["toy/good.html.j2", "toy/page.html.j2"]
    assert before["toy/page.html.j2"] == after["toy/page.html.j2"]
    assert before["toy/good.html.j2"] != after["toy/good.html.j2"]


@pytest.mark.parametrize(
    "code",
    [
        '{{ publication.root.joinpath("/etc/hostname").read_text() }}',
        "{{ publication.parse_raw('x', proto='pickle', allow_pickle=True) }}",
        "{{ publication.model_copy() }}",
        "{{ folder.read_text() }}",
        "{{ model.model_dump() }}",
    ],
)
def test_nothing_that_reads_files_or_unpickles_is_within_reach(override: Publication, code: str) -> None:
    assert override.root is not None
    (override.root / "templates/toy/hostile.html.j2").write_text(code, encoding="utf-8")
    with pytest.raises(RenderError, match=r"SecurityError|UndefinedError"):
        render_template(
            override, "toy/hostile.html.j2", publication=override, folder=override.root, model=override.email
        )


def test_a_template_that_is_a_link_out_of_the_folder_is_not_found(override: Publication, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    assert override.root is not None
    (override.root / "templates/toy/link.html.j2").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(RenderError, match="no template file"):
        render_template(override, "toy/link.html.j2")


def test_whatever_a_template_raises_is_named_with_the_template(override: Publication) -> None:
    assert override.root is not None
    (override.root / "templates/toy/zero.html.j2").write_text("{{ 1/0 }}", encoding="utf-8")
    with pytest.raises(RenderError, match=r"templates/toy/zero\.html\.j2:1: ZeroDivisionError"):
        render_template(override, "toy/zero.html.j2")
    (override.root / "templates/toy/gbk.html.j2").write_bytes("周刊".encode("gbk"))
    with pytest.raises(RenderError, match="save the template as UTF-8"):
        render_template(override, "toy/gbk.html.j2")


def test_litter_in_the_templates_folder_changes_no_hash(override: Publication) -> None:
    assert override.root is not None
    before = template_hashes(override, "toy")
    (override.root / "templates/toy/.DS_Store").write_bytes(b"x")
    (override.root / "templates/toy/good.html.j2~").write_bytes(b"x")
    assert template_hashes(override, "toy") == before


def test_a_misspelt_override_is_named_with_what_was_meant(tmp_path: Path) -> None:
    for name in (
        "emial/theme.css",
        "wechat/plane.css",
        "wechat/spring-theme.css",
        "email/theme.css",
        "email/.DS_Store",
    ):
        path = tmp_path / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = unread_overrides(Publication(root=tmp_path), {"email", "wechat"})
    assert found == [("emial/theme.css", "email/theme.css"), ("wechat/plane.css", "wechat/plain.css")]
    assert unread_overrides(Publication(), {"email"}) == []
