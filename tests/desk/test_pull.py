"""Pictures come home once, under names of their own, and no file is ever replaced by another picture."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from desk_house import Answer, Site, png, run

from kanfa.desk.fetch import Fetcher
from kanfa.desk.lockfile import FILE_NAME, read_lock
from kanfa.desk.pull import Outcome, State, pull, remote_pictures, verify
from kanfa.errors import SourceError, UsageError
from kanfa.issue.model import Image, Issue, Paragraph
from kanfa.release.files import locked


def issue_of(*addresses: str, cover: str = "") -> Issue:
    body = tuple(Paragraph((Image(address, "图", line),), line) for line, address in enumerate(addresses, start=5))
    return Issue("一期", "issue.md", preamble=body, cover=Image(cover, "封面", 2) if cover else None)


def pulled(folder: Path, *addresses: str, update: bool = False, cover: str = "") -> list[Outcome]:
    async def work(client: Fetcher) -> list[Outcome]:
        return [one async for one in pull(issue_of(*addresses, cover=cover), folder, client, update=update)]

    return run(work)


def states(outcomes: list[Outcome]) -> list[State]:
    return [outcome.state for outcome in outcomes]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "images").iterdir())


def test_a_picture_is_saved_and_noted_with_all_that_describes_it(site: Site, tmp_path: Path) -> None:
    address = site.put("/a/Helm%20Chart.PNG", Answer(body=png(3, 2)))
    [outcome] = pulled(tmp_path, f"{address}?size=640")
    assert (outcome.state, outcome.line, outcome.note) == (State.FETCHED, 5, "")
    assert (tmp_path / "images" / "helm-chart.png").read_bytes() == png(3, 2)
    entry = json.loads((tmp_path / FILE_NAME).read_text(encoding="utf-8"))["images"][f"{address}?size=640"]
    assert (entry["file"], entry["size"], entry["media_type"]) == ("images/helm-chart.png", len(png()), "image/png")
    assert (entry["width"], entry["height"], len(entry["sha256"])) == (3, 2, 64)


def test_what_is_here_is_not_fetched_again(site: Site, tmp_path: Path) -> None:
    address = site.put("/helm.png", Answer(body=png()))
    pulled(tmp_path, address)
    before = (tmp_path / FILE_NAME).read_bytes()
    assert states(pulled(tmp_path, address)) == [State.KEPT]
    assert site.methods("/helm.png") == ["GET"]
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_each_address_is_fetched_once_the_cover_too_and_local_pictures_are_left_alone(site: Site) -> None:
    one, two = site.url("/one.png"), site.url("/two.png")
    assert remote_pictures(issue_of(one, "images/local.png", one, cover=two)) == {one: 5, two: 2}


def test_outcomes_come_in_reading_order_and_one_failure_stops_no_other(site: Site, tmp_path: Path) -> None:
    addresses = [site.put(f"/pic-{n}.png", Answer(body=png(shade=n))) for n in range(6)]
    addresses.insert(3, site.put("/gone.png", Answer(404)))
    outcomes = pulled(tmp_path, *addresses)
    assert [outcome.address for outcome in outcomes] == addresses
    assert states(outcomes) == [State.FETCHED] * 3 + [State.FAILED] + [State.FETCHED] * 3
    assert outcomes[3].note == "the server answers HTTP 404"
    assert len(read_lock(tmp_path).entries) == 6


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!DOCTYPE html><p>login</p>", "it is no picture but a web page"),
        (b"%PDF-1.7", "it is no picture but something else"),
        (png()[:44], "cannot be decoded"),
        (b"x" * (10 * 1024 * 1024 + 1), "more than 10,485,760 bytes"),
    ],
    ids=["page", "pdf", "cut short", "too large"],
)
def test_bytes_and_not_names_say_what_a_picture_is(site: Site, tmp_path: Path, body: bytes, words: str) -> None:
    address = site.put("/photo.png", Answer(body=body, headers={"Content-Type": "image/png"}))
    [outcome] = pulled(tmp_path, address)
    assert outcome.state is State.FAILED
    assert words in outcome.note
    assert not (tmp_path / FILE_NAME).exists()


def test_the_ending_follows_the_bytes(site: Site, tmp_path: Path) -> None:
    [outcome] = pulled(tmp_path, site.put("/photo.jpg", Answer(body=png())))
    assert outcome.entry is not None
    assert outcome.entry.file == "images/photo.png"


def test_a_drawing_is_pulled_like_a_photograph(site: Site, tmp_path: Path) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10"/></svg>'
    [outcome] = pulled(tmp_path, site.put("/logo", Answer(body=svg)))
    assert outcome.entry is not None
    assert (outcome.entry.file, outcome.entry.media_type) == ("images/logo.svg", "image/svg+xml")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/mmbiz/640", "640-{sha}.png"),
        ("/", "picture-{sha}.png"),
        ("/%E5%9B%BE.png", "picture-{sha}.png"),
        ("/con.png", "con-{sha}.png"),
        ("/..%2f..%2fetc%2fpasswd", "passwd.png"),
        ("/.hidden.png", "hidden.png"),
        ("/" + "a" * 300 + ".png", "a" * 60 + ".png"),
    ],
)
def test_names_are_safe_on_every_system(site: Site, tmp_path: Path, path: str, name: str) -> None:
    [outcome] = pulled(tmp_path, site.put(path, Answer(body=png())))
    assert outcome.entry is not None
    assert outcome.entry.file == "images/" + name.format(sha=outcome.entry.sha256[:8])


def test_a_different_file_of_the_same_name_is_never_replaced(site: Site, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "helm.png").write_bytes(b"the editor's own")
    [outcome] = pulled(tmp_path, site.put("/helm.png", Answer(body=png())))
    assert outcome.entry is not None
    assert outcome.entry.file == f"images/helm-{outcome.entry.sha256[:8]}.png"
    assert (tmp_path / "images" / "helm.png").read_bytes() == b"the editor's own"


def test_two_addresses_never_share_a_file_unless_it_is_one_picture(site: Site, tmp_path: Path) -> None:
    one = site.put("/a/helm.png", Answer(body=png(shade=1)))
    two = site.put("/b/helm.png", Answer(body=png(shade=2)))
    same = site.put("/c/helm.png", Answer(body=png(shade=1)))
    files = [outcome.entry.file for outcome in pulled(tmp_path, one, two, same) if outcome.entry]
    assert files[0] == files[2] == "images/helm.png"
    assert files[1] != files[0]
    (tmp_path / files[0]).unlink()
    site.put("/d/helm.png", Answer(body=png(shade=3)))
    [outcome] = pulled(tmp_path, site.url("/d/helm.png"))
    assert outcome.entry is not None
    assert outcome.entry.file != "images/helm.png"  # it still belongs to the first picture


def test_a_run_that_ended_between_file_and_lock_goes_on(site: Site, tmp_path: Path) -> None:
    address = site.put("/helm.png", Answer(body=png()))
    pulled(tmp_path, address)
    (tmp_path / FILE_NAME).unlink()
    assert states(pulled(tmp_path, address)) == [State.FETCHED]
    assert names(tmp_path) == ["helm.png"]
    (tmp_path / "images" / "helm.png").unlink()
    assert states(pulled(tmp_path, address)) == [State.FETCHED]
    assert names(tmp_path) == ["helm.png"]


def test_a_file_that_somebody_changed_stays_and_the_picture_gets_another_name(site: Site, tmp_path: Path) -> None:
    address = site.put("/helm.png", Answer(body=png()))
    pulled(tmp_path, address)
    (tmp_path / "images" / "helm.png").write_bytes(b"retouched")
    [outcome] = pulled(tmp_path, address)
    assert outcome.state is State.FETCHED
    assert outcome.note == "images/helm.png is another picture now; it stays"
    assert (tmp_path / "images" / "helm.png").read_bytes() == b"retouched"
    assert states(verify(issue_of(address), tmp_path)) == [State.KEPT]


def test_another_picture_at_the_address_is_taken_only_when_asked_for(site: Site, tmp_path: Path) -> None:
    address = site.put("/helm.png", Answer(body=png(shade=1)))
    pulled(tmp_path, address)
    site.put("/helm.png", Answer(body=png(shade=2)))
    assert states(pulled(tmp_path, address)) == [State.KEPT]
    (tmp_path / "images" / "helm.png").unlink()
    [refused] = pulled(tmp_path, address)
    assert refused.state is State.FAILED
    assert "--update takes it" in refused.note
    [taken] = pulled(tmp_path, address, update=True)
    assert taken.state is State.UPDATED
    assert states(pulled(tmp_path, address, update=True)) == [State.KEPT]
    assert states(verify(issue_of(address), tmp_path)) == [State.KEPT]


def test_an_update_names_the_file_that_may_go(site: Site, tmp_path: Path) -> None:
    address = site.put("/helm.png", Answer(body=png(shade=1)))
    pulled(tmp_path, address)
    site.put("/helm.png", Answer(body=png(shade=2)))
    [outcome] = pulled(tmp_path, address, update=True)
    assert outcome.note == "images/helm.png holds the old picture and may go"
    assert len(names(tmp_path)) == 2


def test_a_folder_that_leads_elsewhere_is_refused(site: Site, tmp_path: Path) -> None:
    issue, elsewhere = tmp_path / "009", tmp_path / "elsewhere"
    issue.mkdir()
    elsewhere.mkdir()
    (issue / "images").symlink_to(elsewhere, target_is_directory=True)
    [outcome] = pulled(issue, site.put("/helm.png", Answer(body=png())))
    assert outcome.note == "the folder images leads out of the issue's folder"
    assert list(elsewhere.iterdir()) == []


def test_a_link_in_the_place_of_a_picture_is_not_followed(site: Site, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    target = tmp_path / "target"
    (tmp_path / "images" / "helm.png").symlink_to(target)
    [outcome] = pulled(tmp_path, site.put("/helm.png", Answer(body=png())))
    assert outcome.entry is not None
    assert outcome.entry.file != "images/helm.png"
    assert not target.exists()


def test_two_runs_in_one_folder_exclude_each_other(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kanfa.desk.pull.WAIT", 0.05)
    with locked(tmp_path, 0), pytest.raises(UsageError, match="another `kanfa images pull`"):
        pulled(tmp_path, site.url("/helm.png"))


def test_a_damaged_lock_stops_before_anything_is_fetched(site: Site, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("<<<<<<<", encoding="utf-8")
    with pytest.raises(SourceError):
        pulled(tmp_path, site.put("/helm.png", Answer(body=png())))
    assert site.asked == []


def test_secrets_of_an_address_are_not_shown(site: Site, tmp_path: Path) -> None:
    [outcome] = pulled(tmp_path, site.put("/helm.png", Answer(404)) + "?token=abc")
    assert outcome.address.endswith("/helm.png?token=…")


def test_verifying_asks_nobody_and_names_what_is_wrong(site: Site, tmp_path: Path) -> None:
    kept, gone, changed, unused = (
        site.put(f"/{name}.png", Answer(body=png(shade=shade)))
        for shade, name in enumerate(["kept", "gone", "changed", "unused"])
    )
    pulled(tmp_path, kept, gone, changed, unused)
    site.asked.clear()
    (tmp_path / "images" / "gone.png").unlink()
    (tmp_path / "images" / "changed.png").write_bytes(png(shade=9))
    missing = site.url("/missing.png")
    outcomes = verify(issue_of(kept, gone, changed, missing), tmp_path)
    assert states(outcomes) == [State.KEPT, State.FAILED, State.FAILED, State.MISSING, State.UNUSED]
    assert [outcome.note for outcome in outcomes[1:3]] == [
        "images/gone.png is gone",
        "images/changed.png is not the picture that was pulled",
    ]
    assert site.asked == []
