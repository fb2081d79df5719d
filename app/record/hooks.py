"""The hooks of the session, in the order a write meets them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from app.core.extensions import enqueue
from app.models.base import Declared
from app.models.effects import Effect
from app.record import audit, hints, history, numbers, outbox, validate
from app.record.act import act_of
from app.record.changes import Change, pending
from app.record.rows import together

plainly = {"plainly": True}
"""Execution options of the few services that may change many rows by one statement."""


def install(session: Any) -> None:
    """Hang the write path on a session factory. Doing it twice changes nothing."""
    for name, hook in HOOKS.items():
        if not event.contains(session, name, hook):
            event.listen(session, name, hook)


def _check(session: Session, _context: Any, _instances: Any) -> None:
    """Before a flush: somebody acts, every value of a changed row is allowed, and many rows are numbered."""
    changed = (row for row in session.dirty if session.is_modified(row))
    for row in (*session.new, *changed):
        if isinstance(row, Declared):
            validate.check(session, row)
    numbers.give(session)


def tell(session: Session, changes: Sequence[Change]) -> None:
    """Write history, audit and events of `changes`, in the transaction at hand.

    A flush does it by itself; the services that change many rows by one statement (`plainly`) call it.
    """
    if not changes:
        return
    act = act_of(session)
    with together(session):
        history.write(session, act, changes)
        audit.write(session, act, changes)
        outbox.write(session, changes)
    for change in changes:
        if isinstance(change.row, Effect):
            hints.collect(session, change.row)


def _tell(session: Session, _context: Any) -> None:
    """After a flush, in its transaction."""
    tell(session, pending(session))


def _enqueue(session: Session) -> None:
    """After the commit, not after a savepoint: the queue hears of the effects."""
    if not session.in_nested_transaction():
        enqueue(hints.taken(session))


def _forget(session: Session) -> None:
    """After a rollback there is nothing to tell."""
    hints.taken(session)


def _refuse_bulk(state: ORMExecuteState) -> None:
    """Bulk SQL would pass by history and audit, so only named services may use it on an audited table."""
    if not (state.is_update or state.is_delete or state.is_insert):
        return
    if state.execution_options.get("plainly"):
        return
    table: Any = getattr(state.statement, "table", None)
    if table is not None and table.name in _audited():
        raise RuntimeError(f"Bulk SQL on {table.name} passes by the audit log. Use its service.")


def _audited() -> set[str]:
    from app.models import load

    return {model.__tablename__ for model in load() if model.resource.audit}


HOOKS: dict[str, Callable[..., Any]] = {
    "before_flush": _check,
    "after_flush": _tell,
    "after_commit": _enqueue,
    "after_rollback": _forget,
    "do_orm_execute": _refuse_bulk,
}
