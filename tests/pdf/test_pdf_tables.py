"""Tables whose words or columns do not fit by themselves: nothing leaves the page."""

from __future__ import annotations

import pytest
from pdf_samples import PUBLICATION, asset, drawn, small_issue

from kanfa.issue.model import Cell, Code, Image, LineBreak, NoteRef, Row, Table, Text
from kanfa.parity import compare
from kanfa.pdf import FORMAT
from kanfa.pdf.limits import GEOMETRIES, POINTS_PER_MM
from kanfa.pdf.tables import layout_of

WIDTH = GEOMETRIES["A4"].text_width * POINTS_PER_MM
URL = "https://github.com/kubernetes-sigs/cluster-api-provider-azure/releases/tag/v1.17.0-rc.2"


def table(*rows):
    """A table of rows of strings or nodes; the first row is its head."""
    made = [
        Row(
            tuple(Cell((Text(one, at) if isinstance(one, str) else one,), at, header=at == 5) for one in row),
            at,
        )
        for at, row in enumerate(rows, start=5)
    ]
    return Table(tuple(made[:1]), tuple(made[1:]), 5)


TABLES = {
    "two long words": table(
        ("名", "值"), ("Verylongunbreakabletoken" * 2, Code("code_" * 9 + "code", 6)), ("Averylongtoken" * 8, "短")
    ),
    "six columns": table(
        ("项目", "版本", "日期", "类型", "地址", "说明"),
        (
            "kubernetes-sigs/cluster-api-provider-azure",
            "v1.17.0-rc.2",
            "2026-01-02",
            Code("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", 6),
            URL,
            "值得一试的候选版本",
        ),
    ),
    "a digest": table(
        ("镜像", "摘要", "大小"), (Code("registry.k8s.io/nginx:1.27", 6), "sha256:" + "0a" * 32, "12 MB")
    ),
    "thirty columns": table([f"列{n}" for n in range(30)], [str(n * 7) for n in range(30)], ["abc"] * 30),
    "forty-eight columns": table([f"Header{n}" for n in range(48)], [f"Value{n}" for n in range(48)]),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_with_long_words_or_many_columns_stays_on_the_page(name):
    """Everything is read back; only the table without room for columns is reported, at its line."""
    issue = small_issue(TABLES[name])
    artifact = FORMAT.render(issue, PUBLICATION)
    found = [*artifact.findings, *FORMAT.check(artifact, issue, PUBLICATION)]
    assert [(one.rule.id, one.line) for one in found] == ([("PDF021", 5)] if name.startswith("forty") else [])
    (reading,) = FORMAT.read_back(artifact, issue, PUBLICATION)
    assert compare(issue, reading) == []


def test_columns_share_the_width_fairly():
    """Short words keep their line; only the long ones are cut down, all of them to one width."""
    shares = layout_of(TABLES["six columns"], small_issue(), WIDTH).shares
    project, release, day, kind, address, words = shares
    assert sum(shares) == pytest.approx(100)
    assert project == pytest.approx(kind) == pytest.approx(address)
    assert min(release, day, words) > 10
    assert max(release, day) <= project


def test_a_table_that_fits_is_left_to_the_engine():
    """Han text, hyphens and spaces may break; so may a picture and a line break."""
    small = asset("images/a.png", drawn(20, 20), 20, 20)
    rows = table(("名", "值"), ("长" * 90, "well-known words " * 6), (Image(small.src, "图", 7), LineBreak(7)))
    assert not layout_of(rows, small_issue(assets=(small,)), WIDTH).fixed


def test_wide_pictures_and_calls_count_as_words():
    """A picture is scaled down in a column of a given width; without one it would push the others away."""
    wide = asset("images/wide.png", drawn(4000, 4), 4000, 4)
    rows = table(("名", "值"), (Image(wide.src, "宽图", 6), Image("images/gone.png", "没有", 6)), (NoteRef(1, 7), ""))
    assert layout_of(rows, small_issue(assets=(wide,)), WIDTH).fixed


def test_spans_count_for_the_columns_that_they_cover():
    """A cell over two columns leaves the row below its own columns; one over two rows shifts the next row."""
    first = Row((Cell((Text("甲", 1),), 1, rowspan=2), Cell((Text("x" * 150, 1),), 1, colspan=2)), 1)
    second = Row((Cell((Text("乙", 2),), 2), Cell((Text("丙", 2),), 2)), 2)
    shares = layout_of(Table((), (first, second), 1), small_issue(), WIDTH).shares
    assert len(shares) == 3
    assert shares[1] == shares[2] > shares[0]
