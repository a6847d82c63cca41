"""kanfa.toml is read strictly: a fault is named with its line, never ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from kanfa.errors import PublicationError
from kanfa.issue.reader import read
from kanfa.publication import Publication, find_publication, parse_publication

GOOD = """\
name = "周刊"
url = "https://weekly.example.org/archive/"

[email]
list_id = "weekly.example.org"
"""


def test_a_file_becomes_typed_settings_with_defaults_for_the_rest() -> None:
    publication = parse_publication(GOOD, "kanfa.toml")
    assert publication.name == "周刊"
    assert publication.email.list_id == "weekly.example.org"
    assert publication.pdf.page_size == "A4"
    assert publication.issue_url("009") == "https://weekly.example.org/archive/009/"


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ('name = "x"\nnmae = "y"\n', 2, "nmae"),
        ('name = "x"\n[email]\nlist_id = 5\n', 3, "email.list_id"),
        ('name = "x"\n\nurl = "weekly.example.org"\n', 3, "absolute http(s) address"),
        ('name = "x"\noutbox = "../elsewhere"\n', 2, "inside the publication"),
        ('name = "x"\nstate = "/tmp"\n', 2, "inside the publication"),
        ('name = "x"\nname = ?\n', 2, "no valid TOML"),
        ('[pdf]\npage_size = "A3"\n', 2, "pdf.page_size"),
    ],
)
def test_a_fault_is_named_with_its_line(source: str, line: int, words: str) -> None:
    with pytest.raises(PublicationError) as caught:
        parse_publication(source, "kanfa.toml")
    assert caught.value.place.line == line
    assert words in str(caught.value)


def test_all_faults_are_reported_together() -> None:
    with pytest.raises(PublicationError, match=r"language.*url|url.*language"):
        parse_publication('language = "中文"\nurl = "x"\n', "kanfa.toml")


def test_the_publication_is_the_one_that_holds_the_file_however_deep(tmp_path: Path) -> None:
    (tmp_path / "kanfa.toml").write_text("\ufeff" + GOOD, encoding="utf-8")
    issue = tmp_path / "content" / "issues" / "009" / "issue.md"
    issue.parent.mkdir(parents=True)
    issue.touch()
    found = find_publication(issue)
    assert found is not None
    assert found.root == tmp_path.resolve()
    assert found.base == tmp_path.resolve()


def test_outside_any_publication_the_defaults_serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_publication(tmp_path) is None
    assert Publication().base == tmp_path


def test_what_goes_into_a_release_names_no_folder_of_the_machine(tmp_path: Path) -> None:
    assert str(tmp_path) not in str(parse_publication(GOOD, "kanfa.toml", tmp_path).settings())


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "kanfa.toml").write_bytes('url = "https://x.org"\nname = "周刊"\n'.encode("gbk"))
    with pytest.raises(PublicationError, match="save the file as UTF-8") as caught:
        find_publication(tmp_path)
    assert caught.value.place.line == 2


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(PublicationError, match="url"):
        parse_publication('url = "https://[x"\n', "kanfa.toml")


def test_a_misspelt_setting_is_named_with_the_one_that_was_meant() -> None:
    with pytest.raises(PublicationError, match=r"taglin: there is no such setting; did you mean tagline\?"):
        parse_publication('taglin = "x"\n', "kanfa.toml")
    with pytest.raises(PublicationError, match=r"email\.listid: .*did you mean list_id\?"):
        parse_publication('[email]\nlistid = "x"\n', "kanfa.toml")


@pytest.mark.parametrize(
    "line",
    [
        'name = ""',
        'name = "a\\nb"',
        '[email]\nfrom_address = "nobody"',
        '[email]\nto_address = ""',
        '[email]\nto_address = "张三@example.org"',
        '[email]\nfrom_name = "=?utf-8?q?x?="',
        '[email]\nlist_id = "a b> <c"',
        '[email]\nlist_id = ""',
        '[email]\nunsubscribe_url = "http://example.org/__UNSUB__"',
    ],
)
def test_what_would_break_a_header_of_the_mail_is_refused_here(line: str) -> None:
    with pytest.raises(PublicationError) as caught:
        parse_publication(line + "\n", "kanfa.toml")
    assert caught.value.place.line == line.count("\n") + 1


DECLARED = """\
weekday = "周二"

[[sections]]
name = "业界要闻"
aliases = ["News"]

[[sections]]
name = "阅读推荐" # the last one
repository = "helm/helm"

[shorthands]
issues = "https://git.example.org/{repository}/-/issues/{number}"

[shorthands.repositories]
helm = "helm/helm"

[[shorthands.series]]
prefix = "CVE-"
address = "https://nvd.nist.gov/vuln/detail/{}"
"""


def test_a_section_is_found_by_name_or_alias_without_regard_to_spaces_case_and_width() -> None:
    publication = parse_publication(DECLARED, "kanfa.toml")
    for title in ("业界要闻", " 业界　要闻", "NEWS", "ｎｅｗｓ"):
        assert publication.section(title) is publication.sections[0]
    assert publication.section("要闻") is None
    assert publication.section("") is None


@pytest.mark.parametrize(
    ("written", "day"),
    [('"tuesday"', 2), ('"Tue"', 2), ('"周二"', 2), ('"星期日"', 7), ('"礼拜天"', 7), ("0", 7), ("7", 7), ("1", 1)],
)
def test_a_weekday_is_a_name_or_a_number(written: str, day: int) -> None:
    assert parse_publication(f"weekday = {written}\n", "kanfa.toml").weekday == day


@pytest.mark.parametrize(
    ("fault", "line", "words"),
    [
        ('weekday = "someday"', 1, "weekday: must be a weekday"),
        ("weekday = 8", 1, "weekday: must be a weekday"),
        ("weekday = true", 1, "weekday: must be a weekday"),
        (f'{DECLARED}[[sections]]\nname = "阅读 推荐"\n', 20, "sections: “阅读 推荐” is declared twice"),
        (f'{DECLARED}[[sections]]\nname = "x"\naliases = ["ｎｅｗｓ"]\n', 20, "sections: “ｎｅｗｓ” is declared twice"),
        (
            f'{DECLARED}[[sections]]\nname = "x"\nmax_item = 1\n',
            22,
            "sections.2.max_item: there is no such setting; did",
        ),
        (f"{DECLARED}[[sections]]\nrequired = true\n", 20, "sections.2.name"),
        (DECLARED.replace('"helm/helm"', '"helm"', 1), 9, "sections.1.repository"),
        (DECLARED.replace('helm = "helm/helm"', 'helm = "helm"'), 15, "shorthands.repositories.helm"),
        (DECLARED.replace("{number}", "{}"), 12, "shorthands.issues: must hold {repository} and {number}"),
        (DECLARED.replace("CVE-", "CVE"), 18, "shorthands.series.0.prefix"),
        (DECLARED.replace("address", "adress"), 19, "shorthands.series.0.adress: there is no such setting; did you"),
        ('[shorthands.repositories]\nk8s = "a/b"\nK8S = "a/b"\n', 1, "“K8S” is declared twice"),
        ('sections = [{ name = "a", nmae = 1 }]\n', 1, "sections.0.nmae: there is no such setting; did you mean name?"),
        ("[back_issues]\ncount = 101\n", 2, "back_issues.count"),
    ],
)
def test_a_fault_in_a_declaration_is_named_with_its_line(fault: str, line: int, words: str) -> None:
    with pytest.raises(PublicationError) as caught:
        parse_publication(fault, "kanfa.toml")
    assert words in str(caught.value)
    assert caught.value.place.line == line


def test_what_changes_no_byte_of_a_release_is_not_among_its_settings() -> None:
    plain = Publication()
    for key, value in {"weekday": 2, "glossary": {"A": ("a",)}, "messages": "en"}.items():
        assert Publication.model_validate({key: value}).settings() == plain.settings()
    assert parse_publication(DECLARED, "kanfa.toml").settings() != plain.settings()


def test_the_home_publication_links_its_issue_as_if_every_address_were_typed(root: Path) -> None:
    publication = find_publication(root)
    assert publication is not None
    source = (root / "content/issues/009/issue.md").read_text(encoding="utf-8")
    links = [link.href for link in read(source, "009/issue.md", publication).issue.links()]
    assert len(links) == 24
    assert links[10:14] == [
        "https://github.com/kubernetes/kubernetes/pull/74074",
        "https://github.com/wojtek-t",
        "https://github.com/kubernetes/kubernetes/pull/74610",
        "https://github.com/oomichi",
    ]


@pytest.mark.parametrize(
    ("fault", "line", "words"),
    [
        ('content = "a\\u0000b"', 1, "content: must be a folder inside the publication"),
        ('name = "x"\noutbox = ""', 2, "outbox: must be a folder inside the publication"),
        ('url = "https://example.org:99999"', 1, "url: Port out of range"),
        ('name = "x"\nx = ' + "[" * 5000, 2, "it nests too deep"),
        ('name = "x"\nx = ' + "9" * 5000, 2, "a number in it is too long"),
        ('name = "x"\nroot = "/"', 2, "root: there is no such setting"),
        ("sections = 3", 1, "sections: must be a list"),
        ("[[links]]", 1, "links: must be a table"),
        ('[glossary]\nNode = ["Node"]', 1, "“Node” is a wrong spelling of “Node” and a right one too"),
        ('[shorthands.repositories]\n"1x" = "a/b"', 2, "shorthands.repositories.1x"),
    ],
)
def test_a_hostile_setting_is_one_message_with_its_line(fault: str, line: int, words: str) -> None:
    """Whatever stands in the file, the editor reads where and what, never a fault of ours."""
    with pytest.raises(PublicationError) as caught:
        parse_publication(fault, "kanfa.toml")
    assert words in str(caught.value)
    assert caught.value.place.line == line


def test_a_kanfa_toml_that_is_no_file_is_named_and_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "kanfa.toml").mkdir()
    with pytest.raises(PublicationError, match="no ordinary file"):
        find_publication(tmp_path)
