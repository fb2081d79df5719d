"""One mail goes out, once, or is kept; and what is kept of it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import current_app

from app.adapters.tokens import new_token
from app.jobs import effects
from app.jobs.unit import unit
from app.models.effects import State
from app.models.mails import Mail
from tests.adapters.mail.post_office import Post, post_office
from tests.jobs.conftest import row_of


def _mail(**values: Any) -> int:
    with unit() as session:
        said = {"kind": "reply", "recipient": "ann@example.com", "subject": "s", "body_text": "t"}
        mail = Mail(**{**said, "body_html": "<p>t</p>", "message_id": "<1@example.com>"} | values)
        session.add(mail)
        session.flush()
        return int(mail.id)


def test_a_mail_is_kept_where_no_server_is_set(clean: None) -> None:
    effects.run("mail", _mail())
    row = row_of(Mail)
    assert (row.state, row.was_kept, row.leased_until) == (State.DONE, True, None)


def test_a_mail_that_went_out_keeps_no_link_that_lets_in(
    clean: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, post = f"/password/{new_token()}", Post()
    with post_office(post) as port:
        monkeypatch.setitem(current_app.config, "SMTP_URL", f"smtp://127.0.0.1:{port}")
        effects.run("mail", _mail(body_text=f"Here: {link}", body_html=f"<p>{link}</p>"))
    sent = post.taken[0].content
    assert isinstance(sent, bytes)
    assert link.encode() in sent
    assert (row_of(Mail).body_text, row_of(Mail).body_html) == ("Here: /password/…", "<p>/password/…</p>")


def test_a_mail_waits_for_a_server_that_is_away(clean: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(current_app.config, "SMTP_URL", "smtp://127.0.0.1:9")
    effects.run("mail", _mail())
    row = row_of(Mail)
    assert row.state is State.WAITING
    assert 7 < (row.due_at - row.created_at).total_seconds() < 15
    assert row.error


def test_a_mail_to_nowhere_fails_for_good(clean: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(current_app.config, "SMTP_URL", "smtp://127.0.0.1:9")
    effects.run("mail", _mail(recipient="not an address"))
    assert row_of(Mail).state is State.FAILED


def test_a_mail_is_sent_once_however_often_it_is_hinted_at(clean: None) -> None:
    number = _mail()
    for _hint in range(3):
        effects.run("mail", number)
    assert row_of(Mail).lease_count == 1
