"""`kanfa send-test`: the staged mail, and nothing else, in somebody's inbox; and not a byte changed at home."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from pathlib import Path

import dkim
import pytest
from cli_house import Kanfa
from mail_house import HOST, Inbox, dkim_key, free_port, serving

from kanfa.channel_settings import EmailSettings
from kanfa.email.message import bodies, build_message, parse_message
from kanfa.issue.model import Issue
from kanfa.publication import Publication
from kanfa.release import ledger
from kanfa.release.approval import record_staged
from kanfa.release.manifest import build_manifest
from kanfa.release.store import stage

SETTINGS = EmailSettings(
    from_address="weekly@news.example.org", unsubscribe_url="https://unsub.example.org/leave?id=__UNSUB__&list=1"
)
PUBLICATION = Publication(name="测试周刊", email=SETTINGS)
HTML = '<p>编者写的 __UNSUB__ 不算</p><a href="https://unsub.example.org/leave?id=__UNSUB__&amp;list=1">退订</a>\n'
TEXT = "编者写的 __UNSUB__ 不算\n退订：<https://unsub.example.org/leave?id=__UNSUB__&list=1>\n"
Stage = Callable[..., str]


def now() -> datetime.datetime:
    return datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A publication's folder, without anything of the mail server in the environment."""
    for name in ("KANFA_SMTP_USER", "KANFA_SMTP_PASSWORD", "KANFA_SMTP_CA_FILE", "KANFA_DKIM_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def staged(house: Path) -> Stage:
    """Stages a release and writes kanfa.toml for a server at that port; the digest."""

    def make(port: int = 1, language: str = "zh-CN", more: str = "", outbox: str = "outbox", mail: bool = True) -> str:
        smtp = f'[smtp]\nhost = "{HOST}"\nport = {port}\nsecurity = "none"\ntimeout = 5\n'
        (house / "kanfa.toml").write_text(f'name = "测试周刊"\n{smtp}{more}', encoding="utf-8")
        issue = Issue("第七期：测试", "issue.md", number=7, language=language)
        files = {"email.html": HTML.encode()}
        if mail:
            files["email.eml"] = build_message(issue, PUBLICATION, HTML, TEXT)
        parts: dict[str, dict[str, str]] = {
            name: {} for name in ("sources", "settings", "versions", "waivers", "outcomes")
        }
        found = stage(house / outbox, build_manifest(issue, files, **parts), files, {})
        record_staged(house / outbox, found, now)
        return found.digest

    return make


def everything_below(folder: Path) -> dict[str, str]:
    """Every file and the hash of its bytes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_an_unapproved_release_arrives_as_it_was_staged_and_changes_nothing(
    kanfa: Kanfa, house: Path, staged: Stage
) -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        digest = staged(port)
        before = everything_below(house)
        ran = kanfa("send-test", digest, "--to", "me@example.org", "--to", "you@example.org", "--to", "me@example.org")
    assert (ran.status, ran.err) == (0, "")
    assert [line.split(" (")[0] for line in ran.out.splitlines()] == [
        f"007/{digest} sent to me@example.org",
        f"007/{digest} sent to you@example.org",
    ]
    assert everything_below(house) == before
    assert [entry.event for entry in ledger.history(house / "outbox", digest)] == ["staged"]
    assert [(mail.mail_from, mail.rcpt_tos) for mail in inbox.mails] == [
        ("weekly@news.example.org", ["me@example.org"]),
        ("weekly@news.example.org", ["you@example.org"]),
    ]


def test_the_mail_is_marked_as_a_test_and_unsubscribes_nobody(kanfa: Kanfa, house: Path, staged: Stage) -> None:
    """Subject, To, Date, Message-ID and the unsubscribe address are its own; text and HTML are those staged."""
    inbox = Inbox()
    with serving(inbox) as port:
        digest = staged(port)
        kanfa("send-test", digest[:8], "--to", "me@example.org")
    (data,) = inbox.contents
    message, original = parse_message(data), parse_message(next(house.rglob("email.eml")).read_bytes())
    assert message["Subject"] == "[测试] 第七期：测试"
    assert message["To"] == "me@example.org"
    assert message["From"] == original["From"]
    assert message["List-Id"] == original["List-Id"]
    assert abs(parsedate_to_datetime(message["Date"]) - datetime.datetime.now(datetime.UTC)).total_seconds() < 60
    assert str(message["Message-ID"]).startswith(f"<test.{digest}.")
    assert str(message["Message-ID"]).endswith("@news.example.org>")
    own = "https://unsub.example.org/leave?id=kanfa-test&list=1"
    assert message["List-Unsubscribe"] == f"<{own}>"
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in data
    text, html = bodies(message)
    staged_text, staged_html = bodies(original)
    assert text == staged_text.replace("id=__UNSUB__", "id=kanfa-test")
    assert html == staged_html.replace("id=__UNSUB__", "id=kanfa-test")
    assert "编者写的 __UNSUB__ 不算" in text


def test_two_tests_of_one_release_are_two_mails(kanfa: Kanfa, staged: Stage) -> None:
    """Mail programs hide a second mail with the same Message-ID."""
    inbox = Inbox()
    with serving(inbox) as port:
        digest = staged(port)
        for _ in range(2):
            kanfa("send-test", digest, "--to", "me@example.org")
    assert len({str(parse_message(data)["Message-ID"]) for data in inbox.contents}) == 2


def test_an_english_issue_has_an_english_mark(kanfa: Kanfa, staged: Stage) -> None:
    ran = kanfa("send-test", staged(language="en"), "--to", "me@example.org", "--dry-run")
    assert "Subject: [Test] " in parse_message_of(ran.out)


def parse_message_of(shown: str) -> str:
    """The headers that a dry run printed, decoded."""
    head = "\r\n".join(line.removeprefix("    ") for line in shown.splitlines() if line.startswith("    "))
    message = parse_message(f"{head}\r\n\r\n".encode())
    return "\n".join(f"{name}: {value}" for name, value in message.items())


def test_a_dry_run_says_what_would_go_where_and_connects_to_nobody(kanfa: Kanfa, house: Path, staged: Stage) -> None:
    port = free_port()
    digest = staged(port)
    before = everything_below(house)
    ran = kanfa("send-test", digest, "--to", "me@example.org", "--dry-run")
    assert ran.status == 0
    assert ran.out.startswith(f"would connect to {HOST}:{port} (not encrypted)\n")
    assert "    To: me@example.org" in ran.out
    assert "    List-Unsubscribe: <https://unsub.example.org/leave?id=kanfa-test&list=1>" in ran.out
    assert everything_below(house) == before


def test_the_mail_is_signed_when_a_key_is_set_up(
    kanfa: Kanfa, house: Path, staged: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, record = dkim_key()
    (house / "k1.pem").write_bytes(private)
    monkeypatch.setenv("KANFA_DKIM_KEY_FILE", str(house / "k1.pem"))
    inbox = Inbox()
    with serving(inbox) as port:
        digest = staged(port, more='[dkim]\ndomain = "news.example.org"\nselector = "k1"\n')
        ran = kanfa("send-test", digest, "--to", "me@example.org")
    assert ran.out.rstrip().endswith("signed)")
    (data,) = inbox.contents
    assert dkim.verify(data, dnsfunc=lambda *_, **__: record)
    signed = data.partition(b"\r\nFrom:")[0].lower()
    assert b"list-unsubscribe :" in signed
    assert b"list-unsubscribe-post" in signed


def test_a_signature_that_was_asked_for_and_cannot_be_made_stops_everything(kanfa: Kanfa, staged: Stage) -> None:
    digest = staged(more='[dkim]\ndomain = "news.example.org"\nselector = "k1"\n')
    ran = kanfa("send-test", digest, "--to", "me@example.org")
    assert ran.status == 2
    assert "KANFA_DKIM_KEY_FILE names no key" in ran.err


def test_a_release_in_another_outbox(kanfa: Kanfa, staged: Stage) -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        digest = staged(port, outbox="elsewhere")
        assert kanfa("send-test", digest, "--to", "me@example.org").status == 1
        assert kanfa("send-test", digest, "--to", "me@example.org", "--outbox", "elsewhere").status == 0
    assert len(inbox.mails) == 1


def test_a_release_that_was_changed_after_staging_is_not_sent(kanfa: Kanfa, house: Path, staged: Stage) -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        digest = staged(port)
        path = next(house.rglob("email.eml"))
        path.chmod(0o644)
        path.write_bytes(path.read_bytes() + b"x")
        ran = kanfa("send-test", digest, "--to", "me@example.org")
    assert ran.status == 1
    assert "email.eml was altered" in ran.err
    assert inbox.mails == []


def test_a_release_without_mail_cannot_be_sent(kanfa: Kanfa, staged: Stage) -> None:
    ran = kanfa("send-test", staged(mail=False), "--to", "me@example.org")
    assert ran.status == 2
    assert "holds no email.eml" in ran.err


ADDRESSES = [
    "me",
    "a@b.example, c@d.example",
    "me@例.example",
    "me@b.example\r\nBcc: x@y.z",
    "me@b.example ",
    f"{'a' * 250}@b.example",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_no_single_address_is_wrong_usage(kanfa: Kanfa, staged: Stage, address: str) -> None:
    ran = kanfa("send-test", staged(), "--to", address)
    assert ran.status == 2
    assert "must be one plain ASCII mail address" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_server_that_is_not_there_is_one_line_with_its_cure(kanfa: Kanfa, staged: Stage) -> None:
    ran = kanfa("send-test", staged(free_port()), "--to", "me@example.org")
    assert ran.status == 2
    assert "cannot be reached: Connection refused; nothing was sent" in ran.err
    assert len(ran.err.splitlines()) == 2


def test_the_others_get_their_mail_when_one_is_refused(kanfa: Kanfa, staged: Stage) -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        digest = staged(port)
        ran = kanfa("send-test", digest, "--to", "nobody@example.org", "--to", "me@example.org")
        alone = kanfa("send-test", digest, "--to", "nobody@example.org")
    assert (ran.status, alone.status) == (1, 1)
    assert "refused the mail to nobody@example.org: 550 5.1.1 no such" in ran.err
    assert ran.err.endswith("1 of 2 mails were refused\n")
    assert len(alone.err.splitlines()) == 1
    assert [mail.rcpt_tos for mail in inbox.mails] == [["me@example.org"]]


def test_a_password_without_encryption_is_refused(kanfa: Kanfa, staged: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANFA_SMTP_USER", "weekly")
    monkeypatch.setenv("KANFA_SMTP_PASSWORD", "s3cret-Passw0rd")
    ran = kanfa("send-test", staged(), "--to", "me@example.org")
    assert ran.status == 2
    assert "never sent without encryption" in ran.err
    assert "s3cret" not in ran.out + ran.err
