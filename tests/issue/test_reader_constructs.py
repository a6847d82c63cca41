"""What the reader makes of callouts, containers, tasks, leads, code fences, ruby and formulas."""

from __future__ import annotations

import pytest
from issue_outline import outline

from kanfa.findings import Finding
from kanfa.issue.containers import unknown_formats
from kanfa.issue.model import Callout, CodeBlock, Lead, Link, Math, MathBlock, Node, Only, QrCode, Ruby, text_of
from kanfa.issue.reader import read

pytestmark = pytest.mark.filterwarnings("ignore:path is deprecated:DeprecationWarning")
"""The library that sets formulas opens its font with an old function."""

HEAD = "---\ntitle: T\n---\n"


def findings(source: str) -> list[tuple[str, int]]:
    return [(finding.rule.name, finding.line) for finding in read(HEAD + source).findings]


CALLOUTS = {
    "an alert as on GitHub": ("> [!NOTE]\n> a\n>\n> b", "note\n  p a\n  p b"),
    "an alert in lower case with a title": ("> [!warning] 别**碰**\n> a", "warning 别strong[碰]\n  p a"),
    "an alert that is only a title": ("> [!TIP] a", "tip a"),
    "an alert whose text follows a blank line": ("> [!CAUTION]\n>\n> - a", "caution\n  ul\n    item\n      p a"),
    "a folded alert of other tools": ("> [!tip]- a\n> b", "tip a\n  p b"),
    "an alert in an item": ("- > [!NOTE]\n  > a", "ul\n  item\n    note\n      p a"),
    "an escaped mark": ("> \\[!NOTE] a", "quote\n  p [!NOTE] a"),
    "a mark in code": ("> `[!NOTE]` a", "quote\n  p `[!NOTE]` a"),
    "a mark that does not begin the quote": ("> a\n> [!NOTE]", "quote\n  p a [!NOTE]"),
    "a mark outside quotes": ("[!NOTE] a", "p [!NOTE] a"),
    "a container": (":::note\na\n\nb\n:::", "note\n  p a\n  p b"),
    "a container with a title": ("::: IMPORTANT 甲 `b`\na\n:::", "important 甲 `b`\n  p a"),
    "a container between lines of a paragraph": ("x\n:::tip\na\n:::\ny", "p x\ntip\n  p a\np y"),
    "a container after a list": ("- a\n:::tip\nb\n:::\n- c", "ul\n  item\n    p a\ntip\n  p b\nul\n  item\n    p c"),
    "a container in an item": ("- :::note\n  a\n  :::\n- b", "ul\n  item\n    note\n      p a\n  item\n    p b"),
    "a container in a quote": ("> :::note\n> a\n> :::", "quote\n  note\n    p a"),
    "a list in a container ends with it": (
        ":::note\n- a\n- b\n:::\nc",
        "note\n  ul\n    item\n      p a\n    item\n      p b\np c",
    ),
    "more colons outside": ("::::note\n:::tip\na\n:::\nb\n::::", "note\n  tip\n    p a\n  p b"),
    "plain balance": (":::note\n:::tip\na\n:::\nb\n:::\nc", "note\n  tip\n    p a\n  p b\np c"),
    "a longer closing line": (":::note\na\n:::::\nb", "note\n  p a\np b"),
    "code hides colons": (":::note\n```\n:::\n```\n:::", "note\n  code() ':::'"),
    "an escaped container": ("\\:::note", "p :::note"),
    "colons in a line": ("a :::note b", "p a :::note b"),
    "two colons": ("::note", "p ::note"),
    "four spaces": ("    :::note", "code() ':::note'"),
}

CONTAINERS = {
    "for some formats": (":::only email pdf\na\n:::", "only email pdf\n  p a"),
    "formats between bars": (":::only email|pdf | wechat|email\na\n:::", "only email pdf wechat\n  p a"),
    "for all but one": (":::except wechat\na\n\n- b\n:::", "except wechat\n  p a\n  ul\n    item\n      p b"),
    "formats of plug-ins": (":::only x-2\na\n:::", "only x-2\n  p a"),
    "a passage in a callout": ("::::note\n:::only pdf\na\n:::\n::::", "note\n  only pdf\n    p a"),
    "a picture and its caption": (":::figure\n![章](a.png)\n\n甲 *乙*\n:::", "figure img[a.png|章] “甲 emphasis[乙]”"),
    "a caption in the next line": (":::figure\n![章](a.png)\n甲 `乙`\n:::", "figure img[a.png|章] “甲 `乙`”"),
    "a caption as title": (":::figure 甲\n![章](a.png)\n:::", "figure img[a.png|章] “甲”"),
    "a linked picture": (
        ":::figure\n[![章](a.png)](https://a.org)\n\n甲\n:::",
        "figure img[a.png|章] “甲” → https://a.org",
    ),
    "a picture with its own title": (':::figure\n![章](a.png "甲")\n:::', "figure img[a.png|章] “甲”"),
    "a link to scan": (":::qr\n[甲](https://a.org)\n:::", "qr <https://a.org|甲>"),
    "a bare address to scan": (":::qr\nhttps://a.org/b\n:::", "qr <https://a.org/b|https://a.org/b>"),
    "details": (":::details 甲 *乙*\na\n:::", "details 甲 emphasis[乙]\n  p a"),
    "details without a summary": (":::details\na\n:::", "details \n  p a"),
    "a heading in a container": (":::note\n## 甲\n\na\n:::", "note\n  p strong[甲]\n  p a"),
}

ITEMS = {
    "tasks": (
        "- [x] a\n- [ ] **b**\n- [X] c\n- d",
        "ul\n  item [x]\n    p a\n  item [ ]\n    p strong[b]\n  item [x]\n    p c\n  item\n    p d",
    ),
    "tasks with numbers": ("1. [ ] a\n\n2. [x] b", "ol(1) loose\n  item [ ]\n    p a\n  item [x]\n    p b"),
    "a task in the next line": ("- [ ]\n  a", "ul\n  item [ ]\n    p a"),
    "no tasks": (
        "- a [ ] b\n- \\[ ] c\n- `[ ]` d\n- [x]e\n\n[ ] f",
        "ul\n  item\n    p a [ ] b\n  item\n    p [ ] c\n  item\n    p `[ ]` d\n  item\n    p [x]e\np [ ] f",
    ),
    "a box before a mark": ("- [ ]**a**", "ul\n  item\n    p [ ]strong[a]"),
    "a lead and its summary": ("- **[甲](https://a.org)**\n  乙", "ul\n  item\n    lead <https://a.org|甲>\n    p 乙"),
    "a lead with its source": (
        "- **[甲](https://a.org)** · CNCF `x`\n  乙",
        "ul\n  item\n    lead <https://a.org|甲> · CNCF `x`\n    p 乙",
    ),
    "a lead with source alone": ("- **[甲](https://a.org)** ｜ CNCF", "ul\n  item\n    lead <https://a.org|甲> · CNCF"),
    "a linked source": (
        "- **[甲](https://a.org)**——[乙](https://b.org)\n  丙",
        "ul\n  item\n    lead <https://a.org|甲> · <https://b.org|乙>\n    p 丙",
    ),
    "a lead before blocks": (
        "- **[甲](https://a.org)** | 乙\n\n  丙\n  - 丁",
        "ul loose\n  item\n    lead <https://a.org|甲> · 乙\n    p 丙\n    ul\n      item\n        p 丁",
    ),
    "a lead before a hard break": (
        "- **[甲](https://a.org)**\\\n  乙",
        "ul\n  item\n    lead <https://a.org|甲>\n    p 乙",
    ),
    "a task with a lead": (
        "- [ ] **[甲](https://a.org)**\n  乙",
        "ul\n  item [ ]\n    lead <https://a.org|甲>\n    p 乙",
    ),
    "a bold link alone is a paragraph": ("- **[甲](https://a.org)**", "ul\n  item\n    p strong[<https://a.org|甲>]"),
    "a sentence after a dash is no source": (
        "- **[a](https://a.org)** — 乙，丙\n  丁",
        "ul\n  item\n    p strong[<https://a.org|a>] — 乙，丙丁",
    ),
    "a dash without summary is no source": (
        "- **[a](https://a.org)** — 乙",
        "ul\n  item\n    p strong[<https://a.org|a>] — 乙",
    ),
    "a lead outside a list": ("**[甲](https://a.org)** · 乙\n丙", "p strong[<https://a.org|甲>] · 乙丙"),
    "a bold text that holds a link": (
        "- **甲 [乙](https://a.org)**\n  丙",
        "ul\n  item\n    p strong[甲 <https://a.org|乙>]丙",
    ),
}

FENCES = {
    'Python {2,4-5} title="a b.py"': "code(python) 'a\\nb\\nc\\nd\\ne' “a b.py” [2, 4, 5]",
    'sh hl_lines="5 1-2"': "code(sh) 'a\\nb\\nc\\nd\\ne' [1, 2, 5]",
    "go {1-2,2-3}": "code(go) 'a\\nb\\nc\\nd\\ne' [1, 2, 3]",
    "{3}": "code() 'a\\nb\\nc\\nd\\ne' [3]",
    "js{3} title=a.js": "code(js) 'a\\nb\\nc\\nd\\ne' “a.js” [3]",
    'go {hl_lines=[1,"2-3"] title="m"}': "code(go) 'a\\nb\\nc\\nd\\ne' “m” [1, 2, 3]",
    "{.python .numberLines}": "code(python) 'a\\nb\\nc\\nd\\ne'",
    "C++ x y=z {note}": "code(c++) 'a\\nb\\nc\\nd\\ne'",
    "": "code() 'a\\nb\\nc\\nd\\ne'",
}

RUBY = {
    "{字|zì}": "ruby[字|zì]",
    "{汉字|hàn zì}与{ 拼 | pīn }": "ruby[汉字|hàn zì]与ruby[拼|pīn]",
    "{**粗**体|cū*t*ǐ}": "ruby[strong[粗]体|cūemphasis[t]ǐ]",
    "**{字|zì}**": "strong[ruby[字|zì]]",
    "{WWW|万维网}": "ruby[WWW|万维网]",
    "[{字|zì}](https://a.org)": "<https://a.org|ruby[字|zì]>",
    r"\{字|zì} {字|zì\} `{字|zì}`": "{字|zì} {字|zì} `{字|zì}`",
    "{check|publish} {{ 标题|upper }} {% raw %}": "{check|publish} {{ 标题|upper }} {% raw %}",
    "{a} {字} | }": "{a} {字} | }",
    r"{甲\|乙|jiǎ}": "ruby[甲|乙|jiǎ]",
    "中{文|wén}\n字": "中ruby[文|wén]字",
}

FORMULAS = {
    "甲$E=mc^2$乙": "甲math[E=mc^2]乙",
    "$x$，$α$ 与 $1+1=2$": "math[x]，math[α] 与 math[1+1=2]",
    "$a\n+b$": "math[a +b]",
    r"$95\%$ 与 $\$5$": r"math[95\%] 与 math[\$5]",
    r"\$x$ 与 $x$5 与 `$x$`": "$x$ 与 $x$5 与 `$x$`",
    "见 $$a^2$$ 处": "见 math[a^2] 处",
    "**$a$**": "strong[math[a]]",
}

PROSE = [
    "$5 和 $10",
    "$5和$10，$5/$6，$5-$10，（$5）、（$6）",
    "US$20 到 HK$30$",
    "涨了 $20，约合 HK$ 多少",
    "from $5/month to 10$ and more",
    "$5 million or 10$",
    "$HOME 与 $PATH，$HOME/$USER，$HOME:$PATH，$HOME和$PATH",
    "${HOME}/${USER}，$(date)/$(pwd)",
    "进程号是 $$，父进程是 $$",
    "$$ 是进程号，echo $$",
    "A$AP 与 Ke$ha 与 M$",
    "见 https://a.example/?$filter=x&$top=5",
    "一个 $ 和 两个 $$ 和 $$$ 三个 $",
    "$x $y $z",
    "$ x$",
    "$x$5",
    "$a_1$$",
]

BLOCKS = {
    "dollars": ("$$\na^2 +\nb\n$$", "math a^2 + b"),
    "dollars in one line": ("$$a^2$$", "math a^2"),
    "dollars beside the TeX": ("$$ a\n+b $$", "math a +b"),
    "dollars between lines of a paragraph": ("x\n$$\na\n$$\ny", "p x\nmath a\np y"),
    "dollars in an item": ("- $$\n  a\n  $$", "ul\n  item\n    math a"),
    "a fence as on GitHub": ("```math\na^2\n```", "math a^2"),
    "text after the dollars": ("$$a$$ b", "p math[a] b"),
}


@pytest.mark.parametrize(
    ("source", "expected"), [*CALLOUTS.values(), *CONTAINERS.values()], ids=[*CALLOUTS, *CONTAINERS]
)
def test_a_passage_becomes_this_tree_without_a_finding(source: str, expected: str) -> None:
    """Callouts and containers."""
    result = read(HEAD + source)
    assert outline(result.issue) == expected
    assert [f.rule.name for f in result.findings if f.rule.name != "heading-nested"] == []


@pytest.mark.parametrize(("source", "expected"), ITEMS.values(), ids=ITEMS)
def test_an_item_becomes_this_tree_without_a_finding(source: str, expected: str) -> None:
    """Tasks and leads."""
    result = read(HEAD + source)
    assert (outline(result.issue), result.findings) == (expected, ())


@pytest.mark.parametrize(("info", "expected"), FENCES.items())
def test_the_info_string_of_a_fence_is_understood(info: str, expected: str) -> None:
    """Language, lines to stress and title, in any tool's form; the rest is passed over."""
    result = read(f"{HEAD}```{info}\na\nb\nc\nd\ne\n```")
    assert (outline(result.issue), result.findings) == (expected, ())


@pytest.mark.parametrize(("source", "expected"), [*RUBY.items(), *FORMULAS.items()])
def test_a_line_becomes_this_tree_without_a_finding(source: str, expected: str) -> None:
    """Ruby and formulas."""
    result = read(HEAD + source)
    assert (outline(result.issue), result.findings) == (f"p {expected}", ())


@pytest.mark.parametrize("source", PROSE)
def test_dollars_in_prose_are_no_formula(source: str) -> None:
    """Prices, names of shells and lonely dollars stay as they are, without a finding."""
    result = read(HEAD + source)
    assert not any(isinstance(node, Math | MathBlock) for node in result.issue.walk())
    assert outline(result.issue).replace("<https://a.example/?$filter=x&$top=5|", "").replace(">", "") == f"p {source}"
    assert result.findings == ()


@pytest.mark.parametrize(("source", "expected"), BLOCKS.values(), ids=BLOCKS)
def test_a_formula_on_lines_of_its_own_becomes_this_tree(source: str, expected: str) -> None:
    """TeX between two dollars, or in a fence."""
    result = read(HEAD + source)
    assert (outline(result.issue), result.findings) == (expected, ())


def test_ruby_in_a_table_needs_an_escaped_bar() -> None:
    """The table takes the bar first, as GitHub's tables do."""
    assert outline(read("|a|\n|-|\n|{字\\|zì}|\n").issue) == "table\n  | a{!}\n  | ruby[字|zì]"


def test_words_of_pictures_and_titles_keep_readings_and_formulas() -> None:
    """Where only plain text can stand, a reading follows in brackets and a formula keeps its TeX."""
    assert outline(read("![{字|zì}](a.png)").issue) == "figure img[a.png|字（zì）]"
    assert read("# {字|zì} 与 $x$\n\na").issue.title == "字（zì） 与 $x$"


def test_every_new_node_names_its_own_line() -> None:
    """Blocks the line that opens them, parts of a line their own."""
    source = (
        "> [!NOTE] t\n> a\n\n:::only pdf\n:::qr\n<https://a.org>\n:::\n:::\n\n"
        "- b\n- **[c](https://c.org)** · s\n  d\n\n"
        "```x {1}\ny\n```\n\ne\n{字|zì} $f$\n\n$$\nz\n$$\n"
    )
    kinds = (Callout, Only, QrCode, Lead, CodeBlock, Ruby, Math, MathBlock)
    found = [(node.method, node.line) for node in read(HEAD + source).issue.walk() if isinstance(node, kinds)]
    assert found == [
        ("callout", 4), ("only", 7), ("qr_code", 8), ("lead", 14), ("code_block", 17), ("ruby", 22), ("math", 22),
        ("math_block", 24),
    ]  # fmt: skip


def test_parts_of_a_title_and_of_a_source_name_their_line() -> None:
    """Links inside the heads of passages are found where they stand."""
    source = (
        "> [!NOTE] [a](https://a.org)\n> [b](https://b.org)\n\n:::tip [c](https://c.org)\n[d](https://d.org)\n:::\n"
    )
    links: list[Node] = [node for node in read(HEAD + source).issue.walk() if isinstance(node, Link)]
    assert [link.line for link in links] == [4, 5, 7, 8]


def test_footnotes_in_containers_are_numbered_in_reading_order() -> None:
    """Title, inside, after."""
    source = ":::note t[^a]\nb^[i]\n:::\n\nc[^c]\n\n[^c]: C\n\n[^a]: A"
    assert outline(read(source).issue) == "note t^1\n  p b^2\np c^3\nnote\n  p A\nnote\n  p i\nnote\n  p C"


def test_a_container_that_is_never_closed_keeps_the_sections_after_it() -> None:
    """One finding at its line; what follows is read as if it were not there."""
    source = ":::only pdf\na\n\n## b\n\nc\n"
    assert outline(read(HEAD + source).issue) == "p a\nh1 b\n  p c"
    assert findings(source) == [("container-open", 4)]


@pytest.mark.parametrize(
    ("source", "expected", "told"),
    [
        ("- :::note\n  a\n\n:::\n", "ul\n  item\n    p a\np :::", [("container-open", 4), ("container-stray", 7)]),
        ("::::note\n:::tip\na\n::::\nb", "note\n  p a\np b", [("container-open", 5)]),
        (":::note\n<details>\n\na\n\n:::\nb", "note\n  details \n    p a\np b", [("html-unbalanced", 5)]),
        ("<details>\n\n:::note\na\n\n</details>\n\nb", "details \n  p a\np b", [("container-open", 6)]),
        (":::box 甲\na\n:::", "p 甲\np a", [("container-unknown", 4)]),
        (":::only\na\n:::", "p a", [("format-unknown", 4)]),
        (":::only PDF\na\n:::", "p a", [("format-unknown", 4)]),
        (":::only pdf PDF\na\n:::", "only pdf\n  p a", [("format-unknown", 4)]),
        (":::only pdf\n:::", "", [("container-content", 4)]),
        (":::details 甲\n:::", "p 甲", [("container-content", 4)]),
        ("> [!NOTE]\n>", "", [("container-content", 4)]),
        (":::figure\na\n:::", "p a", [("container-content", 4)]),
        (":::figure\n![a](data:x)\n:::", "p [图：a]", [("image-source", 5)]),
        (
            ":::figure\n![a](a.png)\n\n![b](b.png)\n:::",
            "figure img[a.png|a]\nfigure img[b.png|b]",
            [("container-content", 4)],
        ),
        (":::qr\n[a](https://a.org) b\n:::", "p <https://a.org|a> b", [("container-content", 4)]),
        (":::qr 扫\nhttps://a.org\n:::", "p 扫\np <https://a.org|https://a.org>", [("container-content", 4)]),
        (":::qr\n[a](hhttps://a.org)\n:::", "p a", [("link-scheme", 5)]),
        ("> [!INFO]\n> a", "quote\n  p [!INFO] a", [("alert-unknown", 4)]),
        ("a $\\frac{$ b", "p a `\\frac{` b", [("formula", 4)]),
        ("a\n$$\n\\foo\n$$", "p a\ncode(tex) '\\\\foo'", [("formula", 5)]),
        ("```math\n速度\n```", "code(tex) '速度'", [("formula", 4)]),
        ("$5% + x^2$", "p `5% + x^2`", [("formula", 4)]),
        ("a\n{字|}", "p a {字|}", [("ruby-parts", 5)]),
        ("{甲|乙|丙}", "p {甲|乙|丙}", [("ruby-parts", 4)]),
        ("- **[a](/b)** · c\n  d", "ul\n  item\n    p strong[a] · c d", [("link-relative", 4)]),
        (
            "<table><tr><td>\n\n:::only pdf\na\n:::\n\n</td></tr></table>",
            "table\n  | a",
            [("container-place", 6)],
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_set_stays_visible_with_one_finding(
    source: str, expected: str, told: list[tuple[str, int]]
) -> None:
    """Nothing is lost, whatever is wrong."""
    assert outline(read(HEAD + source).issue) == expected
    assert findings(source) == told


def test_formats_that_do_not_exist_are_told_once_each() -> None:
    """The reader takes any name; who knows the formats judges them."""
    issue = read(HEAD + ":::only pdf fax\na\n:::\n\n:::except telex\nb\n:::").issue
    told = list(unknown_formats(issue, {"pdf", "email"}))
    assert [(f.rule.name, f.line, f.quote) for f in told] == [
        ("format-unknown", 4, "fax"),
        ("format-unknown", 8, "telex"),
    ]
    assert told[0].message == "there is no format “fax”; there are email, pdf"
    assert list(unknown_formats(issue, ["pdf", "fax", "telex"])) == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (":::nte\na\n:::", "there is no container “nte”; note was meant?"),
        (":::info\na\n:::", "there is no container “info”; note was meant?"),
        (":::note[T]\na\n:::", "there is no container “note[t]”; note was meant?"),
        (":::甲\na\n:::", "there is no container “甲”"),
        ("> [!danger]\n> a", "[!danger] is no alert; [!CAUTION] was meant?"),
        ("> [!xyz]\n> a", "[!xyz] is no alert"),
        ("```x {7,9}\na\n```", "line 7 is to be stressed, the code has 1"),
        ("```x {b}\na\n```", ""),
        ("```x {3-1}\na\n```", "“3-1” names no lines of code"),
        (f":::qr\n<https://a.org/{'x' * 3000}>\n:::", "the address has 3014 bytes, a QR code holds 2331"),
    ],
)
def test_messages_say_what_was_meant(source: str, message: str) -> None:
    """The nearest name, or the figure that is wrong."""
    assert "".join(finding.message for finding in read(HEAD + source).findings) == message


QUOTED = {
    "container-unknown": "::: box 甲\na\n:::",
    "container-open": ":::note 甲\na",
    "container-stray": "a\n\n::::\n",
    "container-content": ":::qr\na\n:::",
    "container-place": "<table><tr><td>\n\n:::note\na\n:::\n\n</td></tr></table>",
    "format-unknown": ":::only pdf Fax\na\n:::",
    "alert-unknown": "> [!FOO] x\n> a",
    "formula": "a $\\foo$ b",
    "code-lines": "```x {1,7}\na\n```",
    "ruby-parts": "a\n甲 {字|}",
}


@pytest.mark.parametrize(("name", "source"), QUOTED.items())
def test_findings_quote_the_source_line(name: str, source: str) -> None:
    """Carets can be set under the fault."""
    (finding,) = read(HEAD + source).findings
    shown: Finding = finding.located("f", (HEAD + source).split("\n"))
    assert finding.rule.name == name
    assert finding.quote
    assert shown.column > 0


@pytest.mark.parametrize(
    "html", ["<details><summary>头</summary>\n\n文\n\n</details>", "<table><tr><td>格</td></tr></table>"]
)
def test_a_container_may_be_closed_right_below_a_tag(html: str) -> None:
    """HTML goes on to the next blank line elsewhere; here it ends where the container does."""
    result = read(f"---\ntitle: t\n---\n\n::::note\n{html}\n::::\n\n后\n")
    assert [one.message for one in result.findings] == []
    callout, after = result.issue.preamble
    assert isinstance(callout, Callout)
    assert text_of(after) == "后"


def test_colons_inside_pre_close_nothing() -> None:
    result = read("---\ntitle: t\n---\n\n<pre>\n:::\n</pre>\n")
    assert ":::" in text_of(*result.issue.preamble)
