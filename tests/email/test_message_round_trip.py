"""What goes into a message comes out of its bytes, whatever an editor or a reader of theirs is called."""

from __future__ import annotations

import random
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from mail_house import some_text

from kanfa.email.headers import mail_policy, phrase
from kanfa.email.limits import ENCODED_LINE_OCTETS, ENCODED_WORD_CHARS, LINE_OCTETS
from kanfa.email.message import Value, assemble, bodies, build_message, parse_message, subject
from kanfa.issue.model import Issue
from kanfa.publication import Publication


def test_a_thousand_subjects_names_and_bodies_come_back_as_they_went_in() -> None:
    """Chinese, emoji, right-to-left, combining marks, marks that mean something in headers, words of 128 letters."""
    chance = random.Random(20190628)
    for _ in range(1000):
        title, name, text = some_text(chance, 12), some_text(chance, 6), f"{some_text(chance, 30)}\n"
        address = f"<https://unsub.invalid/{'t' * chance.randrange(300)}?a=1,2>"
        headers: dict[str, Value] = {
            "From": Address(name, addr_spec="weekly@news.example.org"),
            "Subject": title,
            "List-Id": f"{phrase(name)} <weekly.news.example.org>",
            "List-Unsubscribe": address,
        }
        data = assemble(headers, f"<p>{text}</p>\n", text, "=_boundary").as_bytes()
        back = parse_message(data)
        assert back["Subject"] == title
        assert back["From"].addresses[0] == headers["From"]
        assert back["List-Id"] == headers["List-Id"]
        assert back["List-Unsubscribe"] == address
        assert bodies(back) == (text, f"<p>{text}</p>\n")
        assert max(map(len, data.split(b"\r\n"))) <= LINE_OCTETS
        assert data.isascii()
        assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
        encoded = [line for line in data.split(b"\r\n") if b"=?utf-8?" in line]
        assert all(len(line) <= ENCODED_LINE_OCTETS for line in encoded)
        assert all(len(word) <= ENCODED_WORD_CHARS for line in encoded for word in line.split())


def plain_policy_bytes(name: str, value: str) -> bytes:
    """A header as the library writes it when left alone."""
    message = EmailMessage(policy=SMTP)
    message[name] = value
    return message.as_bytes()


def our_bytes(name: str, value: str) -> bytes:
    message = EmailMessage(policy=mail_policy())
    message[name] = value
    return message.as_bytes()


def test_trap_21_a_long_list_header_stays_an_address() -> None:
    """Left alone, the library makes encoded words of a long address, and mail programs show no button."""
    address = f"<https://unsub.invalid/{'t' * 100}/__UNSUB__>"
    assert b"=?utf-8?q?" in plain_policy_bytes("List-Unsubscribe", address)
    assert our_bytes("List-Unsubscribe", address) == f"List-Unsubscribe: {address}\r\n\r\n".encode()


def test_trap_22_no_fold_of_a_subject_loses_a_space() -> None:
    """Left alone, the library loses spaces at folds and writes lines that are too long."""
    chance = random.Random(7)
    letters = "云原生周报发布 abc DEF 12：，   "
    titles = ["".join(chance.choice(letters) for _ in range(chance.randrange(30, 120))).strip() for _ in range(900)]

    def is_whole(data: bytes, title: str) -> bool:
        return parse_message(data)["Subject"] == title and max(map(len, data.split(b"\r\n"))) <= ENCODED_LINE_OCTETS

    assert not all(is_whole(plain_policy_bytes("Subject", title), title) for title in titles)
    assert all(is_whole(our_bytes("Subject", title), title) for title in titles)


def test_trap_22_no_space_comes_into_a_long_name() -> None:
    """The library reads the space between two encoded words of a name as one that was meant."""
    name = "云原生与可观测性生态周报编辑部全体同仁与译者读者联谊会"
    data = our_bytes("From", f"{name} <a@b.example>")
    assert data.count(b"=?utf-8?") > 1
    assert parse_message(data)["From"].addresses[0].display_name == name


def test_trap_23_no_line_of_a_body_is_too_long_and_no_byte_needs_eight_bits() -> None:
    """Left alone, the library sends short Chinese lines as 8bit; long HTML sent so would be one line."""
    html = f"<p>{'字' * 1000}</p>"
    message = EmailMessage(policy=SMTP)
    message.set_content("文\n")
    assert not message.as_bytes().isascii()
    message.set_content(html, subtype="html", cte="8bit")
    assert max(map(len, message.as_bytes().split(b"\r\n"))) > LINE_OCTETS
    data = assemble({"Subject": "x"}, html, "文\n", "=_b").as_bytes()
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= ENCODED_LINE_OCTETS
    assert data.count(b"Content-Transfer-Encoding: base64") == 2


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Weekly", "Weekly"),
        ("K8s Weekly & Co", "K8s Weekly & Co"),
        ("Weekly, the", '"Weekly, the"'),
        ('The "Cloud" (CN)', r'"The \"Cloud\" (CN)"'),
        ("云原生, 周报", "云原生, 周报"),
    ],
)
def test_a_display_name_is_quoted_where_it_must_be(name: str, written: str) -> None:
    assert phrase(name) == written


def test_the_list_id_quotes_a_name_with_marks(issue: Issue, publication: Publication) -> None:
    own = publication.model_copy(update={"name": "Weekly, the (CN)"})
    data = build_message(issue, own, "<p>x</p>", "x\n")
    assert b'\r\nList-Id: "Weekly, the (CN)" <weekly.newsletter.invalid>\r\n' in data


def test_a_list_id_without_an_identifier_is_refused() -> None:
    with pytest.raises(ValueError, match="no <identifier>"):
        EmailMessage(policy=mail_policy())["List-Id"] = "Weekly"


def test_the_subject_begins_with_what_the_law_wants_there(issue: Issue, publication: Publication) -> None:
    settings = publication.email.model_copy(update={"subject_prefix": "广告"})
    own = publication.model_copy(update={"email": settings})
    assert subject(issue, own) == f"广告 {issue.title}"
    assert parse_message(build_message(issue, own, "<p>x</p>", "x\n"))["Subject"] == f"广告 {issue.title}"


def test_a_long_subject_that_looks_encoded_is_not_decoded(issue: Issue, publication: Publication) -> None:
    title = "前 =?utf-8?q?x?= 后 " * 9 + "完"
    message = assemble({"Subject": title}, "<p>x</p>", "x\n", "=_b")
    assert parse_message(message.as_bytes())["Subject"] == title


def test_the_message_says_where_the_list_has_its_help_and_archive_and_that_nobody_posts(
    issue: Issue, publication: Publication
) -> None:
    """RFC 2369: the headers that let a mail program offer help, the archive, and no answer to the list."""
    head = build_message(issue, publication, "<p>x</p>", "x\n").partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert "List-Archive: <https://weekly.example.org/archive>" in head
    assert "List-Help: <mailto:weekly@news.example.org?subject=help>" in head
    assert "List-Post: NO" in head
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
