"""The archive shows every delivered issue whole, and its index is complete in whatever order they came."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pytest

from kanfa.deliver import archive as archive_channel
from kanfa.deliver.archive import CHANNEL
from kanfa.deliver.archive_index import bare_title
from kanfa.deliver.delivery import State
from kanfa.errors import DeliveryFailed
from kanfa.publication import Publication
from kanfa.release.files import names_below
from kanfa.release.ledger import Event, history
from kanfa.release.store import verify


@pytest.fixture(autouse=True)
def _channels(monkeypatch):
    from kanfa.deliver import delivery

    monkeypatch.setattr(delivery, "installed", lambda: {"archive": CHANNEL})


def index_of(archive: Path) -> lxml.html.HtmlElement:
    return lxml.html.fromstring((archive / "index.html").read_bytes())


def titles(archive: Path) -> list[str]:
    return [
        " ".join(found.text_content().split())
        for found in index_of(archive).xpath("//article//*[self::h2 or self::h3]")
    ]


def addresses(archive: Path) -> list[str]:
    return [str(found) for found in index_of(archive).xpath("//@href | //@src")]


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {name: ((folder / name).stat().st_mtime_ns, (folder / name).read_bytes()) for name in names_below(folder)}


def test_the_archive_holds_the_staged_bytes(deliver, approved, archive):
    release = approved()
    (done,) = deliver(release)
    assert done.state is State.DELIVERED
    assert set(names_below(archive)) == {
        "index.html",
        "009/index.html",
        "009/issue.pdf",
        "009/images/cover.png",
        "009/release.json",
    }
    assert (archive / "009/index.html").read_bytes() == (release.path / "web.html").read_bytes()
    assert (archive / "009/issue.pdf").read_bytes() == (release.path / "issue.pdf").read_bytes()
    assert done.detail == f"{archive / '009/index.html'}; the index lists 1"


def test_every_link_of_the_index_leads_to_a_file(deliver, approved, archive):
    for number in (9, 7, 10, 1):
        deliver(approved(number))
    found = addresses(archive)
    assert len(found) == 4 * 3 + 1  # title, page and PDF of each issue, and the newest one's cover
    for address in found:
        assert (archive / unquote(address)).is_file(), address


def test_the_index_lists_every_issue_newest_first_with_the_newest_apart(deliver, approved, archive):
    for number in (9, 11, 7):
        deliver(approved(number, f"要闻{number}"))
    assert titles(archive) == ["要闻11", "要闻9", "要闻7"]
    page = index_of(archive)
    assert [node.text_content() for node in page.xpath("//h2[@class='year']")] == ["2019 年"]
    latest = " ".join(page.xpath("string(//article[1])").split())
    for words in ("最新一期", "Vol. 11", "2019年7月16日", "要闻11，以及更多。", "在线阅读", "15 B"):
        assert words in latest


def test_the_index_needs_nothing_but_the_archive_and_runs_no_script(deliver, approved, archive):
    deliver(approved())
    page = index_of(archive)
    assert page.xpath("//script | //link | //iframe") == []
    assert all("//" not in address for address in addresses(archive))
    assert page.get("lang") == "zh-CN"


def test_the_order_of_deliveries_does_not_change_the_index(deliver, approved, archive, tmp_path):
    releases = [approved(number) for number in (7, 8, 9)]
    for release in releases:
        deliver(release)
    for release in reversed(releases):
        deliver(release, targets={"archive": str(tmp_path / "other")})
    assert (archive / "index.html").read_bytes() == (tmp_path / "other/index.html").read_bytes()


def test_what_an_issue_contains_cannot_act_as_markup_in_the_index(deliver, approved, archive):
    deliver(approved(9, '<script>alert("1")</script> & <b>'))
    assert titles(archive) == ['<script>alert("1")</script> & <b>']
    assert index_of(archive).xpath("//script | //article//b[not(parent::p)]") == []


def test_what_a_release_lacks_the_index_leaves_out(deliver, approved, archive):
    deliver(approved(8, without=("web.html", "images/cover.png")))
    assert addresses(archive) == ["008/issue.pdf"] * 2
    deliver(approved(9, without=("web.html", "issue.pdf", "images/cover.png")))
    assert addresses(archive) == ["008/issue.pdf"] * 2
    assert len(titles(archive)) == 2


def test_an_english_publication_has_an_english_index(deliver, approved, archive):
    english = Publication(name="Cloud Weekly", language="en-GB", root=archive.parent)
    deliver(approved(), publication=english)
    words = " ".join(index_of(archive).text_content().split())
    for expected in ("Latest issue", "2 July 2019", "Read online", "PDF edition", "Issues: 1"):
        assert expected in words


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("周报 Vol. 9：Helm 3", "Helm 3"),
        ("周报 Vol. 9", "周报 Vol. 9"),
        ("周报：Helm 3", "Helm 3"),
        ("Helm 3", "Helm 3"),
        ("周报 Vol. 99：x", "Vol. 99：x"),
        ("周报精选：x", "周报精选：x"),
    ],
)
def test_a_title_loses_what_the_page_shows_already(title, shown):
    assert bare_title(title, "周报", "Vol. 9") == shown


# ---------------------------------------------------------------- again, damaged, corrected


def test_delivering_again_has_no_effect_and_says_so(deliver, approved, archive, outbox):
    release = approved()
    deliver(release)
    before, lines = snapshot(archive), len(history(outbox))
    (again,) = deliver(release)
    assert again.state is State.ALREADY
    assert again.detail == f"009/{release.digest} was delivered before and is intact; nothing was done"
    assert snapshot(archive) == before
    assert len(history(outbox)) == lines
    (dry,) = deliver(release, dry_run=True)
    assert dry.state is State.ALREADY


@pytest.mark.parametrize(
    "harm",
    [
        shutil.rmtree,
        lambda archive: shutil.rmtree(archive / "009"),
        lambda archive: (archive / "009/index.html").write_bytes(b"defaced"),
        lambda archive: (archive / "009/issue.pdf").unlink(),
        lambda archive: (archive / "009/extra.html").write_text("spam"),
        lambda archive: (archive / "009/release.json").write_text("{"),
        lambda archive: (archive / "index.html").unlink(),
        lambda archive: (archive / "index.html").write_text("defaced"),
    ],
    ids=["all", "issue", "page", "pdf", "extra", "record", "index", "defaced index"],
)
def test_what_was_lost_or_damaged_is_restored(deliver, approved, archive, outbox, harm):
    release = approved()
    deliver(release)
    before = {name: data for name, (_, data) in snapshot(archive).items()}
    harm(archive)
    (again,) = deliver(release)
    assert again.state is State.RESTORED
    assert {name: data for name, (_, data) in snapshot(archive).items()} == before
    assert history(outbox)[-1].event is Event.DELIVERED


def test_a_corrected_release_replaces_the_old_one_as_a_whole(deliver, approved, archive):
    old = approved(9, "有错")
    new = approved(9, "改正", without=("images/cover.png",))
    deliver(old)
    (dry,) = deliver(new, dry_run=True)
    assert dry.actions[0] == f"replace release {old.digest} of issue 009 as a whole"
    deliver(new)
    assert (archive / "009/index.html").read_text() == "<p>改正</p>"
    assert not (archive / "009/images").exists()
    assert titles(archive) == ["改正"]
    assert sorted(path.name for path in archive.iterdir()) == ["009", "index.html"]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_delivery_killed_at_any_step_is_mended_by_the_next(deliver, approved, tmp_path, publication):
    old, new = approved(9, "有错"), approved(9, "改正")
    step, names = 0, ("mkdir", "fsync", "fchmod", "chmod", "rename", "replace", "unlink", "rmdir")
    reference = tmp_path / "reference"
    deliver(new, targets={"archive": str(reference)})
    while True:
        step += 1
        target = tmp_path / str(step)
        CHANNEL.deliver(verify(old), publication, str(target))
        pid = os.fork()
        if pid == 0:
            count = 0

            def counted(function, step=step):
                def call(*args, **kwargs):
                    nonlocal count
                    count += 1
                    if count == step:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return function(*args, **kwargs)

                return call

            for name in names:
                setattr(os, name, counted(getattr(os, name)))
            status = 1
            try:
                CHANNEL.deliver(verify(new), publication, str(target))
                status = 0
            finally:
                os._exit(status)
        killed = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        page = target / "009/index.html"
        assert not page.exists() or page.read_text() in {"<p>有错</p>", "<p>改正</p>"}
        assert not page.exists() or {path.name for path in (target / "009").iterdir()} == {
            "images",
            "index.html",
            "issue.pdf",
            "release.json",
        }
        CHANNEL.deliver(verify(new), publication, str(target))
        assert {n: d for n, (_, d) in snapshot(target).items()} == {n: d for n, (_, d) in snapshot(reference).items()}
        if killed == 0:
            break
        assert killed == -signal.SIGKILL
    assert step > 15


def test_an_issue_that_lost_its_place_between_two_renames_gets_it_back(approved, publication, archive):
    """A run was killed in the middle of a swap; the next delivery is of another issue."""
    CHANNEL.deliver(verify(approved(8)), publication, str(archive))
    (archive / "008").rename(archive / f"{archive_channel.OLD}008")
    CHANNEL.deliver(verify(approved(9)), publication, str(archive))
    assert sorted(path.name for path in archive.iterdir()) == ["008", "009", "index.html"]
    assert len(titles(archive)) == 2


def test_an_issue_with_a_damaged_record_is_left_out_of_the_index_and_named(deliver, approved, archive):
    deliver(approved(8))
    (archive / "008/release.json").write_text('{"digest": 1}')
    (done,) = deliver(approved(9))
    assert done.detail.endswith("the index lists 1; not in the index, their release.json is damaged: 008")


def test_a_record_cannot_lead_the_index_out_of_the_archive(deliver, approved, archive):
    deliver(approved(8))
    record = archive / "008/release.json"
    record.write_text(record.read_text().replace("index.html", "../../secret.html"))
    (done,) = deliver(approved(9))
    assert done.detail.endswith("damaged: 008")


# ---------------------------------------------------------------- what is not ours


def write(path: Path, text: str = "precious") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("put", "message"),
    [
        (lambda archive: write(archive / "index.html"), "was not written by the archive channel"),
        (lambda archive: write(archive / "009/notes.txt"), r"009 holds notes\.txt and no release\.json"),
        (lambda archive: write(archive / "009"), "009 is not a folder of the archive"),
        (write, "archive is a file"),
        (lambda archive: write(archive / "index.html/x"), r"index\.html is a folder"),
    ],
    ids=["index", "folder", "file", "archive", "index folder"],
)
def test_what_somebody_else_put_there_is_never_replaced(deliver, approved, archive, put, message):
    put(archive)
    before = {
        path: path.read_bytes() for path in archive.parent.rglob("*") if path.is_file() and "outbox" not in path.parts
    }
    with pytest.raises(DeliveryFailed, match=message):
        deliver(approved())
    after = {
        path: path.read_bytes() for path in archive.parent.rglob("*") if path.is_file() and "outbox" not in path.parts
    }
    assert after == before
    assert history(archive.parent / "outbox")[-1].event is Event.FAILED
