"""Whatever goes wrong on the line or in the machine: exactly one draft for each issue, equal to the release."""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from wechat_house import ENVIRON, House, Killed

from kanfa.deliver import wechat_records
from kanfa.deliver.wechat_compare import anatomy
from kanfa.errors import DeliveryFailed
from kanfa.release.store import Release, verify
from kanfa.wechat.sandbox.faults import FaultName
from kanfa.wechat.sandbox.server import running
from kanfa.wechat.sandbox.settings import DUMMY_APPID, DUMMY_SECRET, SandboxSettings

DELIVERIES = 200
ISSUES = 20


@pytest.fixture
def house(tmp_path):
    return House(tmp_path / "publication")


def assert_one_draft_each(house: House, releases: dict[int, Release]) -> None:
    """Every issue has one draft, which holds what its last release says."""
    pages = Counter(draft.articles[0]["content_source_url"] for draft in house.state.drafts.values())
    assert pages == {f"https://weekly.example.org/{number:03d}/": 1 for number in releases}
    drafts = {draft.articles[0]["content_source_url"]: draft.articles[0] for draft in house.state.drafts.values()}
    for number, release in releases.items():
        verified = verify(release)
        fields = json.loads(verified.read("wechat.json"))
        stored = drafts[f"https://weekly.example.org/{number:03d}/"]
        assert [stored[name] for name in ("title", "author", "digest")] == [
            fields[name] for name in ("title", "author", "digest")
        ]
        sent, kept = anatomy(verified.read("wechat.html").decode()), anatomy(stored["content"])
        assert (kept.text, kept.counts, kept.styles, kept.blank) == (sent.text, sent.counts, sent.styles, 0)
        pictures = {image.split("/")[2] for image in kept.images}
        assert pictures == {entry["sha256"] for entry in fields["images"]}


def assert_nothing_secret(house: House, *shown: str) -> None:
    tokens = [token for token in (*house.state.tokens._valid, *house.state.tokens._expired) if token]
    for text in (house.on_disk(), *(text.encode() for text in shown)):
        for secret in (DUMMY_SECRET, DUMMY_APPID, *tokens):
            assert secret.encode() not in text


def until_it_succeeds(house: House, release: Release, shown: list[str], tries: int = 12) -> int:
    """Deliver as an editor does who tries again; how many tries it took."""
    for attempt in range(1, tries + 1):
        try:
            shown.append(repr(house.deliver(release)))
        except (DeliveryFailed, Killed) as error:
            shown.append(repr(error) + str(error))
            house.time += 120
            house.kill_before = house.kill_after = 0
        else:
            return attempt
    raise AssertionError("it never succeeds:\n" + "\n".join(shown[-tries:]))


@pytest.mark.parametrize("seed", [1, 2])
def test_200_deliveries_with_random_faults_end_with_one_draft_for_each_issue(house, seed, caplog):
    caplog.set_level(logging.DEBUG)
    chance = random.Random(seed)
    releases: dict[int, Release] = {}
    shown: list[str] = []
    repeated = 0
    for number in range(DELIVERIES):
        issue = chance.randint(1, ISSUES)
        if issue not in releases or chance.random() < 0.3:  # new, or corrected
            releases[issue] = house.release(issue, text=f"第 {number} 稿")
        for _ in range(chance.choice([0, 1, 1, 2, 3])):
            name = chance.choice(list(FaultName))
            house.state.faults.switch_on(name, chance.randint(1, 3), after=chance.randint(0, 4))
        house.kill_before, house.kill_after = 0, 0
        if chance.random() < 0.3:
            setattr(house, chance.choice(["kill_before", "kill_after"]), chance.randint(1, 8))
        tries = until_it_succeeds(house, releases[issue], shown)
        repeated += tries > 1
        house.time += 120
        if number % 50 == 49:
            house.state.faults.clear()
            assert_one_draft_each(house, releases)
    assert repeated > 40, "the faults did not reach the deliveries"
    house.kill_before = house.kill_after = 0
    house.state.faults.clear()
    for release in releases.values():
        house.deliver(release)
    assert_one_draft_each(house, releases)
    assert_nothing_secret(house, *shown, caplog.text)


@pytest.mark.parametrize("moment", ["kill_before", "kill_after"])
def test_a_run_killed_at_any_call_is_finished_by_the_next(tmp_path, moment):
    for call in range(1, 40):
        house = House(tmp_path / f"{call}")
        first, second = house.release(), house.release(text="改正")
        for release in (first, second):
            setattr(house, moment, call)
            killed = False
            try:
                house.deliver(release)
            except Killed:
                killed = True
            setattr(house, moment, 0)
            if killed and release is first and call % 2:
                continue  # the correction comes before anybody tries again
            house.deliver(release)
            assert_one_draft_each(house, {9: release})
        if not killed and call > 8:
            return
    raise AssertionError("a delivery makes fewer calls")


@pytest.mark.parametrize("after", [False, True])
def test_a_run_killed_at_any_write_is_finished_by_the_next(tmp_path, monkeypatch, after):
    real = wechat_records.replace_file
    for write in range(1, 40):
        house = House(tmp_path / f"{write}")
        first, second = house.release(), house.release(text="改正")
        for release in (first, second):
            count = 0

            def dying(path, data, mode=None, write=write):
                nonlocal count
                count += 1
                if count == write and not after:
                    raise Killed
                real(path, data, mode)
                if count == write:
                    raise Killed

            monkeypatch.setattr(wechat_records, "replace_file", dying)
            killed = False
            try:
                house.deliver(release)
            except Killed:
                killed = True
            monkeypatch.setattr(wechat_records, "replace_file", real)
            if killed and release is first and write % 2:
                continue
            house.deliver(release)
            assert_one_draft_each(house, {9: release})
        if not killed and write > 6:
            return
    raise AssertionError("a delivery writes less")


def test_a_record_is_on_disk_with_every_folder_above_it(tmp_path, monkeypatch):
    synced: list[Path] = []
    monkeypatch.setattr(wechat_records, "sync_folder", synced.append)
    folder = tmp_path / "state" / "wechat" / "account"
    wechat_records.Records(folder).note_forced([1.0])
    wechat_records.Records(folder).note_upload("body", "0" * 64, "https://mmbiz.qpic.cn/x")
    assert synced == [tmp_path, tmp_path / "state", tmp_path / "state" / "wechat", folder]


# ---------------------------------------------------------------- single faults


@pytest.mark.parametrize("after", range(5))
def test_a_token_that_expires_midway_goes_unnoticed(house, after):
    house.state.faults.switch_on("expired-token", 1, after=after)
    house.deliver(house.release())
    assert sum(1 for one in house.state.calls if one.path == "stable_token") == 2
    assert len(house.state.drafts) == 1


def test_a_token_refused_although_it_is_the_valid_one_is_refreshed_by_force_once(house):
    house.state.faults.switch_on("invalid-token", 1)
    house.deliver(house.release())
    assert len(house.state.tokens._forced.times) == 1
    house.state.faults.switch_on("invalid-token", 0)
    with pytest.raises(DeliveryFailed, match="40001"):
        house.deliver(house.release(8))
    assert len(house.state.tokens._forced.times) == 1, "at least 30 seconds apart, whatever process asks"


@pytest.mark.parametrize("fault", ["timeout-after-store", "cut-after-store"])
def test_a_draft_whose_answer_was_lost_is_found_and_not_added_again(house, fault):
    house.state.faults.switch_on(fault)
    house.deliver(house.release())
    assert house.calls().count("draft/add") == 1
    assert len(house.state.drafts) == 1


def test_a_busy_server_is_asked_again_with_growing_pauses_and_then_given_up(house):
    start = house.time
    house.state.faults.switch_on("busy", 3)
    house.deliver(house.release())
    assert house.time - start == 1 + 3 + 9
    house.state.faults.switch_on("busy", 0)
    with pytest.raises(DeliveryFailed, match=r"-1: WeChat is busy(.|\n)*deliver again later"):
        house.deliver(house.release(8))


def test_an_address_that_is_not_on_the_whitelist_is_named_with_the_cure(house):
    house.state.faults.switch_on("ip-not-whitelisted")
    with pytest.raises(DeliveryFailed, match=r"40164(.|\n)*基本配置 on mp\.weixin\.qq\.com and add 203\.0\.113\.7"):
        house.deliver(house.release())
    assert house.calls() == []


def test_a_used_up_quota_stops_at_once(house):
    house.state.faults.switch_on("quota")
    with pytest.raises(DeliveryFailed, match="45009"):
        house.deliver(house.release())
    assert [one.code for one in house.state.calls if one.path != "stable_token"] == [45009]


def test_a_cover_that_left_the_library_is_uploaded_anew(house):
    house.deliver(house.release())
    house.state.materials.clear()
    house.deliver(house.release(8))
    assert len(house.state.drafts) == 2


def test_a_wrong_secret_is_explained_and_not_shown(house):
    from kanfa.deliver import delivery

    channels = {"wechat": house.channel(KANFA_WECHAT_SECRET="hush-hush")}
    with pytest.raises(DeliveryFailed, match="40125: the AppSecret is wrong") as caught:
        delivery.deliver(
            house.outbox, house.release().digest, ["wechat"], house.publication,
            now=house.now, who="editor", channels=channels,
        )  # fmt: skip
    assert "hush-hush" not in str(caught.value)
    assert b"hush-hush" not in house.on_disk()


# ---------------------------------------------------------------- over a real line


KILLED = """
import os, signal, sys
import httpx
from pathlib import Path
from kanfa.deliver import delivery
from kanfa.deliver.wechat import Ports, channel
from kanfa.publication import Publication
import datetime
folder, digest, at = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
class Deadly(httpx.HTTPTransport):
    def handle_request(self, request):
        response = super().handle_request(request)
        if request.url.path.endswith(at):
            response.read()
            os.kill(os.getpid(), signal.SIGKILL)
        return response
way = channel(Ports(lambda base: Deadly()))
now = lambda: datetime.datetime.now(datetime.UTC)
delivery.deliver(folder / "outbox", digest, ["wechat"], Publication(name="周报", root=folder), now=now, who="e",
                 channels={"wechat": way})
"""


@pytest.mark.parametrize("at", ["draft/add", "media/uploadimg"])
def test_kill_9_in_the_middle_over_a_real_connection(house, at, caplog):
    caplog.set_level(logging.DEBUG)
    release = house.release()
    with running(SandboxSettings()) as sandbox:
        environ = {**os.environ, **ENVIRON, "KANFA_WECHAT_API": sandbox.url}
        words = [sys.executable, "-c", KILLED, str(house.folder), release.digest, at]
        ran = subprocess.run(words, env=environ, capture_output=True, text=True, check=False, timeout=60)
        assert ran.returncode == -signal.SIGKILL, ran.stderr
        house.state = sandbox.state
        done = deliver_over_the_line(house, release, environ)
        assert done == "delivered"
        assert_one_draft_each(house, {9: release})
        assert deliver_over_the_line(house, release, environ) == "already delivered"
    assert_nothing_secret(house, ran.stdout, ran.stderr, caplog.text)


def deliver_over_the_line(house: House, release: Release, environ: dict[str, str]) -> str:
    from kanfa.deliver import delivery
    from kanfa.deliver.wechat import Ports, channel

    ways = {"wechat": channel(Ports(environ=environ))}
    (done,) = delivery.deliver(
        house.outbox, release.digest, ["wechat"], house.publication, now=house.now, who="editor", channels=ways
    )
    return str(done.state)
