"""Leases on effects: who holds one may act, and only its holder may say what came of it.

A lease is an UPDATE of the row itself, so it survives Redis, and ends by itself when its holder was killed.
The number of leases is the fence: a holder whose lease went to another finds a higher number and records
nothing.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, DateTime, FromClause, Row, Table, and_, bindparam, or_, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.i18n import _
from app.models.effects import State

MOST = 15
"""Leases of one row before it is parked: beyond that the row itself is the trouble."""

PAUSE, LONGEST = dt.timedelta(seconds=5), dt.timedelta(minutes=10)
"""The wait after a first failure of our own, which doubles each time, and the longest."""


class Lost(Exception):
    """The lease went to another while this holder worked; nothing of this one is recorded."""


MOMENT = bindparam("moment", type_=DateTime(timezone=True))
"""The present, given when a statement is executed: so that the statement itself is built once."""


def free(table: FromClause) -> ColumnElement[bool]:
    """Return the criterion of rows that are due at `moment` and that nobody holds."""
    return and_(open_(table), table.c.lease_count < MOST)


def open_(table: FromClause) -> ColumnElement[bool]:
    """Return the criterion of rows that are due and not held, however often they were leased."""
    return and_(
        table.c.state == State.WAITING,
        table.c.due_at <= MOMENT,
        or_(table.c.leased_until.is_(None), table.c.leased_until < MOMENT),
    )


def park(session: Session, table: Table) -> int:
    """Park the rows whose holders were killed again and again; return how many."""
    worn = update(table).where(open_(table), table.c.lease_count >= MOST)
    done = session.connection().execute(
        worn.values(state=State.PARKED, error=str(_("Each worker that took this ended before it was done."))),
        {"moment": now()},
    )
    return done.rowcount


def held(table: FromClause) -> ColumnElement[bool]:
    """Return the criterion of rows that somebody works on at `moment`."""
    return and_(table.c.state == State.WAITING, table.c.leased_until >= MOMENT)


def take(session: Session, table: Table, which: ColumnElement[bool], seconds: int) -> Row[Any] | None:
    """Lease the free row that `which` names for `seconds` and return it, or None if there is none."""
    statement = (
        update(table)
        .where(which, free(table))
        .values(leased_until=now() + dt.timedelta(seconds=seconds), lease_count=table.c.lease_count + 1)
        .returning(*table.c)
    )
    return session.connection().execute(statement, {"moment": now()}).one_or_none()


def renew(session: Session, table: Table, row: Row[Any], seconds: int) -> bool:
    """Hold a leased row for `seconds` more; tell whether it is still this holder's."""
    return _write(session, table, row, leased_until=now() + dt.timedelta(seconds=seconds))


def finish(session: Session, table: Table, row: Row[Any], **values: Any) -> None:
    """Write what came of a leased row and give the lease back. Raises Lost if it went to another."""
    if not _write(session, table, row, leased_until=None, **values):
        raise Lost


def _write(session: Session, table: Table, row: Row[Any], **values: Any) -> bool:
    mine = and_(table.c.id == row.id, table.c.lease_count == row.lease_count, table.c.state == State.WAITING)
    return session.connection().execute(update(table).where(mine).values(values)).rowcount == 1


def give_back(session: Session, table: Table, row: Row[Any], error: BaseException) -> None:
    """After a failure of our own: try again later, or park the row for a person to look at."""
    finish(session, table, row, error=told(error), **after_failure(row.lease_count))


def told(error: BaseException) -> str:
    """Return what a row keeps of an error."""
    return f"{type(error).__name__}: {error}"[:2000].replace("\0", "\ufffd")


def after_failure(count: int) -> dict[str, Any]:
    """Return what becomes of a row that failed by our own fault for the `count`-th time."""
    if count >= MOST:
        return {"state": State.PARKED}
    return {"due_at": now() + min(PAUSE * 2 ** (count - 1), LONGEST)}
