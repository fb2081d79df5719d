"""What a deed leaves beside it is written at its end, by one statement, and only if the deed came off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor, ActorKind
from app.core.clock import now
from app.core.errors import Invalid
from app.models.audit import AuditLog
from app.models.tickets import Assignment, Ticket
from app.models.webhooks import Event
from app.record import copying, emit, hints, log, new_effect, put, together
from app.record.copying import MANY
from app.services import messages

DEEDS = ("FIRST", "SECOND", "THIRD")


@pytest.fixture(params=[False, True], ids=["listed", "copied"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write rows as few are written, and then as many are."""
    if request.param:
        monkeypatch.setattr(copying, "MANY", 1)


@contextmanager
def counted(statements: list[str], most: int) -> Iterator[None]:
    statements.clear()
    yield
    assert len(statements) <= most, "\n".join(statements)


def deeds(session: Session, ticket: Ticket) -> list[str]:
    """What was done to a ticket since it was made, in order."""
    about = (AuditLog.object_table == "tickets", AuditLog.object_id == ticket.id)
    return list(session.scalars(select(AuditLog.action_type).where(*about).order_by(AuditLog.id)))[1:]


def test_rows_of_many_tables_are_one_statement_in_their_order(
    session: Session, desk: Any, statements: list[str]
) -> None:
    ticket = desk.ticket()
    before = desk.events()
    with counted(statements, 1), together(session):
        for deed in DEEDS:
            log(session, deed, ticket)
            with together(session):
                emit(session, deed, ticket)
        assert not statements, "nothing is written before the end"
    assert desk.events()[len(before) :] == [*DEEDS]
    assert deeds(session, ticket) == [f"TICKET_{deed}" for deed in DEEDS]


@pytest.mark.usefixtures("either_way")
def test_a_deed_that_fails_leaves_nothing(session: Session, desk: Any) -> None:
    ticket = desk.ticket()
    with suppress(ZeroDivisionError), together(session):
        log(session, "FIRST", ticket)
        raise ZeroDivisionError
    log(session, "SECOND", ticket)
    assert deeds(session, ticket) == ["TICKET_SECOND"]


@pytest.mark.usefixtures("either_way")
def test_what_is_taken_back_within_a_deed_leaves_nothing(session: Session, desk: Any) -> None:
    ticket = desk.ticket()
    with together(session):
        log(session, "FIRST", ticket)
        undone = session.begin_nested()
        log(session, "SECOND", ticket)
        undone.rollback()
        log(session, "THIRD", ticket)
    assert deeds(session, ticket) == ["TICKET_FIRST", "TICKET_THIRD"]


@pytest.mark.usefixtures("either_way")
def test_the_queue_hears_of_the_first_event_and_of_no_history(session: Session, desk: Any) -> None:
    ticket = desk.ticket()
    hints.taken(session)
    with together(session):
        log(session, "FIRST", ticket)
        emit(session, "FIRST", ticket)
        emit(session, "SECOND", ticket)
    first = session.scalar(select(func.min(Event.id)).where(Event.event_type.in_(DEEDS)))
    assert hints.taken(session) == [("event", first)]


@pytest.mark.usefixtures("either_way")
def test_what_the_database_refuses_names_the_column(session: Session, desk: Any) -> None:
    ticket = desk.ticket()
    row = {"ticket_id": ticket.id, "employee_id": 0, "assigned_at": None, "assigned_by": "system"}
    with pytest.raises(Invalid) as problem, session.begin_nested():
        put(session, Assignment, [row])
    assert [(error.field, error.code) for error in problem.value.errors] == [("assigned_at", "required")]


HARD = ("", "a\tb\\n\r\n", "\\N", "'\"{}", "ß İ 日本 🙂", "\\.", "%s %(a)s")
SAID = {
    "words": [*HARD],
    "number": 2**70,
    "half": 0.5,
    "none": None,
    "at": dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
}


def test_many_rows_are_kept_as_few_are(session: Session, desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    about = {"object_table": "tickets", "object_id": desk.ticket().id}
    event = {**about, "payload": SAID, **new_effect(session)}
    deed = {**about, "action_type": "TRIED", "action_details": SAID, "actor_type": "system", "ip": None}
    kinds: tuple[tuple[Any, str, dict[str, Any]], ...]
    kinds = (Event, "event_type", event), (AuditLog, "performed_by", deed)
    for model, words, more in kinds:
        given = [{words: text, "created_at": now(), **more} for text in HARD]
        newest = session.scalar(select(func.max(model.id)))
        for many in (MANY, 1):
            monkeypatch.setattr(copying, "MANY", many)
            put(session, model, given)
        every = [column for column in model.__table__.c if column.name not in {"id", "transaction_id"}]
        rows = session.execute(select(*every).where(model.id > newest).order_by(model.id)).all()
        assert [getattr(row, words) for row in rows] == [*HARD, *HARD]
        assert rows[: len(HARD)] == rows[len(HARD) :]


def test_a_reply_costs_five_statements(session: Session, desk: Any, statements: list[str]) -> None:
    """The ticket held and touched, the message, and all that is told of it in one."""
    ticket: Ticket = desk.ticket()
    key = desk.act(Actor(ActorKind.KEY, 1, scopes=frozenset({"write_tickets", "read_tickets"})))
    with counted(statements, 5):  # one of them opens the ticket
        messages.reply(session, key, ticket, "We look into it.")
    assert desk.events()[-2:] == ["TICKET_UPDATED", "TICKET_REPLIED"]
    with counted(statements, 4):
        messages.reply(session, key, ticket, "It is mended.")
