"""Details of reading a finished file back."""

from __future__ import annotations

import pytest
from pdf_samples import paragraph, small_issue

from kanfa.errors import RenderError
from kanfa.issue.model import Image
from kanfa.pdf.anatomy import dissect, page_texts
from kanfa.pdf.limits import GEOMETRIES
from kanfa.pdf.reading import substitutes, without_markers


@pytest.mark.parametrize(
    ("text", "count", "wanted"),
    [
        ("甲\n乙\n▪\n–\n3.", 3, "甲\n乙"),
        ("甲\n▪ –", 2, "甲"),
        ("甲\n3.", 0, "甲\n3."),
        ("甲\n版本 3.", 2, "甲\n版本"),
        ("", 1, ""),
    ],
)
def test_list_markers_at_the_end_of_a_page_are_left_out(text, count, wanted):
    """Exactly as many as the tags count, and nothing that is no marker."""
    assert without_markers(text, count).strip() == wanted


def test_substitutes_are_counted_as_often_as_they_stand_there():
    """Two pictures with the same words need two substitutes."""
    far = Image("https://example.org/a.png", "远方", 5)
    issue = small_issue(paragraph(5, far, far))
    assert substitutes("见[图：远方]", issue) == ["远方"]
    assert substitutes("见[图：远 方]与[图：远方]", issue) == ["远方", "远方"]


def test_a_file_that_is_no_pdf_is_a_render_error():
    """The message says what could not be done."""
    with pytest.raises(RenderError, match="cannot be read back"):
        dissect(b"no pdf")
    with pytest.raises(RenderError, match="cannot be read back"):
        page_texts(b"no pdf", GEOMETRIES["A4"])
