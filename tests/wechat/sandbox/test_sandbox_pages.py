"""Pages for people: what an operator sees of the box, and that nothing of an article can act there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sandbox_values import Account, picture

from kanfa.errors import UsageError
from kanfa.wechat.sandbox.faults import FaultName


def page(account: Account, path: str) -> str:
    answer = account.http.get(path)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    return str(answer.text)


def test_the_box_lists_title_time_digest_and_cover(account: Account) -> None:
    assert "The box is empty" in page(account, "/")
    media_id = account.add(title="第九期 <b>", digest="摘要", author="编辑部")["media_id"]
    html = page(account, "/")
    assert "第九期 &lt;b&gt;" in html
    assert "摘要" in html
    assert "2027-01-1" in html
    assert media_id in html
    assert 'src="/mmbiz/' in html


def test_an_article_is_shown_at_both_widths_light_and_dark_and_after_a_save(account: Account) -> None:
    url = account.upload(picture())["url"]
    content = (
        f'<section style="color:#333"><table><tr><td style="width:50%">甲</td></tr></table><img src="{url}"></section>'
    )
    href = f"/drafts/{account.add(content=content)['media_id']}/0"
    html = page(account, href + "?dark=1&saved=1")
    assert 'width="375"' in html
    assert 'width="717"' in html
    assert "article?dark=1&amp;saved=1" in html
    light, dark = page(account, f"{href}/article"), page(account, f"{href}/article?dark=1")
    assert "color:#333" in light
    assert "background:#191919" in dark
    assert "color:#a3a3a3" in dark
    assert 'td style="width:50%"' in light
    assert "<td>" in page(account, f"{href}/article?saved=1")
    assert f'src="/mmbiz/{next(iter(account.state.uploads))}"' in light


def test_a_picture_is_served_with_its_own_bytes_and_type(account: Account) -> None:
    data = picture()
    account.upload(data)
    answer = account.http.get(f"/mmbiz/{next(iter(account.state.uploads))}")
    assert (answer.content, answer.headers["content-type"]) == (data, "image/png")


@pytest.mark.parametrize("path", ["/drafts/x/0", "/drafts/x/0/article", "/mmbiz/x", "/drafts/x/y", "/no"])
def test_what_is_not_there_is_not_found(account: Account, path: str) -> None:
    assert account.http.get(path).status_code == 404


def test_faults_are_explained_and_switched_by_form_or_json(account: Account) -> None:
    html = page(account, "/_sandbox/faults")
    assert all(f"<code>{name}</code>" in html for name in FaultName)
    assert account.http.post("/_sandbox/faults", data={"fault": "busy", "times": "2", "after": "1"}).status_code == 303
    assert "on for 2 more, after 1 more calls" in page(account, "/_sandbox/faults")
    answer = account.http.post("/_sandbox/faults", json={"fault": "quota"})
    assert answer.json() == {"busy": {"times": 2, "after": 1}, "quota": {"times": 0, "after": 0}}
    assert account.http.post("/_sandbox/faults", json={"fault": "busy", "off": True}).json().keys() == {"quota"}


@pytest.mark.parametrize(
    "body", [b"", b"fault=no", b"fault=busy&times=x", b"fault=busy&times=-1", b"\xff", b"fault=busy&after=1e9"]
)
def test_an_unknown_fault_is_refused_with_the_names_that_are_known(account: Account, body: bytes) -> None:
    answer = account.http.post("/_sandbox/faults", content=body)
    assert answer.status_code == 400
    assert "timeout-after-store" in answer.text


def test_a_reset_empties_the_account(account: Account) -> None:
    account.add()
    account.state.faults.switch_on("busy")
    assert account.http.post("/_sandbox/reset").status_code == 303
    state = account.state
    assert [state.drafts, state.uploads, state.materials, state.faults.on()] == [{}, {}, {}, {}]
    assert account.call("draft/count")["errcode"] == 40001


def test_pages_of_other_sites_can_neither_act_nor_read(account: Account) -> None:
    foreign = {"origin": "https://evil.example"}
    assert account.http.post("/_sandbox/reset", headers=foreign).status_code == 403
    assert account.http.post("/_sandbox/faults", data={"fault": "busy"}, headers=foreign).status_code == 403
    assert account.http.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_state_kept_in_a_folder_is_there_the_next_time(tmp_path: Path) -> None:
    first = Account(folder=tmp_path / "box")
    media_id = first.add()["media_id"]
    again = Account(folder=tmp_path / "box")
    assert again.state.drafts == first.state.drafts
    assert again.state.uploads == first.state.uploads
    assert again.call("draft/get", {"media_id": media_id})["news_item"][0]["title"] == "第九期"
    assert "media_id" in again.call("draft/add", {"articles": [first.state.drafts[media_id].articles[0]]})
    again.http.post("/_sandbox/reset")
    assert Account(folder=tmp_path / "box").state.drafts == {}
    assert list((tmp_path / "box" / "images").iterdir()) == []


@pytest.mark.parametrize("text", ["{", "[]", json.dumps({"drafts": 1})])
def test_a_spoilt_state_is_one_clear_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="is no state of a sandbox"):
        Account(folder=tmp_path)


def altered(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """The folder of a sandbox with a draft, whose state somebody changed."""
    folder = tmp_path / "box"
    Account(folder=folder).add()
    state = json.loads((folder / "state.json").read_bytes())
    change(state)
    (folder / "state.json").write_text(json.dumps(state), encoding="utf-8")
    return folder


@pytest.mark.parametrize("key", ["../../victim", "/etc/passwd", "", "A" * 64, f"{'a' * 64}\n", "a" * 63 + "/"])
def test_a_key_that_is_no_digest_names_no_file(tmp_path: Path, key: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine", encoding="utf-8")
    folder = altered(tmp_path, lambda state: state["uploads"].update({key: "image/png"}))
    (folder / "images" / "victim").write_bytes(b"x")
    with pytest.raises(UsageError, match="is no state of a sandbox"):
        Account(folder=folder)
    assert victim.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "change",
    [
        lambda state: state["uploads"].update(dict.fromkeys(state["uploads"], "text/html")),
        lambda state: state["materials"].update({"m": "../x"}),
        lambda state: state["drafts"].update({"../x": {"articles": [], "updated": 1}}),
        lambda state: next(iter(state["drafts"].values())).update(updated=10**30),
        lambda state: next(iter(state["drafts"].values()))["articles"].append({}),
        lambda state: next(iter(state["drafts"].values()))["articles"][0].update(content=1),
    ],
)
def test_what_the_sandbox_never_wrote_is_not_read(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    with pytest.raises(UsageError, match="is no state of a sandbox"):
        Account(folder=altered(tmp_path, change))


def test_a_form_that_is_too_large_is_not_kept(account: Account) -> None:
    answer = account.http.post("/_sandbox/faults", content=b"fault=busy&x=" + b"x" * 20_000)
    assert (answer.status_code, account.state.faults.on()) == (413, {})


def test_a_folder_that_cannot_be_one_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot keep the state"):
        Account(folder=tmp_path / "file")


def test_a_state_that_can_no_longer_be_written_is_no_success(tmp_path: Path) -> None:
    account = Account(folder=tmp_path / "box")
    account.call("draft/count")
    (tmp_path / "box").rename(tmp_path / "gone")
    assert account.upload(picture())["errcode"] == -1
    assert any("cannot be kept" in line for line in account.log)
