"""What one never sees of a ticket is told nowhere else: by history, decisions of routing or the audit log."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert
from werkzeug.test import TestResponse

from app.access import SYSTEM
from app.core.declare import Can, Grant
from app.models.audit import AuditLog
from app.models.routing import Decision
from app.models.tickets import TicketChange
from app.services import field_definitions, tickets
from tests.access.world import Caller, World, custom_role

HIDDEN = "zqhidden"
"""The value of a column that the grant of one role hides."""
UNSEEN = "zqunseen"
"""The value of a field that no audience sees."""
SEEN = "zqseen"
VALUES = {"category": HIDDEN, "custom_fields.secret": UNSEEN, "title": SEEN}
NOBODY = {"visible": False, "editable": False, "required": False}


@pytest.fixture(scope="module")
def told(world: World) -> tuple[int, dict[str, Any]]:
    """A ticket, and a decision and a change that hold its values."""
    with world.session() as maker:
        session = maker.session
        kept = {"field_name": "secret", "audiences": {"agent": NOBODY, "api": NOBODY, "customer": NOBODY}}
        field_definitions.add(session, SYSTEM, kept)
        letter = {"title": "Printer", "description": "x", "email": "ann@example.com"}
        ticket = tickets.add(session, SYSTEM, letter)
        session.flush()
        failed = [
            {"path": "criteria", "field": name, "op": "is", "value": "x", "seen": value}
            for name, value in VALUES.items()
        ]
        changes = {name: {"old": None, "new": value} for name, value in VALUES.items()}
        decision = {
            "ticket_id": ticket.id,
            "event": "created",
            "inputs": {"fields": VALUES},
            "trace": [{"rule_id": 1, "rule_name": "R", "matched": False, "failed": one} for one in failed],
            "outcome": {"rules": [], "picked": None, "category": HIDDEN, "title": SEEN},
            "changes": changes,
        }
        change = {
            "ticket_id": ticket.id,
            "changes": changes,
            "changed_by": "system",
            "actor_type": "system",
            "source": "api",
        }
        keys = {}
        entry = {
            "action_type": "TICKET_UPDATE",
            "action_details": {"changed": [*VALUES], "before": VALUES, "after": VALUES},
            "performed_by": "system",
            "actor_type": "system",
            "object_table": "tickets",
            "object_id": ticket.id,
        }
        for model, row in ((Decision, decision), (TicketChange, change), (AuditLog, entry)):
            made = insert(model.__table__).values(row).returning(model.__table__.c.id)
            keys[model.__tablename__] = session.connection().execute(made).scalar_one()
        return ticket.id, keys


@pytest.fixture(scope="module")
def readers(world: World) -> dict[str, Caller]:
    seen = Grant(Can.READ)
    wanted = {"ticket_history": seen, "routing_decisions": seen, "audit_logs": seen}
    return {
        "sees all": custom_role(world, "told_all", wanted | {"tickets": seen}),
        "sees no topic": custom_role(
            world, "told_less", wanted | {"tickets": Grant(Can.READ, hide=("category",))}
        ),
    }


def _words(answer: TestResponse) -> str:
    if answer.data[:2] != b"PK":
        return answer.text
    book = zipfile.ZipFile(io.BytesIO(answer.data))
    return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def _console(table: str, path: str) -> Callable[[Caller, int, dict[str, int]], TestResponse]:
    return lambda who, ticket, keys: who.page(
        f"/console/{table}/{path.format(key=keys[table], ticket=ticket)}"
    )


def _rest(path: str) -> Callable[[Caller, int, dict[str, int]], TestResponse]:
    return lambda who, ticket, keys: who.rest("GET", path.format(ticket=ticket, **keys))


TOLD_BY = {
    "inbox": lambda who, ticket, _keys: who.page(f"/inbox/open/{ticket}"),
    "decision page": _console("routing_decisions", "details/?id={key}"),
    "decision list": _console("routing_decisions", "?ticket_id={ticket}"),
    "decision CSV": _console("routing_decisions", "export/csv?ticket_id={ticket}"),
    "decision JSON": _console("routing_decisions", "export/json?ticket_id={ticket}"),
    "decision XLSX": _console("routing_decisions", "export/xlsx?ticket_id={ticket}"),
    "change page": _console("ticket_history", "details/?id={key}"),
    "change list": _console("ticket_history", "?ticket_id={ticket}"),
    "change CSV": _console("ticket_history", "export/csv?ticket_id={ticket}"),
    "decision by REST": _rest("routing_decisions/{routing_decisions}"),
    "decisions by REST": _rest("routing_decisions?ticket_id={ticket}"),
    "decisions of a ticket": _rest("tickets/{ticket}/decisions"),
    "change by REST": _rest("ticket_history/{ticket_history}"),
    "history of a ticket": _rest("tickets/{ticket}/history"),
    "audit page": _console("audit_logs", "details/?id={key}"),
    "audit list": _console("audit_logs", "?object_id={ticket}"),
    "audit CSV": _console("audit_logs", "export/csv?object_id={ticket}"),
    "audit by REST": _rest("audit_logs/{audit_logs}"),
    "audits by REST": _rest("audit_logs?object_id={ticket}"),
}


@pytest.mark.parametrize("surface", TOLD_BY)
@pytest.mark.parametrize(("reader", "tells"), [("sees all", {HIDDEN, SEEN}), ("sees no topic", {SEEN})])
def test_a_reader_is_told_what_they_see_of_the_ticket(
    world: World,
    told: tuple[int, dict[str, int]],
    readers: dict[str, Caller],
    surface: str,
    reader: str,
    tells: set[str],
) -> None:
    answer = TOLD_BY[surface](readers[reader], *told)
    assert answer.status_code == 200
    words = _words(answer)
    assert {mark for mark in (HIDDEN, UNSEEN, SEEN) if mark in words} == tells
