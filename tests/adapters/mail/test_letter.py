"""Letters on the wire."""

from __future__ import annotations

import datetime as dt
import email
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.mail import Letter, new_message_id
from app.adapters.mail.letter import compose, make_address, parse_address

SENDER = Address("Häuser & Co, Support", "support", "desk.example")
LETTER = Letter(
    to="ada@example.com",
    to_name="Ada Lovelace",
    subject="Your request [#7]: Größe",
    text="Hello Ada,\n\nwe are on it. 你好\n",
    html="<p>Hello Ada,</p><p>we are on it. 你好</p>",
    message_id="<a1@desk.example>",
    date=dt.datetime(2026, 3, 1, 12, 30, tzinfo=dt.UTC),
)


def wire(letter: Letter) -> bytes:
    return compose(letter, SENDER, make_address(letter.to, letter.to_name)).as_bytes()


def read(letter: Letter) -> EmailMessage:
    message = email.message_from_bytes(wire(letter), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def test_a_letter_is_read_as_it_was_written() -> None:
    message = read(LETTER)
    assert message["To"] == "Ada Lovelace <ada@example.com>"
    assert message["From"].addresses == (SENDER,)
    assert message["Subject"] == LETTER.subject
    assert message["Date"].datetime == LETTER.date
    assert message["Message-ID"] == "<a1@desk.example>"
    assert message.get_content_type() == "multipart/alternative"
    assert part(message, "plain") == LETTER.text
    assert part(message, "html") == LETTER.html + "\n"
    assert [body.get_content_charset() for body in message.iter_parts()] == ["utf-8", "utf-8"]


def test_the_wire_is_plain_ascii_in_short_lines() -> None:
    lines = wire(replace(LETTER, text="ü" * 5000 + "\n" + "x" * 5000)).split(b"\r\n")
    assert all(line.isascii() and len(line) <= 998 and b"\n" not in line for line in lines)


def test_an_automatic_letter_says_so_and_a_written_one_does_not() -> None:
    assert read(LETTER)["Auto-Submitted"] == "auto-generated"
    written = read(replace(LETTER, is_automatic=False))
    assert "Auto-Submitted" not in written
    assert "X-Auto-Response-Suppress" not in written


def test_a_thread_keeps_its_ids_unbroken() -> None:
    ids = tuple(f"<{'x' * 200}{number}@example.com>" for number in range(30))
    letter = replace(LETTER, in_reply_to=ids[-1], references=ids, reply_to="team@desk.example")
    assert all(message_id.encode() in wire(letter) for message_id in (ids[0], *ids[-20:]))
    message = read(letter)
    assert str(message["In-Reply-To"]).split() == [ids[-1]]
    assert str(message["References"]).split() == [ids[0], *ids[-20:]]
    assert message["Reply-To"] == "team@desk.example"


def test_what_is_no_message_id_does_not_go_out() -> None:
    message = read(
        replace(LETTER, in_reply_to="<a b@c>\r\nBcc: x@y.example", references=("no", "<ok@x>", "<a\n@x>"))
    )
    assert "In-Reply-To" not in message
    assert str(message["References"]) == "<ok@x>"


INJECTION = "Hi\r\nBcc: victim@example.com\r\n\r\nbody\u2028\x85\0 end \ud800"


def test_no_text_can_add_a_header() -> None:
    message = read(replace(LETTER, subject=INJECTION, to_name=INJECTION))
    assert "Bcc" not in message
    assert message["Subject"] == "Hi Bcc: victim@example.com body end"
    assert message["To"].addresses[0].display_name == "Hi Bcc: victim@example.com body end"


@given(text=st.text(), name=st.text(max_size=150))
def test_any_text_leaves_the_headers_as_they_are(text: str, name: str) -> None:
    message = read(replace(LETTER, subject=text, to_name=name, text=text, html=text))
    plain = read(LETTER)
    assert message.keys() == plain.keys()
    assert message["Message-ID"] == LETTER.message_id
    assert [address.addr_spec for address in message["To"].addresses] == [LETTER.to]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ada@example.com", "ada@example.com"),
        ("ada@Bücher.Example", "ada@xn--bcher-kva.example"),
        ("ada@straße.example", "ada@xn--strae-oqa.example"),
        ("ädä@example.com", "ädä@example.com"),
        ("a.b+c=d'e@example.com", "a.b+c=d'e@example.com"),
    ],
)
def test_an_address_mail_can_go_to(text: str, written: str) -> None:
    assert make_address(text).addr_spec == written


NO_ADDRESSES = [
    "",
    "ada",
    "@example.com",
    "ada@",
    "a b@c.example",
    "a@b@c.example",
    "a@b.example\r\nBcc: x",
    "a@b.example,c@d.example",
    "<a@b.example>",
    "a@b..example",
    "a@-b.example",
    f"a@{'b' * 64}.example",
    "a\0@b.example",
]


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_an_address_mail_cannot_go_to(text: str) -> None:
    with pytest.raises(ValueError, match="Not a"):
        make_address(text)


def test_a_sender_may_have_a_name() -> None:
    assert parse_address("Front Desk <help@desk.example>") == Address("Front Desk", "help", "desk.example")


def test_message_ids_differ() -> None:
    made = {new_message_id("desk.example") for _ in range(100)}
    assert len(made) == 100
    assert all(message_id.endswith("@desk.example>") for message_id in made)
