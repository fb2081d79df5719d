"""A ticket leaves, and comes back byte for byte."""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Text, func, select
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.errors import Conflict, NotFound
from app.models.archives import Archive
from app.models.audit import AuditLog
from app.models.messages import Message, SenderType
from app.models.routing import Decision
from app.models.tickets import Status, Ticket, TicketChange
from app.models.webhooks import Event
from app.services import archives, messages, tickets
from app.services.archives import canonical as canonical_module
from app.services.archives.canonical import canonical
from app.services.archives.proof import DICTIONARIES, content_of, pack
from app.services.archives.snapshot import OWN_LIFE, PARTS, read

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15) | TEXTS
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def ended(desk: Any) -> Ticket:
    """A resolved ticket with a conversation."""
    ticket = desk.ticket(title="Broken", description="**All** of it")
    messages.reply(desk.session, SYSTEM, ticket, "Try this.")
    messages.reply(desk.session, SYSTEM, ticket, "A note", internal=True)
    return tickets.resolve(desk.session, SYSTEM, ticket)


def row(session: Session, ticket: Ticket) -> dict[str, Any]:
    """Return the whole row as the database has it."""
    table = Ticket.__table__
    found = session.connection().execute(select(table).where(table.c.id == ticket.id)).mappings().one()
    return {name: value for name, value in found.items() if name not in OWN_LIFE}


def counts(session: Session, ticket: Ticket) -> dict[str, int]:
    """Return how many rows each part has."""
    return {
        name: session.connection().scalar(
            select(func.count()).select_from(table).where(table.c.ticket_id == ticket.id)
        )
        or 0
        for name, table in PARTS.items()
    }


def test_what_leaves_and_what_stays(session: Session, ended: Ticket) -> None:
    before = row(session, ended)
    archive = tickets.archive(session, SYSTEM, ended)
    stub = row(session, ended)
    left = {name for name in before if before[name] != stub[name]}
    assert left == {"description", "archived_at"}
    assert (stub["description"], ended.description) == ("", "")
    assert counts(session, ended) == {"messages": 0, "history": 1, "decisions": 0}
    assert archive.archived_data["manifest"]["messages"] == 2
    assert archive.archived_data["ticket"]["description"] == "**All** of it"
    assert archives.verify(archive)
    texts = session.scalars(select(func.cast(TicketChange.changes, Text))).all()
    assert not any("All" in text for text in texts)


def test_it_comes_back_as_it_was(session: Session, ended: Ticket) -> None:
    before, bytes_before = row(session, ended), canonical(read(session, [ended.id])[ended.id])
    archive = tickets.archive(session, SYSTEM, ended)
    assert content_of(archive) == bytes_before
    archives.restore(session, SYSTEM, archive)
    assert row(session, ended) == before
    assert counts(session, ended) == {"messages": 2, "history": before_history(archive) + 2, "decisions": 1}
    assert archive.restored_at is not None


def before_history(archive: Any) -> int:
    return int(archive.archived_data["manifest"]["history"])


def test_each_step_is_told_and_audited(session: Session, ended: Ticket) -> None:
    archives.restore(session, SYSTEM, tickets.archive(session, SYSTEM, ended))
    told = session.scalars(select(Event.event_type).where(Event.object_table == "tickets")).all()
    assert {"TICKET_ARCHIVED", "TICKET_RESTORED"} <= set(told)
    audited = session.scalars(select(AuditLog.action_type).where(AuditLog.object_table == "tickets")).all()
    assert {"TICKET_ARCHIVE", "TICKET_RESTORE"} <= set(audited)


def test_twice_there_and_back(session: Session, ended: Ticket) -> None:
    for _round in range(2):
        archives.restore(session, SYSTEM, tickets.archive(session, SYSTEM, ended))
    assert ended.description == "**All** of it"
    assert ended.archived_at is None


@pytest.mark.parametrize("status", [Status.NEW, Status.OPEN, Status.PENDING])
def test_work_is_not_archived(session: Session, desk: Any, status: Status) -> None:
    ticket = desk.ticket()
    ticket.status = status
    session.flush()
    with pytest.raises(Conflict):
        tickets.archive(session, SYSTEM, ticket)


def test_the_archive_is_left_alone_by_everybody(session: Session, ended: Ticket, desk: Any) -> None:
    archive = tickets.archive(session, SYSTEM, ended)
    with pytest.raises(Conflict):
        tickets.archive(session, SYSTEM, ended)
    with pytest.raises(Conflict):
        tickets.edit(session, SYSTEM, ended, {"title": "New"})
    with pytest.raises(Conflict):
        messages.reply(session, SYSTEM, ended, "Hello?")
    archives.restore(session, SYSTEM, archive)
    with pytest.raises(Conflict):
        archives.restore(session, SYSTEM, archive)


def test_an_agent_may_not_restore(session: Session, ended: Ticket, desk: Any) -> None:
    archive = tickets.archive(session, SYSTEM, ended)
    agent = desk.as_employee(desk.employee(desk.team()))
    with pytest.raises(NotFound):
        archives.restore(session, agent, archive)


DAMAGES: dict[str, Callable[[Archive], None]] = {
    "content": lambda one: setattr(one, "snapshot", pack(content(one).replace(b"All", b"ALL"))),
    "not zlib": lambda one: setattr(one, "snapshot", b"\x00"),
    "cut off": lambda one: setattr(one, "snapshot", one.snapshot[:-5]),
    "another format's dictionary": lambda one: setattr(one, "format_version", 1),
    "a format nobody knows": lambda one: setattr(one, "format_version", 99),
}


def content(archive: Archive) -> bytes:
    """Return the canonical bytes of an archive that is whole."""
    found = content_of(archive)
    assert found is not None
    return found


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_archive_is_noticed_and_never_restored(
    session: Session, ended: Ticket, damage: str
) -> None:
    archive = tickets.archive(session, SYSTEM, ended)
    DAMAGES[damage](archive)
    session.flush()
    assert not archives.verify(archive)
    with pytest.raises(Conflict):
        archives.restore(session, SYSTEM, archive)


def test_a_team_deleted_meanwhile_does_not_keep_it_away(session: Session, ended: Ticket, desk: Any) -> None:
    team = desk.team()
    ended.team_id = team.id
    session.flush()
    archive = tickets.archive(session, SYSTEM, ended)
    session.delete(team)
    session.flush()
    archives.restore(session, SYSTEM, archive)
    assert ended.team_id is None
    assert ended.description == "**All** of it"
    last = session.scalars(select(AuditLog).order_by(AuditLog.id.desc())).first()
    assert last is not None
    assert last.action_details["changed"] == ["team_id"]


def test_a_rule_deleted_meanwhile_does_not_keep_its_history_away(
    session: Session, ended: Ticket, desk: Any
) -> None:
    rule = desk.rule(action={"add_tags": ["seen"]})
    change = session.scalars(select(TicketChange).where(TicketChange.ticket_id == ended.id)).first()
    assert change is not None
    session.connection().execute(
        TicketChange.__table__.update().where(TicketChange.id == change.id).values(rule_id=rule.id)
    )
    archive = tickets.archive(session, SYSTEM, ended)
    session.delete(rule)
    session.flush()
    archives.restore(session, SYSTEM, archive)
    assert counts(session, ended)["history"] == before_history(archive) + 2


@given(
    custom=st.dictionaries(TEXTS, JSON, max_size=4), body=TEXTS, title=TEXTS, trace=st.lists(JSON, max_size=3)
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_in_it_comes_back(
    session: Session, desk: Any, custom: dict[str, Any], body: str, title: str, trace: list[Any]
) -> None:
    ticket = tickets.resolve(session, SYSTEM, desk.ticket())
    table = Ticket.__table__
    connection = session.connection()
    connection.execute(
        table.update()
        .where(table.c.id == ticket.id)
        .values(custom_fields=custom, description=body, title=title)
    )
    connection.execute(
        Message.__table__.insert().values(
            ticket_id=ticket.id,
            sender_type=SenderType.SYSTEM,
            message_body=body,
            created_at=ticket.created_at,
        )
    )
    connection.execute(Decision.__table__.update().where(Decision.ticket_id == ticket.id).values(trace=trace))
    before = row(session, ticket)
    archive = archives.take(session, SYSTEM, ticket, "test")
    archives.restore(session, SYSTEM, archive)
    assert row(session, ticket) == before
    assert json.loads(content(archive))["ticket"]["description"] == body


def test_an_archive_of_the_first_format_comes_back(session: Session, ended: Ticket) -> None:
    before = row(session, ended)
    archive = tickets.archive(session, SYSTEM, ended)
    archive.snapshot, archive.format_version = zlib.compress(content(archive), 9), 1
    session.flush()
    assert archives.verify(archive)
    archives.restore(session, SYSTEM, archive)
    assert row(session, ended) == before


def test_the_dictionary_of_a_format_never_changes() -> None:
    digests = {number: hashlib.sha256(said).hexdigest()[:16] for number, said in DICTIONARIES.items()}
    assert digests == {1: "e3b0c44298fc1c14", 2: "8e126242484477ed"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (0.1, "0.1"),
        (1e-5, "0.00001"),
        (1.5e-5, "0.000015"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (1.5e-10, "1.5e-10"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740993, "9007199254740993"),
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        ({"\ufb33": 1, "\U0001f600": 2}, '{"\U0001f600":2,"\ufb33":1}'),
        ('\u20ac\n\x0f"\\/é', '"€\\n\\u000f\\"\\\\/é"'),
    ],
)
def test_canonical_json_is_that_of_rfc_8785(value: Any, text: str) -> None:
    assert canonical(value).decode() == text


@given(JSON)
def test_the_fast_writer_gives_the_same_bytes(value: Any) -> None:
    assert canonical(value) == canonical_module._write(value).encode()


@given(JSON)
def test_canonical_json_says_the_same(value: Any) -> None:
    assert json.loads(canonical(value)) == value
    assert canonical(json.loads(canonical(value))) == canonical(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_canonical_json_refuses_what_json_has_not(value: float) -> None:
    with pytest.raises(ValueError, match="neither"):
        canonical(value)


def test_canonical_json_refuses_other_types() -> None:
    with pytest.raises(TypeError):
        canonical({"a": object()})
