"""Links that let somebody in or let them rate: random, kept as digests only, each for one purpose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from app.adapters.tokens import digest, new_token
from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import _
from app.models.tokens import Purpose, Token
from app.record import flush

LIVES = {
    Purpose.SIGN_IN: dt.timedelta(minutes=15),
    Purpose.RESET: dt.timedelta(minutes=15),
    Purpose.INVITE: dt.timedelta(days=7),
    Purpose.VERIFY: dt.timedelta(days=7),
    Purpose.RATE: dt.timedelta(days=28),
}
"""How long a link works."""
REUSABLE = frozenset({Purpose.RATE})
"""Links that `use` leaves alive: a rating may be changed."""
DEAD = _("This link does not work any more. Please ask for a new one.")


def make(session: Session, purpose: Purpose, subject_type: str, subject_id: int) -> str:
    """Return a new secret for a link about one person or ticket; only its digest is kept.

    Older links for the same purpose die, but for those of ratings, which may lie in several mails.
    """
    return make_all(session, purpose, subject_type, [subject_id])[0]


def make_all(session: Session, purpose: Purpose, subject_type: str, subjects: Sequence[int]) -> list[str]:
    """Return a new secret for each of some people or tickets, in their order, as `make` does."""
    if purpose not in REUSABLE:
        flush(session)
        _forget(session, subject_type, subjects, Token.purpose == purpose, Token.used_at.is_(None))
    made = [new_token() for _one in subjects]
    session.add_all(
        Token(
            purpose=purpose,
            digest=digest(raw),
            subject_type=subject_type,
            subject_id=subject,
            expires_at=now() + LIVES[purpose],
        )
        for raw, subject in zip(made, subjects, strict=True)
    )
    return made


def find(session: Session, purpose: Purpose, raw: str) -> Token | None:
    """Return the link that `raw` opens while it works; looking at it uses nothing up."""
    return session.scalar(
        select(Token).where(
            Token.digest == digest(raw),
            Token.purpose == purpose,
            Token.used_at.is_(None),
            Token.expires_at > now(),
        )
    )


def opened(session: Session, raw: str, subject_type: str, *purposes: Purpose) -> Token:
    """Return the working link of `raw` about a `subject_type`; raise NotFound in words for its holder."""
    token = next((token for purpose in purposes if (token := find(session, purpose, raw))), None)
    if token is None or token.subject_type != subject_type:
        raise NotFound(DEAD)
    return token


def use(session: Session, token: Token) -> None:
    """Use a link up. Of two who use it at once, the second meets NotFound. A rating link stays."""
    if token.purpose in REUSABLE:
        return
    session.refresh(token, with_for_update=True)
    if token.used_at is not None:
        raise NotFound(DEAD)
    token.used_at = now()
    flush(session)


def forget(session: Session, subject_type: str, subject_id: int) -> None:
    """Let every link about a person or ticket die."""
    _forget(session, subject_type, [subject_id])


def _forget(
    session: Session, subject_type: str, subjects: Sequence[int], *which: ColumnElement[bool]
) -> None:
    about = (Token.subject_type == subject_type, Token.subject_id.in_(subjects))
    session.execute(delete(Token).where(*about, *which), execution_options={"synchronize_session": False})
