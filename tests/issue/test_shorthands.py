"""Short words that stand for links: only what is declared, only words that stand alone, never in code or links."""

from __future__ import annotations

import time

import pytest

from kanfa.issue.reader import read
from kanfa.issue.shorthands import finder
from kanfa.publication import Publication, SectionSettings, Series, Shorthands

GITHUB = "https://github.com"
ALL = Shorthands(
    repository="kubernetes/kubernetes",
    repositories={"helm": "helm/helm", "Serving": "knative/serving"},
    people="https://github.com/{}",
    series=(
        Series(prefix="KEP-", address="https://kep.k8s.io/{}"),
        Series(prefix="CVE-", address="https://nvd.nist.gov/vuln/detail/{}", whole=True),
    ),
)


def found(text: str, shorthands: Shorthands = ALL, repository: str | None = None) -> list[tuple[str, str]]:
    """Each word and its address."""
    return [(text[start:end], address) for start, end, address in finder(shorthands, repository)(text)]


def links(source: str, publication: Publication) -> list[str]:
    """Addresses of the links that the reader makes of `source`."""
    return [
        link.href for link in read(f"---\ntitle: 题\nnumber: 9\n---\n{source}", publication=publication).issue.links()
    ]


@pytest.mark.parametrize(
    ("word", "address"),
    [
        ("#74074", f"{GITHUB}/kubernetes/kubernetes/issues/74074"),
        ("helm#1", f"{GITHUB}/helm/helm/issues/1"),
        ("serving#4522", f"{GITHUB}/knative/serving/issues/4522"),
        ("SERVING#4522", f"{GITHUB}/knative/serving/issues/4522"),
        ("rust-lang/rust#12", f"{GITHUB}/rust-lang/rust/issues/12"),
        ("a/b.c_d-e#9999999999", f"{GITHUB}/a/b.c_d-e/issues/9999999999"),
        ("@wojtek-t", f"{GITHUB}/wojtek-t"),
        (f"@{'a' * 39}", f"{GITHUB}/{'a' * 39}"),
        ("KEP-1623", "https://kep.k8s.io/1623"),
        ("CVE-2019-5736", "https://nvd.nist.gov/vuln/detail/CVE-2019-5736"),
    ],
)
def test_each_form_gives_its_address(word: str, address: str) -> None:
    assert found(word) == [(word, address)]


@pytest.mark.parametrize(
    "text",
    [
        "（{}，",
        "由{}提交",
        "({})",
        "“{}”",
        "见 {}。",
        "{}.",
        "[{}]",
        "、{}；",
        "{}：",
        "🚀{}！",
        "\n{}\n",
        "{}—",
        "——{}",
        "《{}》",
        "{}-",
    ],
)
@pytest.mark.parametrize("word", ["#74074", "helm#1", "a/b#1", "@wojtek-t", "KEP-1623", "CVE-2019-5736"])
def test_chinese_brackets_and_the_ends_of_sentences_may_touch_a_word(text: str, word: str) -> None:
    assert [name for name, _ in found(text.format(word))] == [word]


@pytest.mark.parametrize(
    "text",
    [
        "foo#1", "C#7", "C#", "#", "# 1", "#0", "#01", "#1abc", "#1.5", "#12345678901", "&#65;", "\ufffc#65;", "A&#65;",
        "x_#1", "é#1", "Ж#1", "example.org/#1", "a/b/c#1", "/a#1", "-a/b#1", "a--b/c#1", f"{'a' * 40}/b#1", "a/..#1",
        f"a/{'b' * 101}#1", "#1/#2", "\\#1", "\ufffc1", "kubernetes\ufffc1",
        "@", "a@b.com", "@a.b", "@org/team", "@me@host.example", "@-a", "@a--b", "@a_b", f"@{'a' * 40}", "x@a", "é@a",
        "KEP-", "KEP-x", "KEP-1a", "kep-1", "XKEP-1", "KEP-1.md", "keps/KEP-1", "CVE-2019-xxxx", "ABC-1",
    ],
)  # fmt: skip
def test_a_part_of_a_longer_word_stays_text(text: str) -> None:
    assert found(text) == []


def test_what_is_not_declared_stays_text() -> None:
    text = "#1 helm#1 a/b#1 @a KEP-1 CVE-2019-1"
    assert found(text, Shorthands()) == []
    assert [word for word, _ in found(text, Shorthands(people="https://x.org/{}"))] == ["@a"]
    assert [word for word, _ in found(text, Shorthands(repositories={"helm": "helm/helm"}))] == ["helm#1", "a/b#1"]
    assert [word for word, _ in found(text, Shorthands(), "a/b")] == ["#1", "a/b#1"]


def test_another_forge_is_declared_with_its_own_pattern() -> None:
    forge = Shorthands(issues="https://gitlab.example.org/{repository}/-/issues/{number}")
    assert found("a/b#7 #7", forge) == [("a/b#7", "https://gitlab.example.org/a/b/-/issues/7")]


def test_the_repository_of_the_section_comes_before_that_of_the_publication() -> None:
    publication = Publication(
        shorthands=ALL, sections=(SectionSettings(name="Ｋnative 项目", repository="knative/serving"),)
    )
    source = "#1\n\n## KNATIVE项目\n\n#2\n\n### 组\n\n#3 注[^a]\n\n## 别的\n\n#4\n\n[^a]: #5\n"
    assert links(source, publication) == [
        f"{GITHUB}/kubernetes/kubernetes/issues/1",
        f"{GITHUB}/knative/serving/issues/2",
        f"{GITHUB}/knative/serving/issues/3",
        f"{GITHUB}/kubernetes/kubernetes/issues/4",
        f"{GITHUB}/kubernetes/kubernetes/issues/5",
    ]


def test_code_links_headings_and_escaped_words_are_left_alone() -> None:
    publication = Publication(shorthands=ALL)
    source = (
        "## KEP-1 与 #1\n\n`#2` [#3](https://a.org) \\#4 \\@a &#35;5 https://a.org/#6 <https://a.org/@b>\n\n    #7\n"
    )
    assert links(source, publication) == ["https://a.org", "https://a.org/#6", "https://a.org/@b"]


def test_tables_captions_and_marks_hold_shorthands_with_their_lines() -> None:
    source = "**#1**\n再看 @a\n\n| a |\n|---|\n| KEP-2 |\n"
    issue = read(source, publication=Publication(shorthands=ALL)).issue
    assert [(link.href.rsplit("/", 1)[1], link.line) for link in issue.links()] == [("1", 1), ("a", 2), ("2", 6)]


def test_nothing_is_linked_without_a_publication() -> None:
    assert list(read("#1 @a a/b#1 CVE-2019-1\n").issue.links()) == []


@pytest.mark.parametrize("part", ["#", "@a", "a-", "a/", "#1 ", "a/b#1 ", "CVE-1-2-", "x.", "中#1", "é", "1", "&#1;"])
def test_a_megabyte_of_anything_is_searched_at_once(part: str) -> None:
    text = part * (1_000_000 // len(part))
    began = time.perf_counter()
    for _ in finder(ALL)(text):
        pass
    assert time.perf_counter() - began < 20
