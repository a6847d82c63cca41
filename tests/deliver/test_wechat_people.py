"""What a person did in the draft box is never overwritten unasked, whenever she did it, and never without a copy."""

from __future__ import annotations

import copy
import json
import shutil

import httpx
import pytest
from wechat_house import COVER, PICTURE, House, Killed, article_html

from kanfa.deliver.delivery import State
from kanfa.errors import DeliveryFailed


@pytest.fixture
def house(tmp_path):
    return House(tmp_path / "publication")


def test_a_draft_that_a_person_changed_is_left_alone_without_force(house):
    house.deliver(house.release())
    house.stored()["title"] = "人改过的标题"
    corrected = house.release(text="改正")
    with pytest.raises(DeliveryFailed, match=r"changed in the draft box.*人改过的标题"):
        house.deliver(corrected)
    assert house.stored()["title"] == "人改过的标题"
    house.deliver(corrected, force=True)
    assert house.stored()["title"] == "周报 9"
    (kept,) = house.folder.glob(".kanfa/wechat/*/backups/*.json")
    assert "人改过的标题" in kept.read_text(encoding="utf-8")


def test_comments_that_a_person_opened_stay_open(house):
    house.deliver(house.release())
    house.stored()["need_open_comment"] = 1
    done = house.deliver(house.release(text="改正"))
    assert (house.stored()["need_open_comment"], "改正" in house.stored()["content"]) == (1, True)
    assert "need_open_comment stays 1 as it is in the draft box (the release says 0)" in done.detail


def test_comments_that_a_corrected_release_opens_are_opened(house):
    house.deliver(house.release())
    house.deliver(house.release(need_open_comment=1))
    assert house.stored()["need_open_comment"] == 1


def test_articles_that_a_person_put_into_another_order_are_left_alone(house):
    release = house.release(parts=2)
    house.deliver(release)
    (draft,) = house.state.drafts.values()
    draft.articles.reverse()
    with pytest.raises(DeliveryFailed, match="was changed in the draft box"):
        house.deliver(release)
    assert [article["title"] for article in draft.articles] == ["周报 9（2）", "周报 9（1）"]


def test_a_colour_that_a_person_changed_stays_and_is_not_called_the_releases(house):
    release = house.release()
    house.deliver(release)
    house.stored()["content"] = house.stored()["content"].replace("#0f766e", "#ff0000")
    done = house.deliver(release)
    assert (done.state, "#ff0000" in house.stored()["content"]) == (State.ALREADY, True)
    assert "saved or edited in the draft box since it was staged" in done.detail
    assert "is as the release has it" not in done.detail


def test_nothing_is_uploaded_for_a_draft_that_is_refused(house):
    house.deliver(house.release())
    house.stored()["title"] = "人改过的标题"
    house.calls()
    picture = PICTURE + b"another"
    corrected = house.release(text="改正", picture=picture, cover=COVER + b"another")
    with pytest.raises(DeliveryFailed, match="changed in the draft box"):
        house.deliver(corrected)
    assert house.calls() == ["draft/get"]
    house.deliver(corrected, force=True)
    assert picture in {upload.data for upload in house.state.uploads.values()}


def test_a_draft_that_was_refused_as_somebody_elses_is_not_remembered_as_ours(house):
    release = house.release()
    house.deliver(release)
    house.stored()["content"] = "<section><p>hers</p></section>"
    shutil.rmtree(house.folder / ".kanfa")
    with pytest.raises(DeliveryFailed, match="was not staged by this machine"):
        house.deliver(release)
    house.state.drafts.clear()  # she deletes it: nothing of ours is gone
    assert house.deliver(release).state is State.RESTORED
    assert "Helm 3" in house.stored()["content"]


@pytest.mark.parametrize("changed", ["digest", "cover"])
def test_what_a_person_wrote_before_the_draft_was_read_back_is_left_alone(house, changed):
    release = house.release()
    killed_after(house, release, "draft/add")
    if changed == "digest":
        house.stored()["digest"] = "人写的摘要"
    else:
        house.stored()["thumb_media_id"] = house.state.add_material(house.state.add_upload(b"hers", "image/png"))
    before = dict(house.stored())
    with pytest.raises(DeliveryFailed, match="changed in the draft box"):
        house.deliver(release)
    assert house.stored() == before


def test_a_corrected_colour_whose_update_was_lost_is_sent_by_the_next_run(house, monkeypatch):
    house.deliver(house.release())
    redder = article_html(9, "Helm 3 告别 Tiller").replace("#0f766e", "#aa0000")
    monkeypatch.setattr("wechat_house.article_html", lambda *_: redder)
    corrected = house.release()
    house.kill_before = 3  # token, draft/get, draft/update
    with pytest.raises(Killed):
        house.deliver(corrected)
    house.kill_before = 0
    house.deliver(corrected)
    assert "#aa0000" in house.stored()["content"]


def killed_after(house, release, path):
    """A delivery that ends when the server has carried out this call for the first time."""
    real = house.answer

    def answer(request):
        response = real(request)
        if request.url.path.endswith(path):
            raise Killed
        return response

    house.answer = answer
    with pytest.raises(Killed):
        house.deliver(release)
    house.answer = real


# ---------------------------------------------------------------- a person's draft beside ours


@pytest.fixture
def beside(house):
    """A release whose old draft is replaced while draft/add is busy, and a person's copy of that draft in the box."""
    house.deliver(house.release())
    article = copy.deepcopy(house.stored())
    article["content"] = "<section><p>HUMAN WORK</p></section>"
    corrected = house.release(parts=2, text="新")
    real = house.answer

    def busy(request):
        if request.url.path.endswith("draft/add"):
            return httpx.Response(200, json={"errcode": -1, "errmsg": "busy"})
        return real(request)

    house.answer = busy
    return corrected, [dict(article), dict(article)]


def test_a_draft_that_was_in_the_box_before_is_not_taken_for_the_one_added(house, beside):
    corrected, articles = beside
    human = house.state.add_draft(articles)
    with pytest.raises(DeliveryFailed, match="-1: WeChat is busy"):
        house.deliver(corrected, force=True)
    assert "HUMAN WORK" in human.articles[0]["content"]


def test_a_draft_that_somebody_made_meanwhile_is_checked_and_a_copy_kept(house, beside):
    corrected, articles = beside
    busy = house.answer
    made = []

    def answer(request):
        if request.url.path.endswith("draft/add") and not made:
            made.append(house.state.add_draft(articles))
        return busy(request)

    house.answer = answer
    house.deliver(corrected, force=True)
    copies = [path.read_text(encoding="utf-8") for path in house.folder.glob(".kanfa/wechat/*/backups/*.json")]
    assert any("HUMAN WORK" in text for text in copies), "overwritten by force, and kept"


def test_a_draft_that_somebody_made_meanwhile_is_left_alone_without_force(house):
    release = house.release()
    real, made = house.answer, []

    def answer(request):
        if not request.url.path.endswith("draft/add"):
            return real(request)
        key = next(iter(house.state.materials))
        fields = dict.fromkeys(("author", "digest"), "")
        page = {"content_source_url": "https://weekly.example.org/009/", "thumb_media_id": key, "title": "周报 9"}
        made.append(house.state.add_draft([{**fields, **page, "content": "<section>hers</section>"}]))
        raise httpx.ReadTimeout("no answer", request=request)

    house.answer = answer
    with pytest.raises(DeliveryFailed, match="was not staged by this machine"):
        house.deliver(release)
    assert [draft.articles[0]["content"] for draft in made] == ["<section>hers</section>"]


def test_a_draft_that_is_gone_is_not_staged_again_without_force(house):
    release = house.release()
    house.deliver(release)
    house.state.drafts.clear()
    with pytest.raises(DeliveryFailed, match="no longer in the draft box: somebody published or deleted it"):
        house.deliver(release)
    assert house.state.drafts == {}
    house.calls()
    house.deliver(release, force=True)
    assert len(house.state.drafts) == 1
    assert "media/uploadimg" in house.calls(), "pictures of a deleted draft may be gone with it"


def test_a_backup_can_be_sent_back_although_stored_quotes_are_entities(house):
    house.deliver(house.release())
    article = house.stored()
    article["content"] = article["content"].replace("margin:0 0 16px", "font-family:&#39;A B&#39;")
    house.deliver(house.release(text="改正"), force=True)
    (kept,) = house.folder.glob(".kanfa/wechat/*/backups/*.json")
    back = json.loads(kept.read_bytes())["restorable"][0]["content"]
    assert "font-family:'A B'" in back
    assert 'src="https://mmbiz.qpic.cn' in back
    assert "data-src" not in back
