"""Every address is asked once, politely, and ends in exactly one status."""

from __future__ import annotations

import datetime
import socket
from collections.abc import Collection, Mapping
from typing import Any

import pytest
from desk_house import Answer as Served
from desk_house import Site, names, run

from kanfa.desk.fetch import Fetcher, Hop, Reply
from kanfa.desk.links import (
    LONGEST_WAIT,
    MOST_SILENCE,
    Answer,
    Status,
    Survey,
    is_ignored,
    judged,
    moved_to,
    seconds_of,
    unanswered,
)
from kanfa.desk.transport import Trouble, Unanswered
from kanfa.publication import LinkSettings

WECHAT = "mp.weixin.qq.com"


def survey(
    *addresses: str,
    settings: LinkSettings | None = None,
    fragments: Mapping[str, Collection[str]] | None = None,
    slept: list[float] | None = None,
    pause: float = 0,
    **options: Any,
) -> dict[str, Answer]:
    waits = [] if slept is None else slept

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def work(client: Fetcher) -> dict[str, Answer]:
        run_of = Survey(client, settings or LinkSettings(), sleep, pause)
        return await run_of.ask({address: (fragments or {}).get(address, ()) for address in addresses})

    return run(work, **options)


def asked(address: str, **options: Any) -> Answer:
    return survey(address, **options)[address]


# ---------------------------------------------------------------- statuses


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (200, Status.WORKING), (204, Status.WORKING), (206, Status.WORKING), (304, Status.WORKING),
        (400, Status.BROKEN), (404, Status.BROKEN), (410, Status.BROKEN), (451, Status.BROKEN),
        (500, Status.BROKEN), (503, Status.BROKEN),
        (401, Status.NEEDS_LOGIN), (403, Status.NEEDS_LOGIN), (999, Status.NEEDS_LOGIN),
        (429, Status.RATE_LIMITED),
    ],
)  # fmt: skip
def test_each_http_status_means_one_status_of_ours(site: Site, code: int, status: Status) -> None:
    answer = asked(site.put("/", Served(code)))
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        (Trouble.BLOCKED, Status.BLOCKED), (Trouble.TIMEOUT, Status.TIMEOUT), (Trouble.NAME_SERVER, Status.TIMEOUT),
        (Trouble.NO_HOST, Status.BROKEN), (Trouble.CONNECTION, Status.BROKEN), (Trouble.CERTIFICATE, Status.BROKEN),
        (Trouble.REDIRECTS, Status.BROKEN), (Trouble.ADDRESS, Status.BROKEN), (Trouble.TOO_LARGE, Status.BROKEN),
    ],
)  # fmt: skip
def test_each_trouble_means_one_status_of_ours(trouble: Trouble, status: Status) -> None:
    assert unanswered(Unanswered(trouble, "because")) == Answer(status, trouble=trouble, reason="because")


def test_every_trouble_has_its_status() -> None:
    assert {unanswered(Unanswered(trouble, "")).status for trouble in Trouble} == {
        Status.BLOCKED, Status.TIMEOUT, Status.BROKEN
    }  # fmt: skip


def test_private_addresses_are_blocked_and_unknown_hosts_broken() -> None:
    gone = names(gone_example_org=socket.gaierror(socket.EAI_NONAME, "unknown"))
    answers = survey("http://10.0.0.1/", "https://gone.example.org/", resolve=gone)
    assert [answer.status for answer in answers.values()] == [Status.BLOCKED, Status.BROKEN]


def test_a_silent_server_is_a_timeout_and_its_host_is_soon_left_alone(site: Site) -> None:
    addresses = [site.put(f"/{n}", Served(silent=True)) for n in range(5)]
    answers = survey(*addresses, settings=LinkSettings(per_host=1), timeout=0.05)
    assert {answer.status for answer in answers.values()} == {Status.TIMEOUT}
    assert len({one.path for one in site.asked}) == MOST_SILENCE


# ---------------------------------------------------------------- HEAD and GET


def test_head_is_enough_where_it_is_answered(site: Site) -> None:
    asked(site.put("/a", Served()))
    assert site.methods("/a") == ["HEAD"]


@pytest.mark.parametrize("refused", [400, 403, 404, 405, 501, 503])
def test_get_is_asked_where_head_is_refused(site: Site, refused: int) -> None:
    assert asked(site.put("/a", Served(heads=refused))).status is Status.WORKING
    assert site.methods("/a") == ["HEAD", "GET"]


# ---------------------------------------------------------------- redirects


def test_a_permanent_redirect_gives_the_new_address_and_a_passing_one_does_not(site: Site) -> None:
    end = site.put("/end", Served())
    moved = site.put("/moved", Served(301, headers={"Location": "/end"}))
    passing = site.put("/passing", Served(302, headers={"Location": "/end"}))
    answers = survey(moved, passing, end)
    assert answers[moved] == Answer(Status.REDIRECTED, 200, target=end)
    assert answers[passing].status is answers[end].status is Status.WORKING


def test_a_redirect_to_nothing_is_broken(site: Site) -> None:
    assert asked(site.put("/a", Served(301, headers={"Location": "/gone"}))).status is Status.BROKEN


def test_a_redirect_into_a_private_network_is_blocked(site: Site) -> None:
    answer = asked(site.put("/a", Served(302, headers={"Location": "http://192.168.0.1/"})))
    assert answer.status is Status.BLOCKED


def test_only_the_permanent_redirects_before_the_first_passing_one_count() -> None:
    hops = (Hop(301, "https://a/"), Hop(308, "https://b/"), Hop(302, "https://c/"), Hop(301, "https://d/"))
    assert moved_to(Reply(200, "https://d/", hops)) == "https://b/"
    assert moved_to(Reply(200, "https://a/")) == ""


def test_the_new_address_is_shown_without_its_secrets() -> None:
    reply = Reply(200, "x", (Hop(301, "https://a.org/b?ticket=abc&page=2"),))
    assert judged("https://a.org/b", reply).target == "https://a.org/b?ticket=…&page=2"


# ---------------------------------------------------------------- asking again


def test_a_busy_server_is_asked_again_as_late_as_it_wishes(site: Site) -> None:
    slept: list[float] = []
    busy = Served(503, headers={"Retry-After": "7"})
    assert asked(site.put("/a", busy, busy, Served(200)), slept=slept).status is Status.WORKING
    assert slept == [7.0]
    assert site.methods("/a") == ["HEAD", "GET", "GET"]


def test_waiting_grows_and_ends(site: Site) -> None:
    slept: list[float] = []
    assert asked(site.put("/a", Served(500)), slept=slept).status is Status.BROKEN
    assert slept == [1.0, 2.0]
    assert len(site.asked) == 4  # HEAD and GET, GET, GET


def test_too_many_questions_make_the_whole_host_wait(site: Site) -> None:
    slept: list[float] = []
    busy = site.put("/a", Served(429, headers={"Retry-After": "5"}), Served(200))
    assert asked(busy, slept=slept).status is Status.WORKING
    assert slept == [pytest.approx(5, abs=0.5)]
    assert site.methods("/a") == ["HEAD", "GET"]


def test_a_host_that_wants_a_long_pause_is_left_alone_for_this_run(site: Site) -> None:
    busy = site.put("/a", Served(429, headers={"Retry-After": str(int(LONGEST_WAIT) + 1)}))
    other = site.put("/b", Served())
    elsewhere = site.url("/b", "elsewhere.example.org")
    slept: list[float] = []
    answers = survey(busy, other, elsewhere, settings=LinkSettings(per_host=1), slept=slept)
    assert answers[busy].status is answers[other].status is Status.RATE_LIMITED
    assert answers[elsewhere].status is Status.WORKING
    assert slept == []
    assert site.methods("/b") == ["HEAD"]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0), (" 5 ", 5.0), ("0", 0.0), ("", 0.0), ("soon", 0.0), ("-5", 0.0), ("1.5", 0.0),
        ("9" * 400, 1e9), ("٣", 0.0),
        ("Mon, 05 Jan 2026 00:01:00 GMT", 60.0), ("Sun, 04 Jan 2026 00:00:00 GMT", 0.0),
        ("Mon, 99 Jan 2026 00:00:00 GMT", 0.0),
    ],
)  # fmt: skip
def test_retry_after_is_a_number_or_a_date_and_nothing_else(header: str, seconds: float) -> None:
    assert seconds_of(header, datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)) == seconds


# ---------------------------------------------------------------- manners


def test_each_address_is_asked_once_and_few_at_once(site: Site) -> None:
    addresses = [site.put(f"/{n}", Served()) for n in range(12)]
    answers = survey(*addresses, settings=LinkSettings(per_host=2))
    assert list(answers) == addresses
    assert len(site.asked) == 12
    assert site.most_at_once <= 2


def test_there_is_a_pause_between_two_requests_to_one_host(site: Site) -> None:
    slept: list[float] = []
    survey(site.put("/a", Served()), site.put("/b", Served()), pause=30, slept=slept)
    assert slept == [pytest.approx(30, abs=0.5)]


def test_what_kanfa_toml_ignores_is_not_asked(site: Site) -> None:
    address = site.put("/a", Served())
    answer = asked(address, settings=LinkSettings(ignore=("example.org",)))
    assert answer.status is Status.IGNORED
    assert site.asked == []


@pytest.mark.parametrize(
    ("entry", "address", "ignored"),
    [
        ("example.org", "https://example.org/a", True),
        ("example.org", "https://www.Example.org:8443/a", True),
        (".example.org", "https://www.example.org/a", True),
        ("example.org", "https://badexample.org/a", False),
        ("example.org", "https://example.org.evil.net/", False),
        ("https://example.org/private", "https://example.org/private/a", True),
        ("https://example.org/private", "http://example.org/private/a", False),
    ],
)
def test_an_entry_is_a_domain_or_the_beginning_of_an_address(entry: str, address: str, ignored: bool) -> None:
    assert is_ignored(address, LinkSettings(ignore=(entry,))) is ignored


# ---------------------------------------------------------------- pages


def test_a_page_is_searched_for_its_places_only_when_asked(site: Site) -> None:
    address = site.put("/a", Served(body=b'<p id="one">x'))
    assert asked(address, fragments={address: ["one", "two"]}) == Answer(Status.WORKING, 200, missing=("two",))
    assert site.methods("/a") == ["GET"]


def test_nothing_is_said_about_the_places_of_what_is_no_page(site: Site) -> None:
    address = site.put("/a.pdf", Served(body=b"%PDF-1.7"))
    assert asked(address, fragments={address: ["page-2"]}).missing == ()


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ("<p>该内容已被发布者删除</p>", Status.BROKEN, "该内容已被发布者删除"),
        ("<p>此内容因违规无法查看</p>", Status.BROKEN, "此内容因违规无法查看"),
        ("<p>参数错误</p>", Status.BROKEN, "参数错误"),
        ("<p>当前环境异常，完成验证后即可继续访问。</p>", Status.RATE_LIMITED, ""),
        ('<div id="js_content">参数错误怎么办</div>', Status.WORKING, ""),
    ],
)
def test_a_wechat_article_is_read_since_its_status_is_always_200(
    site: Site, body: str, status: Status, reason: str
) -> None:
    site.put("/s/abc", Served(body=body.encode()))
    answer = asked(site.url("/s/abc", WECHAT))
    assert (answer.status, answer.reason) == (status, reason)
    assert site.methods("/s/abc") == ["GET"]


def test_the_same_words_elsewhere_mean_nothing(site: Site) -> None:
    assert asked(site.put("/a", Served(body="参数错误".encode()))).status is Status.WORKING


def test_progress_hears_of_every_answer_once(site: Site) -> None:
    heard: list[str] = []

    async def work(client: Fetcher) -> None:
        addresses = {site.put(f"/{n}", Served()): () for n in range(3)}
        await Survey(client, LinkSettings(), pause=0).ask(addresses, lambda address, _: heard.append(address))

    run(work)
    assert sorted(heard) == [site.url(f"/{n}") for n in range(3)]
