"""One mail goes out, or is kept where no mail server is set."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.adapters import mail
from app.adapters.tokens import without_tokens
from app.core.clock import now
from app.jobs import lease
from app.jobs.ladder import next_due
from app.jobs.renewal import renewed
from app.jobs.unit import settings
from app.models.effects import State
from app.models.mails import Mail

SECONDS = 30
"""A lease. It is renewed while the conversation lasts: each of its eight steps or so may take ten seconds."""

MAILS = Mail.__table__
BODIES = ("body_text", "body_html")


def claim(session: Session, identity: int) -> Row[Any] | None:
    """Lease the mail `identity`, or return None where it is not due or somebody else holds it."""
    return lease.take(session, MAILS, MAILS.c.id == identity, SECONDS)


def send(row: Row[Any]) -> mail.Outcome | mail.MailFailed:
    """Hand a leased mail over, and return what became of it."""
    try:
        with renewed(MAILS, row, SECONDS):
            return _mailer().send(_letter(row))
    except mail.MailFailed as failure:
        return failure


def _mailer() -> mail.Mailer:
    says = settings()
    return mail.from_config(current_app.config, says.mail_name or says.name, says.mail_address)


def record(session: Session, row: Row[Any], outcome: mail.Outcome | mail.MailFailed) -> None:
    """Write down what became of a mail; one that went out keeps no link that lets in. Raises lease.Lost."""
    if isinstance(outcome, mail.MailFailed):
        _failed(session, row, outcome)
        return
    kept = outcome is mail.Outcome.KEPT
    bodies = {} if kept else {name: without_tokens(getattr(row, name)) for name in BODIES}
    lease.finish(session, MAILS, row, state=State.DONE, done_at=now(), was_kept=kept, error=None, **bodies)


def _failed(session: Session, row: Row[Any], failure: mail.MailFailed) -> None:
    due = next_due(row.lease_count) if failure.is_temporary else None
    told = f"{failure.message} {failure.detail}".strip()
    if due is None:
        lease.finish(session, MAILS, row, state=State.FAILED, done_at=now(), error=told)
    else:
        lease.finish(session, MAILS, row, due_at=due, error=told)


def _letter(row: Row[Any]) -> mail.Letter:
    return mail.Letter(
        to=row.recipient,
        subject=row.subject,
        text=row.body_text,
        html=row.body_html,
        message_id=row.message_id or "",
        date=row.created_at,
        in_reply_to=row.in_reply_to or "",
        references=(row.in_reply_to,) if row.in_reply_to else (),
    )
