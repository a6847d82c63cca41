"""A release becomes one draft, is read back, and stays one draft whatever comes after."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
from wechat_house import COVER, PICTURE, House, article_html

from kanfa.deliver.delivery import State
from kanfa.errors import DeliveryFailed, EnvironmentProblem
from kanfa.release.ledger import Event, history


@pytest.fixture
def house(tmp_path):
    return House(tmp_path / "publication")


def test_the_first_delivery_uploads_looks_adds_and_reads_back(house):
    done = house.deliver(house.release())
    assert house.calls() == [
        "draft/batchget", "media/uploadimg", "material/add_material", "draft/add", "draft/get",
    ]  # fmt: skip
    assert done.state is State.DELIVERED
    stored = house.stored()
    assert (stored["title"], stored["digest"], stored["author"]) == ("周报 9", "第 9 期摘要", "周报")
    assert "https://mmbiz.qpic.cn/" in stored["content"]
    assert "images/" not in stored["content"]
    assert {upload.data for upload in house.state.uploads.values()} == {PICTURE + b"9", COVER + b"9"}


def test_only_the_addresses_of_pictures_are_put_into_the_approved_article(house):
    house.deliver(house.release())
    sent = next(json.loads(body)["articles"][0]["content"] for body in house.bodies if b'"articles"' in body)
    before, _, behind = sent.partition('src="https://mmbiz.qpic.cn/')
    wanted_before, _, wanted_behind = article_html(9, "Helm 3 告别 Tiller").partition('src="images/a-9.png')
    assert before == wanted_before
    assert behind.partition('"')[2] == wanted_behind.partition('"')[2]


def test_chinese_goes_over_the_line_as_utf_8(house):
    house.deliver(house.release())
    assert any("告别".encode() in body for body in house.bodies)
    assert not any(b"\\u" in body for body in house.bodies)


def test_delivering_again_compares_and_changes_nothing(house):
    release = house.release()
    house.deliver(release)
    house.calls()
    assert house.deliver(release).state is State.ALREADY
    assert house.calls() == ["draft/get"]


def test_a_corrected_release_updates_the_same_draft_after_keeping_a_copy(house):
    house.deliver(house.release())
    house.calls()
    before = house.stored()["content"]
    done = house.deliver(house.release(text="Helm 3 正式告别 Tiller"))
    assert house.calls() == ["draft/get", "draft/update", "draft/get"]
    assert "正式" in house.stored()["content"]
    assert done.state is State.DELIVERED
    (kept,) = house.folder.glob(".kanfa/wechat/*/backups/*.json")
    assert json.loads(kept.read_bytes())["stored"][0]["content"] == before
    assert f"is kept in {kept.relative_to(house.folder)}" in done.detail


def test_a_corrected_release_that_leaves_the_article_alone_changes_nothing(house):
    house.deliver(house.release())
    house.calls()
    house.deliver(house.release(extra="a field that no draft has"))
    assert house.calls() == ["draft/get"]


# ---------------------------------------------------------------- lost state


def test_a_lost_state_folder_leads_to_the_same_draft(house):
    release = house.release()
    house.deliver(release)
    shutil.rmtree(house.folder / ".kanfa")
    house.deliver(release)
    assert len(house.state.drafts) == 1


def test_a_lost_state_folder_does_not_let_a_correction_overwrite_what_may_be_a_persons(house):
    house.deliver(house.release())
    shutil.rmtree(house.folder / ".kanfa")
    corrected = house.release(text="改正")
    with pytest.raises(DeliveryFailed, match="was not staged by this machine"):
        house.deliver(corrected)
    house.deliver(corrected, force=True)
    assert "改正" in house.stored()["content"]


def test_two_drafts_that_look_alike_are_named_and_left_to_a_person(house):
    release = house.release()
    house.deliver(release)
    shutil.rmtree(house.folder / ".kanfa")
    house.state.add_draft([dict(house.stored())])
    with pytest.raises(DeliveryFailed, match="2 drafts look like issue 009"):
        house.deliver(release)


def test_the_draft_is_found_on_a_later_page_of_a_full_box(house):
    release = house.release()
    house.deliver(release)
    shutil.rmtree(house.folder / ".kanfa")
    for number in range(45):
        other = {**house.state.drafts[next(iter(house.state.drafts))].articles[0], "title": f"x{number}"}
        house.state.add_draft([{**other, "content_source_url": ""}])
    house.deliver(release)
    assert len(house.state.drafts) == 46


@pytest.mark.parametrize("damage", [b"", b"{", b'{"version": 2}', b"[]"])
def test_a_damaged_record_is_none(house, damage):
    release = house.release()
    house.deliver(release)
    (record,) = house.folder.glob(".kanfa/wechat/*/drafts/009.json")
    record.write_bytes(damage)
    house.deliver(release)
    assert len(house.state.drafts) == 1


# ---------------------------------------------------------------- several articles


def test_an_issue_in_parts_is_one_draft_with_its_articles_in_order(house):
    house.deliver(house.release(parts=3))
    (draft,) = house.state.drafts.values()
    assert [article["title"] for article in draft.articles] == ["周报 9（1）", "周报 9（2）", "周报 9（3）"]
    house.calls()
    house.deliver(house.release(parts=3, title="周报 9（上）"))
    assert house.calls() == ["draft/get", "draft/update", "draft/get"], "only the article that changed is sent"
    assert draft.articles[0]["title"] == "周报 9（上）"


def test_another_number_of_articles_needs_a_new_draft_and_a_person_says_so(house):
    house.deliver(house.release(parts=2))
    longer = house.release(parts=3)
    with pytest.raises(DeliveryFailed, match=r"holds 2 article\(s\) and the release 3.*a new one is needed"):
        house.deliver(longer)
    (old,) = house.state.drafts
    done = house.deliver(longer, force=True)
    assert f"delete by hand: {old}" in done.detail
    assert [len(draft.articles) for draft in house.state.drafts.values()] == [2, 3]
    del house.state.drafts[old]
    assert house.deliver(longer).state is State.ALREADY


def test_more_articles_than_a_draft_holds_are_refused_before_any_call(house):
    with pytest.raises(DeliveryFailed, match="9 articles; one holds at most 8"):
        house.deliver(house.release(parts=9))
    assert house.requests == 0


# ---------------------------------------------------------------- different


def test_a_style_that_wechat_blanked_is_sent_again(house):
    house.state.faults.switch_on("blank-style", 1)
    house.deliver(house.release())
    assert house.calls()[-4:] == ["draft/add", "draft/get", "draft/update", "draft/get"]
    assert 'style=""' not in house.stored()["content"]


def test_a_draft_that_stays_different_is_kept_and_the_difference_shown(house):
    house.state.faults.switch_on("blank-style", 0)
    release = house.release()
    with pytest.raises(DeliveryFailed, match=r'staged-but-different(.|\n)*style="": 1 stored'):
        house.deliver(release)
    (media_id,) = house.state.drafts
    (record,) = house.folder.glob(".kanfa/wechat/*/drafts/009.json")
    known = json.loads(record.read_bytes())
    assert (known["phase"], known["media_id"]) == ("staged-but-different", media_id)
    house.state.faults.clear()
    house.deliver(release)
    assert list(house.state.drafts) == [media_id]
    assert history(house.outbox)[-1].event is Event.DELIVERED


# ---------------------------------------------------------------- before any call


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": "长" * 33}, "title has 33 characters; at most 32 .WX082"),
        ({"title": " "}, "no title"),
        ({"author": "长" * 17}, "author has 17"),
        ({"digest": "长" * 121}, "digest has 121"),
        ({"content_source_url": "https://a.example/" + "x" * 1024}, "content_source_url has 1,042 bytes"),
        ({"images": []}, "shows images/a-9.png, which wechat.json does not list"),
        ({"content": "images/a-9.png"}, "not the release's"),
        ({"content": "../x"}, "content: .*empty part"),
        ({"need_open_comment": 5}, "need_open_comment"),
    ],
)
def test_what_wechat_would_refuse_never_leaves_the_house(house, fields, words):
    with pytest.raises(DeliveryFailed, match=words):
        house.deliver(house.release(**fields))
    assert house.requests == 0


def test_an_article_that_the_addresses_make_too_long_is_not_sent(house):
    room = 19_999 - len(article_html(9, ""))
    with pytest.raises(DeliveryFailed, match="at most 19,999"):
        house.deliver(house.release(text="字" * room))
    assert house.state.drafts == {}


def test_a_dry_run_says_what_would_be_done_and_makes_no_call(house):
    release = house.release()
    done = house.deliver(release, dry_run=True)
    assert done.actions == (
        "upload images/a-9.png (body)",
        "upload images/cover.png (cover)",
        "look for the draft in the draft box; add it (1 article) when it is not there",
        "read the draft back and compare it with the release",
    )
    assert house.requests == 0
    assert not (house.folder / ".kanfa").exists()
    house.deliver(release)
    before = house.on_disk()
    assert "compare the draft" in house.deliver(release, dry_run=True).actions[0]
    assert (house.requests, house.on_disk()) == (0, before)


@pytest.mark.parametrize("dry_run", [True, False])
def test_missing_credentials_are_named_and_are_no_refusal(house, dry_run):
    from kanfa.deliver import delivery

    channels = {"wechat": house.channel(KANFA_WECHAT_SECRET="")}
    with pytest.raises(EnvironmentProblem, match=r"^WeChat asks who we are: KANFA_WECHAT_SECRET is not set") as caught:
        delivery.deliver(
            house.outbox, house.release().digest, ["wechat"], house.publication,
            now=house.now, who="editor", channels=channels, dry_run=dry_run,
        )  # fmt: skip
    assert (caught.value.exit_status, house.requests) == (2, 0)
    assert (history(house.outbox)[-1].event is Event.FAILED) is not dry_run


def test_a_release_without_an_article_is_refused(house):
    from kanfa.deliver.wechat_article import read_post
    from kanfa.release.store import Verified, verify

    verified = verify(house.release())
    bare = replace(verified.manifest, files={})
    with pytest.raises(DeliveryFailed, match="holds no WeChat article"):
        read_post(Verified(verified.release, bare, {}, ""))
