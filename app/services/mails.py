"""Mail to customers and employees: written into the transaction of its cause, sent by a job after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from types import SimpleNamespace
from typing import Any

from flask import current_app
from flask_babel import force_locale, get_locale
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.adapters.mail import new_message_id, sender
from app.core import colour
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict
from app.core.i18n import Text, _
from app.fields import Settings, settings_of, spoken
from app.models.customers import Customer
from app.models.effects import State
from app.models.mails import Mail
from app.models.people import Employee
from app.models.tickets import Ticket
from app.record import flush, is_quiet, log, new_effect, put
from app.services.stencil import Gap, Stencil

SUBJECTS: dict[str, Text] = {
    "verification": _("Please confirm your address"),
    "sign_in": _("Your sign-in link"),
    "reset": _("Choose a new password"),
    "invitation": _("Welcome to the desk"),
    "webhook_disabled": _("A webhook was switched off"),
    "checkpoint": _("A checkpoint of the audit log"),
}
"""Subjects of mails that are about no ticket; the others carry the ticket's number and subject."""
LONGEST = 200
"""Characters of a subject."""
NUMBER, TITLE, SUBJECT = (Gap(number) for number in range(3))
"""What a mail to many prints of each ticket, and asks nothing of."""
ANY = {"ticket": SimpleNamespace(id=NUMBER, title=TITLE), "subject": SUBJECT}


def queue(
    session: Session,
    kind: str,
    recipient: str,
    *,
    ticket: Ticket | None = None,
    language: str | None = None,
    **context: Any,
) -> None:
    """Add the mail `kind` to `recipient` in `language`, else the desk's; a job sends it after the commit.

    `context` goes to the templates mails/<kind>.txt and .html, beside `ticket`, `subject`,
    `base_url`, `locale` and the settings as `desk`.
    """
    says = settings_of(session)
    with force_locale(spoken(says, language)):
        _written(session, kind, recipient, ticket, _facts(says) | context)


def tell(session: Session, kind: str, ticket: Ticket, **context: Any) -> None:
    """Add a mail about a saved ticket to its requester, in the requester's language."""
    queue(session, kind, ticket.email, ticket=ticket, language=ticket.language, **context)


def tell_all(session: Session, kind: str, tickets: Iterable[Ticket]) -> None:
    """Add the same mail about each of some saved tickets to its requester, in the requester's language.

    It is drawn once for all who speak a language: of a ticket it prints the number and the title.
    """
    says = settings_of(session)
    for language, some in groupby(tickets, lambda ticket: spoken(says, ticket.language)):
        with force_locale(language):
            facts = _facts(says)
            text, html = _drawn(kind, facts | ANY)
        stencils = Stencil(text), Stencil(html, html=True)
        put(session, Mail, (_filled(session, kind, ticket, facts["host"], stencils) for ticket in some))


def write_to(session: Session, kind: str, person: Customer | Employee, *, path: str) -> None:
    """Add a mail with a link to one person about their account."""
    queue(session, kind, person.email, language=person.language, name=person.name, path=path)


STATE = ("state", "was_kept")
"""The columns that `offered` reads."""


def offered(mail: Mail) -> tuple[str, ...]:
    """Return the actions that make sense for a mail as it stands: what went out is not sent twice."""
    return ("retry",) if mail.state in {State.FAILED, State.PARKED} or mail.was_kept else ()


def retry(session: Session, actor: Actor, mail: Mail) -> Mail:
    """Send a mail again that failed, was parked or was only kept. Raises NotFound, Conflict."""
    require(actor, Can.EDIT, mail)
    if mail.state is State.WAITING:
        raise Conflict(_("This mail is waiting to be sent already."))
    if not offered(mail):
        raise Conflict(_("This mail has been sent already."))
    mail.state, mail.due_at, mail.leased_until = State.WAITING, now(), None
    mail.lease_count, mail.error, mail.done_at, mail.was_kept = 0, None, None, False
    flush(session)
    log(session, "RETRY", mail)
    return mail


def _written(
    session: Session, kind: str, recipient: str, ticket: Ticket | None, facts: Mapping[str, Any]
) -> None:
    """Add a mail in the language of the moment, made of `facts`."""
    subject = _subject(kind, ticket)
    text, html = _drawn(kind, {**facts, "ticket": ticket, "subject": subject})
    put(session, Mail, [_row(session, kind, recipient, ticket, facts["host"], (subject, text, html))])


def _filled(
    session: Session, kind: str, ticket: Ticket, host: str, stencils: tuple[Stencil, Stencil]
) -> dict[str, Any]:
    """Return the row of a mail to one of many."""
    subject = _subject(kind, ticket)
    text, html = (one.filled((str(ticket.id), ticket.title, subject)) for one in stencils)
    return _row(session, kind, ticket.email, ticket, host, (subject, text, html))


def _drawn(kind: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Return the text of a mail in both its forms."""
    text, html = (_render(f"mails/{kind}.{form}", facts) for form in ("txt", "html"))
    signature = facts["desk"].mail_signature
    return f"{text}\n\n{signature}\n" if signature else text, html


def _row(
    session: Session, kind: str, recipient: str, ticket: Ticket | None, host: str, said: tuple[str, str, str]
) -> dict[str, Any]:
    subject, text, html = said
    effect = new_effect(session)
    return {
        "kind": kind,
        "recipient": recipient,
        "subject": subject,
        "body_text": text,
        "body_html": html,
        "message_id": new_message_id(host),
        "in_reply_to": f"<ticket.{ticket.id}@{host}>" if ticket else None,
        "ticket_id": ticket.id if ticket else None,
        "was_kept": is_quiet(session),
        "created_at": effect["due_at"],
        **effect,
    }


def _facts(says: Settings) -> dict[str, Any]:
    """Return what every template knows, said in the language of the moment, and the host of the sender."""
    return {
        "base_url": current_app.config["BASE_URL"],
        "locale": get_locale(),
        "desk": says,
        "accent": _accent(says),
        "host": sender(current_app.config, says.name, says.mail_address).domain,
    }


def _subject(kind: str, ticket: Ticket | None) -> str:
    subject = f"[#{ticket.id}] {ticket.title}" if ticket else str(SUBJECTS[kind])
    return subject if len(subject) <= LONGEST else f"{subject[: LONGEST - 1]}…"


def _accent(says: Settings) -> str:
    return colour.on_light(says.accent or colour.BLUE).accent


def _render(template: str, facts: Mapping[str, Any]) -> str:
    return current_app.jinja_env.get_template(template).render(facts)
