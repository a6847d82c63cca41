"""`kanfa links` and `kanfa images` at the desk: what an editor sees, and what is left behind.

No network is touched: each command gets a client whose transport answers from a table.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import httpx
import pytest
from cli_house import ISSUE, Kanfa
from PIL import Image as Pillow

from kanfa.desk.fetch import Fetcher
from kanfa.desk.links import Survey
from kanfa.desk.transport import Transport, Trouble, Unanswered
from kanfa.publication import Publication

Table = dict[str, tuple[int, bytes] | Unanswered]


class Web(Transport):
    """Answers from a table, and remembers what was asked; 404 for everything else."""

    def __init__(self, table: Mapping[str, tuple[int, bytes] | Unanswered], asked: list[str]) -> None:
        super().__init__()
        self.table = table
        self.asked = asked

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        address = str(request.url)
        self.asked.append(address)
        answer = self.table.get(address, (404, b""))
        if isinstance(answer, Unanswered):
            raise answer
        code, body = answer
        headers = {"Location": body.decode()} if 300 <= code < 400 else {}
        return httpx.Response(code, headers=headers, stream=httpx.ByteStream(body))


async def at_once(_: float) -> None:
    """Waits for nothing."""


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Callable[[Table], list[str]]:
    """Put a table in the place of the web; gives the list of addresses that were asked."""

    def put(table: Table) -> list[str]:
        asked: list[str] = []

        def fetcher_for(publication: Publication) -> Fetcher:
            return Fetcher("kanfa/test", transport=Web(table, asked))

        monkeypatch.setattr("kanfa.cli.links.fetcher_for", fetcher_for)
        monkeypatch.setattr("kanfa.cli.images.fetcher_for", fetcher_for)
        monkeypatch.setattr("kanfa.cli.links.Survey", partial(Survey, sleep=at_once, pause=0))
        return asked

    return put


Put = Callable[[Table], list[str]]
ISSUE_PATH = "content/issues/007/issue.md"
HELM = "https://helm.sh/"


def picture(shade: int = 90) -> bytes:
    out = io.BytesIO()
    Pillow.new("L", (640, 320), shade).save(out, "PNG")
    return out.getvalue()


def add(desk: Path, text: str) -> None:
    (desk / ISSUE_PATH).write_text(ISSUE + text, encoding="utf-8")


# ---------------------------------------------------------------- links


def test_links_that_work_give_no_finding_and_status_zero(kanfa: Kanfa, desk: Path, web: Put) -> None:
    asked = web({HELM: (200, b"")})
    ran = kanfa("links", "7")
    assert ran.status == 0
    assert ran.out == f"{ISSUE_PATH}：没有发现问题\n"
    assert ran.err == "kanfa: asking 1 address\nkanfa: 1 address: 1 working\n"
    assert asked == [HELM]


def test_a_dead_link_is_an_error_at_its_line(kanfa: Kanfa, desk: Path, web: Put) -> None:
    web({HELM: (404, b"")})
    ran = kanfa("links", "7", "--lang", "en")
    assert ran.status == 1
    assert f"{ISSUE_PATH}:11:10: error ISS150" in ran.out
    assert "https://helm.sh/ answers HTTP 404" in ran.out
    assert "^" * len(HELM) in ran.out


def test_every_form_of_output_is_that_of_check(kanfa: Kanfa, desk: Path, web: Put) -> None:
    web({HELM: (404, b"")})
    document = json.loads(kanfa("links", "7", "--json").out)
    assert [(one["rule"], one["line"]) for one in document["findings"]] == [("ISS150", 11)]
    assert document["ok"] is False
    assert document == json.loads(kanfa("links", "7", "--format", "json").out)
    assert f"::error file={ISSUE_PATH},line=11,col=10" in kanfa("links", "7", "--format", "github").out
    results = json.loads(kanfa("links", "7", "--format", "sarif").out)["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["ISS150"]


def test_what_only_warns_or_informs_ends_with_zero(kanfa: Kanfa, desk: Path, web: Put) -> None:
    add(desk, "- [登录](https://a.example.org/)\n- [慢](https://b.example.org/)\n- [搬](https://c.example.org/)\n")
    web(
        {
            HELM: (200, b""),
            "https://a.example.org/": (403, b""),
            "https://b.example.org/": (429, b""),
            "https://c.example.org/": (301, b"https://d.example.org/"),
            "https://d.example.org/": (200, b""),
        }
    )
    ran = kanfa("links", "7", "--json")
    found = {one["line"]: (one["rule"], one["severity"]) for one in json.loads(ran.out)["findings"]}
    assert found == {12: ("ISS155", "warning"), 13: ("ISS152", "warning"), 14: ("ISS153", "info")}
    assert ran.status == 0


def test_good_answers_are_remembered_and_dead_ones_are_asked_anew(kanfa: Kanfa, desk: Path, web: Put) -> None:
    add(desk, "- [坏](https://a.example.org/)\n")
    asked = web({HELM: (200, b"")})
    kanfa("links", "7")
    assert (desk / ".kanfa" / "links.json").is_file()
    asked.clear()
    ran = kanfa("links", "7")
    assert HELM not in asked
    assert "https://a.example.org/" in asked
    assert "1 known from before" in ran.err
    for words in (["--refresh"], ["--since-cache", "0"]):
        asked.clear()
        kanfa("links", "7", *words)
        assert HELM in asked


def test_an_address_of_two_issues_is_asked_once_and_reported_for_both(kanfa: Kanfa, desk: Path, web: Put) -> None:
    (desk / "content/issues/008").mkdir()
    (desk / "content/issues/008/issue.md").write_text(ISSUE.replace("number: 7", "number: 8"), encoding="utf-8")
    asked = web({HELM: (410, b"")})
    documents = json.loads(kanfa("links", "7", "8", "--json").out)
    assert [len(document["findings"]) for document in documents] == [1, 1]
    assert asked == [HELM, HELM]  # HEAD, then GET


def test_what_kanfa_toml_ignores_is_counted_and_not_asked(kanfa: Kanfa, desk: Path, web: Put) -> None:
    settings = desk / "kanfa.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + '[links]\nignore = ["helm.sh"]\n', encoding="utf-8")
    asked = web({})
    ran = kanfa("links", "7")
    assert (ran.status, asked) == (0, [])
    assert "1 ignored" in ran.err


def test_places_are_looked_for_when_asked(kanfa: Kanfa, desk: Path, web: Put) -> None:
    add(desk, "- [位](https://a.example.org/x#nowhere)\n")
    web({HELM: (200, b""), "https://a.example.org/x": (200, b'<p id="here">x')})
    assert json.loads(kanfa("links", "7", "--json").out)["findings"] == []
    findings = json.loads(kanfa("links", "7", "--json", "--fragments").out)["findings"]
    assert [(one["rule"], one["line"]) for one in findings] == [("ISS156", 12)]


def test_a_private_address_is_refused_without_asking(kanfa: Kanfa, desk: Path) -> None:
    """With the client that editors have: a number needs no name server, so nothing leaves this machine."""
    add(desk, "")
    path = desk / ISSUE_PATH
    path.write_text(ISSUE.replace(HELM, "http://169.254.169.254/latest/"), encoding="utf-8")
    ran = kanfa("links", "7", "--json")
    [finding] = json.loads(ran.out)["findings"]
    assert (ran.status, finding["rule"]) == (1, "ISS154")
    assert "169.254.169.254" in finding["message"]


SILENT = Unanswered(Trouble.NAME_SERVER, "the name server cannot be asked")
UNKNOWN = Unanswered(Trouble.NO_HOST, "no name server knows it")
THREE = "- [一](https://a.example.org/)\n- [二](https://b.example.org/)\n"


def test_without_a_network_nothing_is_said_about_links(kanfa: Kanfa, desk: Path, web: Put) -> None:
    web({HELM: SILENT})
    ran = kanfa("links", "7")
    assert (ran.status, ran.out) == (2, "")
    assert "no link was asked" in ran.err
    assert "cure: " in ran.err


def test_a_machine_that_knows_no_name_at_all_is_taken_for_offline(kanfa: Kanfa, desk: Path, web: Put) -> None:
    add(desk, THREE)
    web({HELM: UNKNOWN, "https://a.example.org/": UNKNOWN, "https://b.example.org/": UNKNOWN})
    assert kanfa("links", "7").status == 2


def test_unknown_hosts_are_dead_links_while_another_one_answers(kanfa: Kanfa, desk: Path, web: Put) -> None:
    """The one that answers is remembered, so it is asked again before the network is doubted."""
    add(desk, f"{THREE}- [三](https://c.example.org/)\n")
    hosts = [f"https://{name}.example.org/" for name in "abc"]
    asked = web({HELM: (200, b""), **dict.fromkeys(hosts, UNKNOWN)})
    for _ in range(2):
        ran = kanfa("links", "7", "--json")
        assert ran.status == 1
        assert [one["rule"] for one in json.loads(ran.out)["findings"]] == ["ISS150"] * 3
    assert asked.count(HELM) == 2
    web(dict.fromkeys([HELM, *hosts], UNKNOWN))
    assert kanfa("links", "7").status == 2


def test_one_unknown_host_is_a_dead_link(kanfa: Kanfa, desk: Path, web: Put) -> None:
    web({HELM: UNKNOWN})
    assert kanfa("links", "7").status == 1


def test_an_unreadable_issue_hides_no_other(kanfa: Kanfa, desk: Path, web: Put) -> None:
    web({HELM: (200, b"")})
    ran = kanfa("links", "gone.md", "7")
    assert ran.status == 2
    assert "does not exist" in ran.err
    assert ISSUE_PATH in ran.out


def test_an_issue_without_links_asks_nobody(kanfa: Kanfa, desk: Path, web: Put) -> None:
    (desk / ISSUE_PATH).write_text("# 一\n\n正文。\n", encoding="utf-8")
    asked = web({})
    ran = kanfa("links", "7")
    assert (ran.status, asked) == (0, [])
    assert "0 addresses" in ran.err


# ---------------------------------------------------------------- images

LOGO = "https://img.example.org/logo.png"


def test_pictures_are_pulled_beside_the_issue_which_stays_as_it_is(kanfa: Kanfa, desk: Path, web: Put) -> None:
    add(desk, f"\n![标志]({LOGO})\n")
    before = (desk / ISSUE_PATH).read_bytes()
    web({LOGO: (200, picture())})
    ran = kanfa("images", "pull", "7")
    assert ran.status == 0
    assert ran.out.splitlines() == [
        f"   13  fetched     images/logo.png  640 × 320  {len(picture()):,} bytes  {LOGO}",
        f"{ISSUE_PATH}: 1 picture from the web",
    ]
    folder = desk / "content/issues/007"
    assert (folder / "images/logo.png").read_bytes() == picture()
    assert LOGO in (folder / "images.lock").read_text(encoding="utf-8")
    assert (desk / ISSUE_PATH).read_bytes() == before


def test_a_second_run_asks_nobody_and_an_update_asks_again(kanfa: Kanfa, desk: Path, web: Put) -> None:
    add(desk, f"\n![标志]({LOGO})\n")
    asked = web({LOGO: (200, picture())})
    kanfa("images", "pull", "7")
    assert "kept" in kanfa("images", "pull", "7").out
    assert asked == [LOGO]
    web({LOGO: (200, picture(7))})
    ran = kanfa("images", "pull", "7", "--update")
    assert "updated" in ran.out
    assert "images/logo.png holds the old picture and may go" in ran.out


def test_a_picture_that_cannot_be_had_ends_with_status_one(kanfa: Kanfa, desk: Path, web: Put) -> None:
    add(desk, f"\n![标志]({LOGO})\n")
    web({})
    ran = kanfa("images", "pull", "7")
    assert ran.status == 1
    assert f"   13  failed      {LOGO} — the server answers HTTP 404" in ran.out
    assert "1 not as it should be" in ran.out


def test_check_asks_nobody_and_refuses_what_is_not_as_the_lock_says(kanfa: Kanfa, desk: Path, web: Put) -> None:
    add(desk, f"\n![标志]({LOGO})\n")
    asked = web({LOGO: (200, picture())})
    assert kanfa("images", "pull", "7", "--check").status == 1
    assert asked == []
    kanfa("images", "pull", "7")
    assert kanfa("images", "pull", "7", "--check").status == 0
    (desk / "content/issues/007/images/logo.png").write_bytes(b"other")
    ran = kanfa("images", "pull", "7", "--check")
    assert ran.status == 1
    assert "images/logo.png is not the picture that was pulled" in ran.out
    assert len(asked) == 1


def test_an_issue_without_pictures_from_the_web_needs_no_lock(kanfa: Kanfa, desk: Path, web: Put) -> None:
    web({})
    ran = kanfa("images", "pull", "7")
    assert (ran.status, ran.out) == (0, f"{ISSUE_PATH}: no pictures from the web\n")
    assert not (desk / "content/issues/007/images.lock").exists()


def test_check_and_update_exclude_each_other_and_a_damaged_lock_is_named(kanfa: Kanfa, desk: Path, web: Put) -> None:
    asked = web({})
    assert kanfa("images", "pull", "7", "--check", "--update").status == 2
    (desk / "content/issues/007/images.lock").write_text("{", encoding="utf-8")
    ran = kanfa("images", "pull", "7")
    assert (ran.status, asked) == (2, [])
    assert "images.lock:1: no JSON" in ran.err


def test_a_pulled_picture_is_not_asked_for_by_links(kanfa: Kanfa, desk: Path, web: Put) -> None:
    add(desk, f"\n![标志]({LOGO})\n")
    asked = web({HELM: (200, b""), LOGO: (200, picture())})
    kanfa("images", "pull", "7")
    asked.clear()
    assert kanfa("links", "7").status == 0
    assert asked == [HELM]
