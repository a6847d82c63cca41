"""`kanfa shots`: what readers will see, on one sheet, without changing anything."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path

import pikepdf
import pytest
from cli_house import Kanfa
from PIL import Image

from kanfa.cli.shots import sheet_path
from kanfa.errors import UsageError
from kanfa.issue.model import Issue
from kanfa.release.manifest import build_manifest
from kanfa.release.store import stage
from kanfa.shots.sheet import MOST_TALL, Heading, contact_sheet
from kanfa.shots.views import PAGE_WIDTH, Shot, edition_shots, hosted, without_style_blocks

MAIL = """<!DOCTYPE html><html><head><style>
@media (prefers-color-scheme: dark) { body { background: #102030 !important } }
p { color: green }</style></head><body style="margin:0;background:#ffffff"><p>第九期</p>
<img src="https://weekly.example.org/archive/009/images/red.png" alt="红"></body></html>"""
ARTICLE = (
    '<section style="background-color:#ffffff"><p style="color:#222222">第九期</p><img src="images/red.png"></section>'
)


def red(width: int = 40, height: int = 40) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(target, "PNG")
    return target.getvalue()


def picture(source: Path | bytes) -> Image.Image:
    with Image.open(source if isinstance(source, Path) else io.BytesIO(source)) as opened:
        return opened.convert("RGB")


def pdf(pages: int) -> bytes:
    target = io.BytesIO()
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    document.save(target)
    return target.getvalue()


def staged(outbox: Path, files: Mapping[str, bytes], outcomes: Mapping[str, str]) -> Path:
    """A release of these files, made by hand."""
    issue = Issue(title="第九期：Helm 3 告别 Tiller", file="content/issues/009/issue.md", number=9)
    manifest = build_manifest(issue, files, sources={}, settings={}, versions={}, waivers={}, outcomes=outcomes)
    return stage(outbox, manifest, files, {}).path


def whole(outbox: Path) -> Path:
    files = {
        "email.html": MAIL.encode(),
        "wechat.html": ARTICLE.encode(),
        "issue.pdf": pdf(2),
        "images/red.png": red(),
        "toy.txt": b"a format from elsewhere",
    }
    return staged(outbox, files, {"email": "ok", "wechat": "ok", "pdf": "ok", "toy": "ok"})


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("have_browser")
def test_every_view_of_a_release_is_on_the_sheet_and_nothing_changes(desk: Path, kanfa: Kanfa) -> None:
    """Eight of the mail, four of the article, one for each page; a format without pictures is named."""
    path = whole(desk / "outbox")
    before = state(desk)
    ran = kanfa("shots", path.name, "-o", desk / "pictures", "--each")
    sheet = desk / "pictures" / f"009-{path.name}.png"
    assert ran.status == 0, ran.err
    assert ran.out.splitlines()[0] == str(sheet)
    assert "there is no picture of the format toy" in ran.err
    single = sheet.with_suffix("")
    assert {one.stem: picture(one).width for one in single.iterdir()} == {
        **{f"email-{width}-{shade}": width for width in (320, 375, 600) for shade in ("light", "dark")},
        **{f"email-375-{what}": 375 for what in ("no-pictures", "no-styles")},
        **{f"wechat-{width}-{shade}": width for width in (375, 677) for shade in ("light", "dark")},
        **{f"pdf-0{page}": PAGE_WIDTH for page in (1, 2)},
    }
    assert {name: data for name, data in state(desk).items() if "pictures" not in name} == before
    names = ("320-light", "320-dark", "375-no-styles")
    corner = {name: picture(single / f"email-{name}.png").getpixel((300, 5)) for name in names}
    assert corner == {"320-light": (255, 255, 255), "320-dark": (16, 32, 48), "375-no-styles": (255, 255, 255)}
    assert (255, 0, 0) in colours(single / "email-320-light.png")
    assert (255, 0, 0) in colours(single / "wechat-375-light.png")
    assert (255, 0, 0) not in colours(single / "email-375-no-pictures.png")


@pytest.mark.usefixtures("have_browser")
def test_every_article_of_a_divided_issue_is_shown(desk: Path, kanfa: Kanfa) -> None:
    """Readers get them all."""
    files = {"wechat.html": ARTICLE.encode(), "wechat-2.html": ARTICLE.encode(), "images/red.png": red()}
    path = staged(desk / "outbox", files, {"wechat": "ok"})
    ran = kanfa("shots", path.name, "-o", desk / "sheet.png", "--each")
    assert ran.status == 0, ran.err
    assert "article 2 of 2, 375 px, dark" in ran.err
    names = {one.stem for one in (desk / "sheet").iterdir()}
    shown = ("375-light", "375-dark", "677-light", "677-dark")
    assert names == {f"wechat-{number}-{view}" for number in (1, 2) for view in shown}


def colours(path: Path) -> set[object]:
    return {colour for _, colour in picture(path).getcolors(1 << 24) or []}


@pytest.mark.usefixtures("have_browser")
def test_a_huge_mail_is_cut_with_a_note(desk: Path, kanfa: Kanfa) -> None:
    """It is a mail all the same, and somebody has to look at it."""
    tall = '<!DOCTYPE html><body style="margin:0"><div style="height:40000px;width:700px">第九期</div>'
    path = staged(desk / "outbox", {"email.html": tall.encode()}, {"email": "ok"})
    ran = kanfa("shots", path.name, "-o", "sheet.png")
    assert ran.status == 0, ran.err
    assert "(28,000 px more below; 380 px wider than the screen)" in ran.err
    assert picture(desk / "sheet.png").height < MOST_TALL + 600


def test_an_altered_release_is_refused_before_anything_is_drawn(
    desk: Path, kanfa: Kanfa, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody may approve by the look of other bytes than those of the digest."""
    path = whole(desk / "outbox")
    (path / "email.html").write_text("<p>something else</p>")
    monkeypatch.setattr("kanfa.browser.chromium", lambda: pytest.fail("a browser was opened"))
    ran = kanfa("shots", path.name)
    assert (ran.status, list(desk.glob("*.png"))) == (1, [])
    assert "email.html was altered" in ran.err


def test_a_machine_without_chromium_says_how_to_get_it(
    desk: Path, kanfa: Kanfa, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = whole(desk / "outbox")
    monkeypatch.setenv("KANFA_CHROMIUM", "/nowhere/chromium")
    ran = kanfa("shots", path.name)
    assert ran.status == 2
    assert "KANFA_CHROMIUM names no program" in ran.err
    assert not list(desk.glob("*.png"))


def test_a_release_without_any_picture_is_refused(desk: Path, kanfa: Kanfa) -> None:
    path = staged(desk / "outbox", {"toy.txt": b"toy"}, {"toy": "ok"})
    ran = kanfa("shots", path.name)
    assert ran.status == 1
    assert "holds no format that has pictures" in ran.err


def test_where_the_sheet_goes(tmp_path: Path) -> None:
    """A PNG as named, or a file in the folder; never over something that is neither."""
    assert sheet_path(tmp_path / "a.png", "009-abc") == tmp_path / "a.png"
    assert sheet_path(tmp_path / "new", "009-abc") == tmp_path / "new" / "009-abc.png"
    (tmp_path / "v1.2").mkdir()
    assert sheet_path(tmp_path / "v1.2", "009-abc") == tmp_path / "v1.2" / "009-abc.png"
    (tmp_path / "notes").write_text("mine")
    for wrong in ("a.jpg", "notes"):
        with pytest.raises(UsageError, match=r"does not end in \.png"):
            sheet_path(tmp_path / wrong, "009-abc")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(desk: Path, kanfa: Kanfa) -> None:
    (desk / "locked").mkdir(mode=0o500)
    path = staged(desk / "outbox", {"issue.pdf": pdf(1)}, {"pdf": "ok"})
    assert "cannot be written" in kanfa("shots", path.name, "-o", desk / "locked").err


def test_a_long_edition_shows_its_first_pages_and_says_so() -> None:
    shots = list(edition_shots(pdf(27)))
    assert [len(shots), shots[0].label, shots[0].note, shots[-1].note] == [24, "page 1 of 27", "", "3 more pages"]
    assert shots[0].picture.size == (PAGE_WIDTH, 1274)


def test_a_mails_pictures_are_those_of_the_release() -> None:
    """Its addresses are online only after delivery; a picture of somebody else stays away."""
    html = (
        '<img src="https://w.example/archive/9/images/a%20b.png"><img src="https://else.example/images/c.png">'
        '<td background=" https://w.example/images/d.png ">'
    )
    files = {"images/a b.png": b"a", "images/d.png": b"d", "email.html": b""}
    assert hosted(f"<table><tr>{html}", files) == {
        "https://w.example/archive/9/images/a%20b.png": b"a",
        "https://w.example/images/d.png": b"d",
    }


def test_style_blocks_go_and_style_attributes_stay() -> None:
    bare = without_style_blocks(MAIL)
    assert "<style" not in bare
    assert 'style="margin:0;background:#ffffff"' in bare
    assert bare.startswith("<!DOCTYPE html>")
    assert "第九期" in bare


def test_the_sheet_is_the_same_for_the_same_pictures() -> None:
    """And a picture that is too tall for it is cut with a note that takes room of its own."""
    plain = Shot("email", "email-320-light", "320 px, light", Image.new("RGB", (320, 900), "navy"))
    tall = Shot("email", "email-320-dark", "320 px, dark", Image.new("RGB", (320, 9000), "navy"))
    heading = Heading("第九期 " * 60, "009/abc", ("toy",))
    assert contact_sheet([plain], heading) == contact_sheet([plain], heading)
    high = picture(contact_sheet([plain, tall], heading)).height
    low = picture(contact_sheet([plain], heading)).height
    assert MOST_TALL - round(900 * 0.62) < high - low < MOST_TALL - round(900 * 0.62) + 60
