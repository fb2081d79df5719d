"""Every kind of mail, in text and HTML, in the reader's language, about the right thing."""

from __future__ import annotations

from typing import Any

import pytest
from flask_babel import get_locale
from jinja2 import Environment
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.declare import Role
from app.core.errors import Conflict, NotFound
from app.models.effects import State
from app.models.mails import Mail
from app.models.messages import Message
from app.services import mails
from app.services.stencil import Gap

EVIL = '<script>alert(1)</script>"'
CONTEXT = {
    "received": {},
    "reply": {"message": Message(message_body=EVIL, body_html="<p>Fine</p>")},
    "resolved": {"message": None, "rate": "abc"},
    "verification": {"name": EVIL, "path": "/portal/verify/abc"},
    "sign_in": {"name": EVIL, "path": "/portal/enter/abc"},
    "reset": {"name": EVIL, "path": "/portal/password/abc"},
    "invitation": {"name": EVIL, "path": "/password/abc"},
    "webhook_disabled": {"name": EVIL, "url": EVIL, "reason": EVIL, "path": "/admin/webhooks/show/1"},
}
LINKS = {
    "received": "/portal/tickets/{id}",
    "reply": "/portal/tickets/{id}",
    "resolved": "/portal/rate/abc",
} | {kind: facts["path"] for kind, facts in CONTEXT.items() if "path" in facts}
ABOUT = ("received", "reply", "resolved")


def queued(session: Session, kind: str, recipient: str, **more: Any) -> Mail:
    mails.queue(session, kind, recipient, **more, **CONTEXT[kind])
    return session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()


@pytest.mark.parametrize("kind", CONTEXT)
def test_a_mail_says_where_to_go_and_is_safe(session, desk, kind):
    ticket = desk.ticket(title=EVIL) if kind in ABOUT else None
    mail = queued(session, kind, "ann@example.com", ticket=ticket)
    link = "https://desk.example.com" + LINKS[kind].format(id=ticket.id if ticket else "")
    assert link in mail.body_text
    assert link in mail.body_html
    assert "<script" not in mail.body_html
    assert mail.subject.startswith(f"[#{ticket.id}] ") is True if ticket else "#" not in mail.subject
    assert (mail.state, mail.kind, mail.message_id.endswith("@desk.example.com>")) == (
        State.WAITING,
        kind,
        True,
    )
    assert mail.in_reply_to == (f"<ticket.{ticket.id}@desk.example.com>" if ticket else None)


@pytest.mark.parametrize(("language", "spoken"), [("de", "de"), (None, "en"), ("tlh", "en")])
def test_a_mail_speaks_the_readers_language(session, context, language, spoken):
    mail = queued(session, "sign_in", "a@example.com", language=language)
    assert f'<html lang="{spoken}" dir="ltr">' in mail.body_html
    assert str(get_locale()) == "en"


def test_a_long_subject_is_cut(session, desk):
    ticket = desk.ticket(title="x" * 200)
    mail = session.scalars(select(Mail)).one()
    assert len(mail.subject) == 200
    assert mail.subject.endswith("x…")
    assert ticket.title == "x" * 200


def test_nobody_is_written_to_by_a_demonstration(session, desk):
    session.info["published"] = True
    desk.ticket()
    mail = session.scalars(select(Mail)).one()
    assert (mail.state, mail.was_kept) == (State.DONE, True)
    assert mail.done_at is not None


def test_what_is_drawn_for_many_says_what_it_says_to_one(session, desk):
    titles = ["Plain", EVIL, "%(number)s {0} \ue000", "Größe & <b>"]
    made = [desk.ticket(title=title) for title in titles]
    session.execute(delete(Mail))
    mails.tell_all(session, "received", made)
    for ticket in made:
        mails.tell(session, "received", ticket)
    session.flush()
    said = [
        (mail.ticket_id, mail.subject, mail.body_text, mail.body_html)
        for mail in session.scalars(select(Mail).order_by(Mail.id))
    ]
    assert said[: len(made)] == said[len(made) :]


@pytest.mark.parametrize(
    "asks",
    ["{% if it %}{% endif %}", "{{ it|length }}", "{{ it == 'a' }}", "{% for one in it %}{% endfor %}"],
)
def test_a_mail_to_many_that_asks_something_of_one_is_refused(asks):
    with pytest.raises(TypeError, match="ask nothing"):
        Environment(autoescape=True).from_string(asks).render(it=Gap(0))


def test_a_mail_is_sent_again_on_request(session, desk):
    desk.ticket()
    mail = session.scalars(select(Mail)).one()
    admin = desk.as_employee(desk.employee(role=Role.ADMIN))
    with pytest.raises(Conflict):
        mails.retry(session, admin, mail)
    mail.state, mail.error, mail.lease_count, mail.was_kept = State.PARKED, "refused", 9, True
    session.flush()
    with pytest.raises(NotFound):
        mails.retry(session, desk.as_employee(desk.employee()), mail)
    mails.retry(session, admin, mail)
    assert (mail.state, mail.error, mail.lease_count, mail.was_kept) == (State.WAITING, None, 0, False)


def test_mails_belong_to_the_administrators(session, desk):
    mail = queued(session, "sign_in", "a@example.com")
    mail.state = State.FAILED
    for role in (Role.AGENT, Role.SUPERVISOR):
        with pytest.raises(NotFound):
            mails.retry(session, desk.as_employee(desk.employee(role=role)), mail)
    assert mails.retry(session, SYSTEM, mail) is mail
