"""Sessions of employees and customers: one row a sign-in, found by the digest of its random id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Interval,
    and_,
    bindparam,
    cast,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session

from app.adapters.tokens import digest, new_token
from app.adapters.user_agent import in_words
from app.core.clock import now
from app.core.errors import NotFound
from app.fields.settings import ABOUT, DEFAULTS
from app.models.customers import Customer
from app.models.people import Employee
from app.models.sessions import LoginSession
from app.models.settings import Setting
from app.record import flush, log

Holder = Employee | Customer

CUSTOMERS = dt.timedelta(days=30)
"""How long customers stay signed in."""
NOTED = dt.timedelta(minutes=1)
"""How often the last use of a session is written at most."""
SHOWN = 50
"""Sessions that are listed at most, the newest."""

ROWS = LoginSession.__table__


def begin(session: Session, holder: Holder, ip: str | None, user_agent: str) -> str:
    """Return the random id of a new session of `holder`; only its digest is kept."""
    raw = new_token()
    browser, system = in_words(user_agent)
    kept = LoginSession(digest=digest(raw), epoch=holder.session_epoch, ip=ip, browser=browser, system=system)
    setattr(kept, _link(type(holder)).key, holder.id)
    session.add(kept)
    flush(session)
    log(session, "LOGIN", holder)
    return raw


def holds(holder: type[Holder]) -> ColumnElement[bool]:
    """Return the condition that joins a session to its holder while it holds; `asked` says which one."""
    return and_(LoginSession.digest == bindparam("digest"), *_alive(holder))


def asked(raw: str) -> dict[str, Any]:
    """Return what a statement with `holds` is asked with: the session of `raw`, now."""
    return {"digest": digest(raw), **_now()}


def note_use(session: Session, identity: int) -> None:
    """Set when the session was last used, below the write path; a row that is held is left alone."""
    mine = select(ROWS.c.id).where(ROWS.c.id == identity).with_for_update(skip_locked=True).scalar_subquery()
    session.connection().execute(update(ROWS).where(ROWS.c.id == mine).values(last_seen_at=now()))


def of(session: Session, holder: Holder) -> Sequence[LoginSession]:
    """Return the sessions of `holder` that hold, the last used first."""
    kind = type(holder)
    held = select(LoginSession).join(kind, and_(*_alive(kind))).where(kind.id == holder.id)
    newest = held.order_by(LoginSession.last_seen_at.desc()).limit(SHOWN)
    return session.scalars(newest, _now()).all()


def end(session: Session, holder: Holder, identity: int) -> None:
    """End one session of `holder`. Raises NotFound where it is not theirs, or is no more."""
    if not _delete(session, holder, LoginSession.id == identity):
        raise NotFound
    log(session, "SESSION_END", holder)


def end_others(session: Session, holder: Holder, raw: str) -> None:
    """End every session of `holder` but that of `raw`."""
    if _delete(session, holder, LoginSession.digest != digest(raw)):
        log(session, "SESSION_END", holder)


def leave(session: Session, holder: Holder, raw: str) -> None:
    """End the session of `raw`, as its holder signs out."""
    _delete(session, holder, LoginSession.digest == digest(raw))
    log(session, "LOGOUT", holder)


def end_all(session: Session, holder: Holder) -> None:
    """End every session of `holder` at once, also one that begins in this moment with what held before."""
    holder.session_epoch += 1
    _delete(session, holder)


def _delete(session: Session, holder: Holder, *which: ColumnElement[bool]) -> int:
    gone = delete(LoginSession).where(_link(type(holder)) == holder.id, *which)
    result: Any = session.execute(gone, execution_options={"synchronize_session": False})
    return int(result.rowcount)


def _alive(holder: type[Holder]) -> tuple[ColumnElement[bool], ...]:
    return (
        _link(holder) == holder.id,
        LoginSession.epoch == holder.session_epoch,
        LoginSession.last_seen_at > _MOMENT - _lifetime(holder, "session_idle_hours"),
        LoginSession.created_at > _MOMENT - _lifetime(holder, "session_hours"),
    )


_MOMENT = bindparam("moment", type_=DateTime(timezone=True))
LIFETIMES = ("session_idle_hours", "session_hours")


def _now() -> dict[str, Any]:
    return {"moment": now(), **{name: ABOUT[name].decided for name in LIFETIMES}}


def _lifetime(holder: type[Holder], name: str) -> ColumnElement[dt.timedelta]:
    """Return how long a session holds, by the settings.

    They are read in the statement that finds the session: only its answer tells a request their version.
    """
    if holder is Customer:
        return literal(CUSTOMERS, Interval)
    kept = select(cast(Setting.value, Integer)).where(Setting.name == name).scalar_subquery()
    hours = func.coalesce(bindparam(name, type_=Integer), kept, getattr(DEFAULTS, name))
    return func.make_interval(0, 0, 0, 0, hours, type_=Interval)


def _link(holder: type[Holder]) -> Any:
    return LoginSession.customer_id if holder is Customer else LoginSession.employee_id
