"""What holds for every output of every issue: nothing lost, nothing added, nothing left in the wrong place.

The issues are generated (`issue_strategies`) or those of other editors (the corpus). Pages are taken apart with lxml
and the PDF with pikepdf; the formats' own reading is asked for text and for what stands in lists of addresses.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit

import lxml.html
import pikepdf
from hypothesis import strategies as st
from issue_lines import Passage
from issue_strategies import PUBLICATION, Sample, chapters, damaged, holds_for, samples
from lxml import etree
from PIL import Image as Pixels

from kanfa import pipeline
from kanfa.errors import SourceError
from kanfa.formats import Artifact, Reading, installed
from kanfa.issue.addresses import SCHEMES
from kanfa.issue.editions import edition
from kanfa.issue.model import Asset, Figure, Issue, Item, Section, text_of, walk
from kanfa.issue.reader import decode, read
from kanfa.parity import fold_address
from kanfa.placing import fold, pieces_of

FORMATS = installed()
QUICK = ("email", "wechat")
"""Made in a fraction of a second. A PDF takes one or two, so it gets fewer issues."""
MARKS = ("**", "__", "](http")
"""What readers must not see of Markdown."""
FRAME = ("weekly.example.org", "unsub.invalid")
"""Hosts of the frame's own links; no issue links to them."""


def picture(src: str, kind: str) -> Asset:
    data = io.BytesIO()
    Pixels.new("RGB", (40, 30), "teal").save(data, kind)
    raw = data.getvalue()
    name = src.rpartition("/")[2]
    return Asset(src, name, f"image/{kind.lower()}", raw, hashlib.sha256(raw).hexdigest(), 40, 30)


ASSETS = (picture("images/a.png", "PNG"), picture("images/b.jpg", "JPEG"))


@lru_cache(maxsize=256)
def issue_of(source: str) -> Issue:
    return replace(read(source, "007/issue.md", PUBLICATION).issue, assets=ASSETS)


@lru_cache(maxsize=256)
def artifact_of(source: str, format: str) -> Artifact:
    return pipeline.render(FORMATS[format], issue_of(source), PUBLICATION)


def shown(source: str, format: str) -> Issue:
    """What readers of `format` get of an issue."""
    return edition(issue_of(source), format)


def readings(source: str, format: str) -> list[Reading]:
    return list(FORMATS[format].read_back(artifact_of(source, format), shown(source, format), PUBLICATION))


def page(source: str, name: str) -> lxml.html.HtmlElement:
    artifact = artifact_of(source, "wechat" if name.startswith("wechat") else "email")
    return lxml.html.fromstring(artifact.files[name].decode())


def printed(source: str) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(artifact_of(source, "pdf").files["issue.pdf"]))


def ours(addresses: Iterable[str]) -> list[str]:
    """Addresses in the form parity compares, without those of the frame, of this page and of files beside it."""
    kept = (one for one in addresses if urlsplit(one).scheme in SCHEMES and urlsplit(one).hostname not in FRAME)
    return [fold_address(address) for address in kept]


def anchors(root: lxml.html.HtmlElement) -> list[str]:
    return ours(str(link.get("href")) for link in root.iter("a") if link.get("href"))


def expected(source: str, format: str) -> list[str]:
    return [fold_address(link.href) for link in shown(source, format).links()]


def remote_pictures(source: str, format: str) -> set[str]:
    """A picture on the web that a format cannot show is a link there."""
    return {fold_address(image.src) for image in shown(source, format).images() if image.is_remote}


# -- links


def check_links_of_pages(source: str) -> None:
    for name in ("email.html", "web.html"):
        assert Counter(anchors(page(source, name))) - Counter(remote_pictures(source, "email")) == Counter(
            expected(source, "email")
        )


def check_links_of_the_text_part(source: str) -> None:
    text = next(reading for reading in readings(source, "email") if reading.output == "text")
    assert set(ours(text.links)) - remote_pictures(source, "email") == set(expected(source, "email"))


def check_links_of_the_article(source: str) -> None:
    live = Counter(anchors(page(source, "wechat.html")))
    (reading,) = readings(source, "wechat")
    wanted = expected(source, "wechat")
    assert set(ours(reading.links)) - remote_pictures(source, "wechat") == set(wanted)
    most = Counter(address for address in wanted if urlsplit(address).hostname == "mp.weixin.qq.com")
    around_pictures = (fold_address(node.href) for node in shown(source, "wechat").walk() if isinstance(node, Figure))
    assert not live - most
    assert not most - live - Counter(around_pictures)  # the words of a remote picture are a link themselves


def check_links_of_the_pdf(source: str) -> None:
    with printed(source) as pdf:
        notes = [note for leaf in pdf.pages for note in leaf.obj.get("/Annots", [])]
        found = ours(str(note.A.URI) for note in notes if "/A" in note and "/URI" in note.A)
    wanted = [address for address, _ in groupby(expected(source, "pdf"))]
    assert set(found) - remote_pictures(source, "pdf") == set(wanted)
    assert not Counter(wanted) - Counter(found)  # a link over two lines counts twice


@holds_for(samples(), batches=2)
def test_mail_and_web_page_have_each_link_of_the_issue_and_no_other(sample: Sample) -> None:
    """As often as the issue has it; the text part lists each address."""
    check_links_of_pages(sample.source)
    check_links_of_the_text_part(sample.source)


@holds_for(samples(), batches=2)
def test_the_article_has_each_address_live_or_in_its_list(sample: Sample) -> None:
    """Only links to other articles are live, as often as the issue has them."""
    check_links_of_the_article(sample.source)


@holds_for(samples(), batches=1, each=6)
def test_the_pdf_has_an_annotation_for_each_link(sample: Sample) -> None:
    """And for nothing else."""
    check_links_of_the_pdf(sample.source)


# -- text and pictures


def missing(source: str, formats: Iterable[str]) -> list[str]:
    issue = issue_of(source)
    compared = (pipeline.compare(FORMATS[one], artifact_of(source, one), issue, PUBLICATION) for one in formats)
    return [f"{finding.rule.id} line {finding.line}: {finding.message}" for found in compared for finding in found]


def check_passages_for_some(sample: Sample, format: str) -> None:
    here = set(sample.values("token", format))
    for reading in readings(sample.source, format):
        text = fold(reading.text)
        assert {token for token in sample.values("token") if fold(token) in text} == here, reading.output
        assert [one for one in sample.values("hidden") if fold(one) in text] == [], reading.output


def check_marks(words: Iterable[str], source: str, format: str) -> None:
    """Each mark stands in an output as often as in the `words` of the issue, and in the frame round it."""
    wanted = list(words)
    frames = readings("---\ntitle: T\n---\n", format)
    for reading, frame in zip(readings(source, format), frames, strict=True):
        # a page breaks lines anywhere; in a text part white space tells a divider of stars from marks
        text = fold(reading.text) if reading.output == "pdf" else reading.text
        for mark in MARKS:
            written = sum(one.count(mark) for one in wanted)
            assert text.count(mark) == written + frame.text.count(mark), (reading.output, mark)


@holds_for(samples(), batches=2)
def test_mail_text_part_web_page_and_article_hold_the_whole_issue(sample: Sample) -> None:
    """Every word in order, every picture or its words, every field of the head: parity has nothing to say."""
    assert missing(sample.source, QUICK) == []


@holds_for(samples(), batches=1, each=6)
def test_the_pdf_holds_the_whole_issue(sample: Sample) -> None:
    """The same, read back from the pages."""
    assert missing(sample.source, ["pdf"]) == []


@holds_for(samples(), batches=2)
def test_a_passage_for_some_formats_stands_there_and_nowhere_else(sample: Sample) -> None:
    """And a comment stands nowhere."""
    for format in QUICK:
        check_passages_for_some(sample, format)


@holds_for(samples(), batches=2)
def test_no_mark_of_markdown_is_left_unless_it_was_escaped(sample: Sample) -> None:
    """Counted against the words that the issue was made of."""
    for format in QUICK:
        check_marks(sample.values("text", format), sample.source, format)


@holds_for(samples(), batches=1, each=6)
def test_no_passage_for_other_formats_and_no_mark_of_markdown_is_printed(sample: Sample) -> None:
    """Nor a comment."""
    check_passages_for_some(sample, "pdf")
    check_marks(sample.values("text", "pdf"), sample.source, "pdf")


# -- headings and items


def headings(issue: Issue) -> list[str]:
    return [fold(text_of(*node.title)) for node in issue.walk() if isinstance(node, Section)]


def headings_of(root: lxml.html.HtmlElement) -> list[str]:
    """The headings of a page, without the numbers of references in them."""
    found = (node for node in root.iter("h2", "h3", "h4", "h5", "h6"))
    return [fold("".join(node.xpath(".//text()[not(parent::sup and starts-with(., '['))]"))) for node in found]


def items_of(issue: Issue) -> list[int]:
    """How many items each section has, those in other items too."""
    return [sum(isinstance(node, Item) for node in walk(section)) for section in issue.sections]


def cards(root: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    """The cards of a mail that hold one section each."""
    return [card for card in root.find_class("card") if card.find(".//h2") is not None]


@holds_for(samples(), batches=2)
def test_headings_keep_their_order(sample: Sample) -> None:
    """In mail, web page and article; an article counts its sections before their headings."""
    mail, article = shown(sample.source, "email"), shown(sample.source, "wechat")
    assert headings_of(page(sample.source, "email.html"))[: len(headings(mail))] == headings(mail)
    assert headings_of(page(sample.source, "web.html"))[: len(headings(mail))] == headings(mail)
    found = headings_of(page(sample.source, "wechat.html"))[: len(headings(article))]
    assert [one.lstrip("0123456789") for one in found] == [one.lstrip("0123456789") for one in headings(article)]


@holds_for(samples(), batches=1, each=6)
def test_the_outline_of_the_pdf_has_the_headings_in_order(sample: Sample) -> None:
    """Where readers look first."""
    with printed(sample.source) as pdf, pdf.open_outline() as tree:
        waiting, titles = list(tree.root), []
        while waiting:
            entry = waiting.pop(0)
            titles.append(fold(entry.title))
            waiting[:0] = entry.children
    wanted = headings(shown(sample.source, "pdf"))
    assert [one for one in titles if one in wanted] == wanted


def items_in(root: lxml.html.HtmlElement) -> int:
    return len(root.xpath(".//li | .//*[@role='listitem']"))


@holds_for(samples(), batches=2)
def test_each_section_keeps_its_items(sample: Sample) -> None:
    """In mail and web page, where each is one element."""
    wanted = items_of(shown(sample.source, "email"))
    assert [items_in(card) for card in cards(page(sample.source, "email.html"))][: len(wanted)] == wanted
    sections = page(sample.source, "web.html").findall(".//article/section")
    assert [items_in(section) for section in sections][: len(wanted)] == wanted


# -- what channels forbid

BLOCKS = frozenset(
    ["section", "p", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "table", "thead", "tbody", "tr",
     "td", "th", "pre", "hr", "div"]
)  # fmt: skip
FORBIDDEN = frozenset(["style", "script", "iframe", "h1", "link", "form", "input"])
SPACE = " \t\r\n\f"
"""White space of HTML; a no-break space is none."""


def check_article(source: str) -> None:
    root = page(source, "wechat.html")
    elements = [node for node in root.iter() if isinstance(node.tag, str)]
    assert [node.tag for node in elements if node.tag in FORBIDDEN] == []
    assert [node.tag for node in elements if node.get("class") is not None or node.get("id") is not None] == []
    assert [name for node in elements for name in node.attrib if name.startswith("on")] == []
    assert [etree.tostring(node)[:80] for node in elements if is_apart(node)] == []


def is_apart(node: lxml.html.HtmlElement) -> bool:
    """Whether nothing but white space stands between a block and its neighbour, its first child or its parent's end."""

    def is_blank(text: str | None) -> bool:
        return text is not None and text != "" and not text.strip(SPACE)

    first, following, parent = next(iter(node), None), node.getnext(), node.getparent()
    beside = following if following is not None else parent
    opens = is_blank(node.text) and node.tag in BLOCKS and (first is None or first.tag in BLOCKS)
    return opens or (is_blank(node.tail) and node.tag in BLOCKS and beside is not None and beside.tag in BLOCKS)


def check_mail(source: str) -> None:
    root = page(source, "email.html")
    for image in root.iter("img"):
        assert image.get("alt"), etree.tostring(image)
        assert image.get("width", "").isdigit(), etree.tostring(image)
    named = [node.get(name) for node in root.iter() for name in ("href", "src", "background") if node.get(name)]
    assert [one for one in named if not urlsplit(one).scheme and not one.startswith("images/")] == []


@holds_for(samples(), batches=2)
def test_an_article_has_nothing_that_wechat_takes_out(sample: Sample) -> None:
    """No class, id, script or heading of the page; no white space between blocks, which would be an empty line."""
    check_article(sample.source)


@holds_for(samples(), batches=2)
def test_a_mail_has_words_and_a_width_for_each_picture_and_whole_addresses(sample: Sample) -> None:
    """Nothing that only opens beside the page."""
    check_mail(sample.source)


# -- sameness


@holds_for(samples(), batches=1, each=6)
def test_mail_and_article_are_the_same_bytes_when_made_again(sample: Sample) -> None:
    """From a tree that was read again."""
    again = replace(read(sample.source, "007/issue.md", PUBLICATION).issue, assets=ASSETS)
    for format in QUICK:
        made = pipeline.render(FORMATS[format], again, PUBLICATION)
        assert made.files == artifact_of(sample.source, format).files
        assert made.findings == artifact_of(sample.source, format).findings


@holds_for(samples(), batches=1, each=3)
def test_the_pdf_is_the_same_bytes_when_made_again(sample: Sample) -> None:
    """Date and id too."""
    made = pipeline.render(FORMATS["pdf"], issue_of(sample.source), PUBLICATION)
    assert made.files == artifact_of(sample.source, "pdf").files


@holds_for(st.tuples(samples(notes=False, least=2), chapters(notes=False), st.integers(0, 2)), batches=1, each=6)
def test_editing_one_section_changes_only_its_card_of_the_mail(edit: tuple[Sample, Passage, int]) -> None:
    """All other cards stay as they were, byte for byte."""
    sample, chapter, index = edit
    index %= len(sample.chapters)
    other = sample.with_chapter(index, chapter)
    before, after = (
        [etree.tostring(card) for card in cards(page(one.source, "email.html"))] for one in (sample, other)
    )
    assert len(before) == len(after) >= len(sample.chapters)
    assert [old for at, old in enumerate(before) if at != index] == [new for at, new in enumerate(after) if at != index]


# -- damaged issues, and those of other editors


@holds_for(damaged(samples().map(lambda sample: sample.source)), batches=1)
def test_a_damaged_issue_is_whole_wherever_it_can_be_read(source: str) -> None:
    """What an editor sees while writing: whatever is wrong, all of it is shown."""
    try:
        issue_of(source)
    except SourceError:
        return
    assert missing(source, QUICK) == []
    check_article(source)
    check_mail(source)


def texts(corpus: list[Path]) -> list[str]:
    return [decode(path.read_bytes(), path.name) for path in corpus]


def test_the_corpus_is_whole_in_mail_and_article(corpus: list[Path]) -> None:
    """Links, words, items and headings; no mark that the tree does not have; nothing that a channel forbids."""
    for source in texts(corpus):
        assert missing(source, QUICK) == []
        check_links_of_pages(source)
        check_links_of_the_text_part(source)
        check_links_of_the_article(source)
        check_article(source)
        check_mail(source)
        for format in QUICK:
            check_marks([piece.text for piece in pieces_of(shown(source, format))], source, format)


def test_the_shortest_of_the_corpus_are_whole_in_print(corpus: list[Path]) -> None:
    """The others take many seconds."""
    for source in sorted(texts(corpus), key=len)[:2]:
        assert missing(source, ["pdf"]) == []
        check_links_of_the_pdf(source)
