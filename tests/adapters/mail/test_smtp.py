"""Letters handed to a real mail server, and each way that can fail."""

from __future__ import annotations

import socket
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from app.adapters.mail import KeptMail, MailFailed, Outcome, SmtpMail, from_config, sender
from app.adapters.mail.letter import make_address
from app.adapters.mail.smtp import Security, Server, parse_url
from tests.adapters.authority import Authority
from tests.adapters.mail.post_office import Post, post_office
from tests.adapters.mail.test_letter import LETTER

US = make_address("support@desk.example", "Support")


def mailer(port: int, security: Security = Security.NONE, **options: Any) -> SmtpMail:
    user, password = options.pop("user", ""), options.pop("password", "")
    return SmtpMail(Server("localhost", port, security, user, password), US, seconds=2, **options)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(Path(tmp_path_factory.mktemp("authority")))


def test_a_letter_arrives() -> None:
    post = Post()
    with post_office(post) as port:
        assert mailer(port).send(LETTER) is Outcome.SENT
    [envelope] = post.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("support@desk.example", ["ada@example.com"])
    assert b"Message-ID: <a1@desk.example>\r\n" in (envelope.original_content or b"")


def test_a_rude_goodbye_does_not_undo_a_letter() -> None:
    post = Post(quit="421 Too busy")
    with post_office(post) as port:
        assert mailer(port).send(LETTER) is Outcome.SENT
    assert len(post.taken) == 1


def test_an_address_beyond_ascii_goes_where_the_server_can() -> None:
    post, letter = Post(), replace(LETTER, to="ädä@example.com")
    with post_office(post, enable_SMTPUTF8=True) as port:
        mailer(port).send(letter)
    assert post.taken[0].rcpt_tos == ["ädä@example.com"]
    with post_office(post, enable_SMTPUTF8=False) as port:
        assert failure(mailer(port), letter) == ("unsupported", False)


def failure(mail: SmtpMail, letter: Any = LETTER) -> tuple[str, bool]:
    with pytest.raises(MailFailed) as caught:
        mail.send(letter)
    return caught.value.code, caught.value.is_temporary


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
@pytest.mark.parametrize(
    ("answer", "found"), [("451 Later", ("deferred", True)), ("550 Never", ("refused", False))]
)
def test_the_server_decides_between_later_and_never(step: str, answer: str, found: tuple[str, bool]) -> None:
    with post_office(Post(**{step: answer})) as port:
        assert failure(mailer(port)) == found
        with pytest.raises(MailFailed) as caught:
            mailer(port).send(LETTER)
        assert answer in caught.value.detail


def test_an_address_that_is_none_is_never_tried() -> None:
    assert failure(mailer(1), replace(LETTER, to="nobody")) == ("address", False)
    assert failure(mailer(1), replace(LETTER, reply_to="a@b\r\nBcc: c@d")) == ("address", False)


def test_no_server_is_a_matter_of_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert failure(mailer(port)) == ("unreachable", True)


def test_a_silent_server_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        started = time.monotonic()
        assert failure(replace(mailer(server.getsockname()[1]), seconds=0.3)) == ("unreachable", True)
    assert time.monotonic() - started < 10  # it would wait for ever


def entering(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"us", b"p@ss"), handled=False)


def encrypted(authority: Authority, name: str = "localhost") -> dict[str, Any]:
    return {"tls_context": authority.serve(name), "require_starttls": True, "authenticator": entering}


def test_starttls_and_a_password(authority: Authority) -> None:
    post = Post()
    with post_office(post, **encrypted(authority), auth_required=True) as port:
        mail = mailer(port, Security.STARTTLS, user="us", password="p@ss", tls=authority.trust)
        assert mail.send(LETTER) is Outcome.SENT
    assert len(post.taken) == 1


def test_a_wrong_password_is_a_matter_of_time(authority: Authority) -> None:
    with post_office(Post(), **encrypted(authority)) as port:
        mail = mailer(port, Security.STARTTLS, user="us", password="no", tls=authority.trust)
        with pytest.raises(MailFailed) as caught:
            mail.send(LETTER)
    assert caught.value.is_temporary
    assert "535" in caught.value.detail


def test_a_certificate_for_another_name_is_refused(authority: Authority) -> None:
    post = Post()
    with post_office(post, **encrypted(authority, "other.example")) as port:
        assert failure(mailer(port, Security.STARTTLS, tls=authority.trust)) == ("unreachable", True)
    assert post.taken == []


def test_a_password_never_goes_to_a_server_without_encryption() -> None:
    with post_office(Post(), authenticator=entering, auth_require_tls=False) as port:
        mail = SmtpMail(parse_url(f"smtp://us:p%40ss@localhost:{port}"), US, seconds=2)
        assert failure(mail) == ("unreachable", True)


def test_tls_from_the_first_byte(authority: Authority) -> None:
    post = Post()
    with post_office(post, trust=authority.trust, ssl_context=authority.serve("localhost")) as port:
        assert mailer(port, Security.TLS, tls=authority.trust).send(LETTER) is Outcome.SENT
    assert len(post.taken) == 1


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", Server("mail.example", 25, Security.NONE, "", "")),
        ("smtp://u:p%40@mail.example", Server("mail.example", 587, Security.STARTTLS, "u", "p@")),
        ("smtp+starttls://mail.example:25", Server("mail.example", 25, Security.STARTTLS, "", "")),
        ("smtps://u:p@mail.example", Server("mail.example", 465, Security.TLS, "u", "p")),
    ],
)
def test_how_the_setting_is_read(url: str, server: Server) -> None:
    assert parse_url(url) == server


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:port"]
)
def test_a_setting_that_cannot_be(url: str) -> None:
    with pytest.raises(ValueError, match=r"SMTP_URL|Port"):
        parse_url(url)


CONFIG = {"SMTP_URL": "", "MAIL_FROM": "", "BASE_URL": "https://desk.example"}


def test_without_a_server_letters_are_kept() -> None:
    mail = from_config(CONFIG)
    assert isinstance(mail, KeptMail)
    assert mail.send(LETTER) is Outcome.KEPT


def test_with_a_server_letters_go_out_from_the_given_address() -> None:
    mail = from_config(CONFIG | {"SMTP_URL": "smtp://mail.example", "MAIL_FROM": "Help <help@desk.example>"})
    assert isinstance(mail, SmtpMail)
    assert mail.sender.addr_spec == "help@desk.example"


def test_without_a_given_address_letters_come_from_support_at_the_desk() -> None:
    assert sender(CONFIG).addr_spec == "support@desk.example"
    assert sender(CONFIG | {"BASE_URL": "http://127.0.0.1:8000"}).addr_spec == "support@127.0.0.1"
