"""Searchable fields: found by who may see them, by an index, and in step with their definitions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import ClauseElement, Executable, func, select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.fields import Audience, fields_of
from app.fields.search import found
from app.models.fields import FieldDefinition
from app.models.tickets import Ticket, TicketChange
from app.services import field_definitions, finding, searched
from app.services.finding import among, holds

WHO = (Audience.AGENT, Audience.API)


def finders(session: Session, words: str) -> set[Audience]:
    """Return who finds anything by `words`."""
    tickets = select(func.count()).select_from(Ticket)
    return {who for who in WHO if session.scalar(tickets.where(holds(session, SYSTEM, Ticket, who, words)))}


@pytest.mark.parametrize(
    ("hidden_from", "seen_by"),
    [
        ((), {Audience.AGENT, Audience.API}),
        (("api",), {Audience.AGENT}),
        (("agent",), {Audience.API}),
        (("agent", "api"), set()),
    ],
)
def test_nobody_finds_by_what_they_may_not_see(
    session: Session, desk: Any, hidden_from: tuple[str, ...], seen_by: set[Audience]
) -> None:
    desk.field("code", searchable=True, audiences={who: {"visible": False} for who in hidden_from})
    desk.ticket(title="Broken lamp", custom_fields={"code": "Quétzal-7"})
    assert finders(session, "quetzal") == seen_by
    assert finders(session, "lamp") == set(WHO)
    assert finders(session, "broken quetzal") == seen_by


@pytest.mark.parametrize(("few", "is_looked_for"), [(2, False), (1, True)], ids=["rare", "common"])
def test_a_rare_word_is_looked_for_once_only(
    session: Session, desk: Any, few: int, is_looked_for: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "FEW", few)
    wanted = {desk.ticket(title=title).id for title in ("Red lamp", "Blue lamp")}
    desk.ticket(title="Red chair")
    clause = among(session, SYSTEM, Ticket, Audience.AGENT, "lamp")
    assert set(session.scalars(select(Ticket.id).where(clause))) == wanted
    assert ("@@" in str(clause)) == is_looked_for


class Explain(Executable, ClauseElement):
    """EXPLAIN of a statement."""

    inherit_cache = False

    def __init__(self, statement: Any) -> None:
        self.statement = statement


@compiles(Explain)
def _explained(element: Any, compiler: Any, **facts: Any) -> str:
    return f"EXPLAIN {compiler.process(element.statement, **facts)}"


def test_the_search_is_an_index_scan(session: Session, desk: Any) -> None:
    desk.field("code", searchable=True, audiences={"api": {"visible": False}})
    for who in (Audience.AGENT, Audience.API):
        clause = found(Ticket, fields_of(session, Ticket), who, "quetzal")
        session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = session.execute(Explain(select(Ticket.id).where(clause))).scalars().all()
        assert any("ix_tickets_search" in line for line in plan)


def follow(session: Session) -> list[str]:
    """Do what the recurring job does, in this session."""
    rows = [(row, searched.weight(session, row)) for row in searched.changed(session)]
    for row, weight in rows:
        after: int | None = 0
        while after is not None:
            after = searched.search_anew(session, row, after)
        searched.done(session, row, weight)
    return [row.field_name for row, _weight in rows]


def age(session: Session, definition: FieldDefinition) -> None:
    """Let a change of the definition lie some time ago."""
    table: Any = FieldDefinition.__table__
    long_ago = table.c.updated_at - dt.timedelta(minutes=5)
    session.connection().execute(
        table.update().where(table.c.id == definition.id).values(updated_at=long_ago)
    )
    session.refresh(definition)


def test_the_search_follows_the_definition_and_touches_no_ticket(
    session: Session, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searched, "BATCH", 2)
    code = field_definitions.add(session, SYSTEM, {"field_name": "code", "field_type": "text"})
    tickets = [desk.ticket(custom_fields={"code": "quetzal"}) for _one in range(5)]
    before = [(one.version, one.updated_at) for one in tickets]
    changes = session.scalar(select(func.count()).select_from(TicketChange))
    for values, finds in (
        ({"searchable": True}, set(WHO)),
        ({"audiences": {"api": {"visible": False}}}, {Audience.AGENT}),
        ({"searchable": False}, set()),
    ):
        field_definitions.edit(session, SYSTEM, code, values)
        assert follow(session) == []  # writes that began before may still be under way
        age(session, code)
        assert follow(session) == ["code"]
        assert follow(session) == []
        session.refresh(code)
        assert finders(session, "quetzal") == finds
    for one in tickets:
        session.refresh(one)
    assert [(one.version, one.updated_at) for one in tickets] == before
    assert session.scalar(select(func.count()).select_from(TicketChange)) == changes
