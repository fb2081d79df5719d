"""Columns and live definitions as one set, kept in memory for as long as its version holds."""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from sqlalchemy import event, insert, select, update
from sqlalchemy.orm import Session

from app.fields import (
    Audience,
    FieldSet,
    Kind,
    Purpose,
    check,
    definition_version,
    fields_of,
    remember_version,
    version,
)
from app.models.fields import FieldDefinition, revisions
from app.models.people import Employee
from app.models.tickets import Status, Ticket


def define(session: Session, name: str, kind: str = "text", **facts: Any) -> FieldDefinition:
    """Add a definition and raise the revision, as the trigger does."""
    made = FieldDefinition(field_name=name, field_type=kind, applies_to="tickets", **facts)
    session.add(made)
    revise(session)
    return made


def revise(session: Session) -> None:
    session.flush()
    session.execute(update(revisions).values(number=revisions.c.number + 1))


def test_columns_bring_their_facts(session: Session) -> None:
    fields = fields_of(session, Ticket)
    assert fields["status"].kind is Kind.SELECT
    assert fields["status"].values == tuple(Status)
    assert fields["status"].parse("open") is Status.OPEN
    assert not fields["status"].nullable
    assert not fields["status"].required
    assert fields["title"].required
    assert fields["title"].rules.max_length == 200
    assert fields["team_id"].reference == "teams"
    assert fields["tags"].kind is Kind.TAGS
    assert fields["email"].kind is Kind.EMAIL
    assert fields["created_at"].readonly
    assert "search" not in fields
    assert "custom_fields" not in fields
    assert "password" not in fields_of(session, Employee)
    assert fields_of(session, Employee)["active"].kind is Kind.BOOLEAN


def test_a_definition_makes_a_field_at_once(session: Session) -> None:
    assert "custom_fields.seats" not in fields_of(session, Ticket)
    define(session, "seats", "integer", is_required=True, validation={"min": 1}, position=2, help="How many?")
    define(session, "plan", "select", options=["free", "pro"], position=1)
    fields = fields_of(session, Ticket)
    assert [field.key for field in fields.custom] == ["plan", "seats"]
    assert fields["custom_fields.seats"].rules.minimum == 1
    assert str(fields["custom_fields.seats"].label) == "Seats"
    assert "custom_fields.seats" not in fields_of(session, Employee)


def test_a_definition_changes_a_column(session: Session) -> None:
    define(session, "category", "select", options=["billing", "other"], label="Topic", is_required=True)
    define(session, "status", "select", translations={"de": {"options": {"open": "Offen"}}})
    fields = fields_of(session, Ticket)
    assert fields["category"].kind is Kind.SELECT
    assert fields["category"].values == ("billing", "other")
    assert str(fields["category"].label) == "Topic"
    assert fields["category"].required
    assert fields["status"].values == tuple(Status)
    assert str(fields["status"].label) == "Status"


def test_texts_of_definitions_are_translated(session: Session) -> None:
    app = Flask(__name__)
    Babel(app)
    define(
        session,
        "plan",
        "select",
        options=["free"],
        label="Plan",
        translations={"de": {"label": "Tarif", "options": {"free": "Gratis"}}},
    )
    field = fields_of(session, Ticket)["custom_fields.plan"]
    with app.test_request_context():
        assert (str(field.label), field.text("free")) == ("Plan", "free")
        with force_locale("de"):
            assert (str(field.label), field.text("free")) == ("Tarif", "Gratis")


def test_audiences_of_a_definition(session: Session) -> None:
    define(session, "inner", audiences={"customer": {"visible": False}, "api": {"required": True}})
    field = fields_of(session, Ticket)["custom_fields.inner"]
    assert not field.visible_to(Audience.CUSTOMER)
    assert field.required_of(Audience.API)
    assert not field.required_of(Audience.AGENT)


def test_a_set_costs_one_row_or_nothing(session: Session) -> None:
    number = session.scalar(select(definition_version()))
    assert number
    fields = fields_of(session, Ticket, number)
    statements: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *said: statements.append(said[2]))
    assert fields_of(session, Ticket) is fields
    assert fields_of(session, Ticket) is fields
    assert len(statements) == 1
    remember_version(session, number)
    assert fields_of(session, Ticket) is fields
    assert len(statements) == 1


def test_a_change_elsewhere_is_seen_within_a_second(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fields_of(session, Ticket)
    session.execute(insert(FieldDefinition).values(field_name="far", field_type="text", applies_to="tickets"))
    revise(session)
    assert fields_of(session, Ticket) is before
    later = time.monotonic() + version.BELIEVED
    monkeypatch.setattr(version.time, "monotonic", lambda: later)
    assert "custom_fields.far" in fields_of(session, Ticket)


def test_a_request_stays_with_the_version_it_came_with(session: Session) -> None:
    before = fields_of(session, Ticket)
    remember_version(session, before.version)
    session.begin_nested().rollback()
    assert fields_of(session, Ticket) is before


def test_what_was_rolled_back_is_not_remembered(session: Session) -> None:
    before = fields_of(session, Ticket)
    inner = session.begin_nested()
    define(session, "ghost")
    assert "custom_fields.ghost" in fields_of(session, Ticket)
    inner.rollback()
    define(session, "real")
    after = fields_of(session, Ticket)
    assert "custom_fields.ghost" not in after
    assert "custom_fields.real" in after
    assert before.version != after.version


def test_pick_keeps_order_and_expands_custom_fields(session: Session) -> None:
    define(session, "seats", "integer")
    fields = fields_of(session, Ticket)
    picked = fields.pick(("priority", "custom_fields", "team.name", "title"))
    assert list(picked) == ["priority", "custom_fields.seats", "title"]
    assert fields.pick(("priority", "custom_fields", "team.name", "title")) is picked
    values = check(
        picked, {"title": "x", "priority": "high", "custom_fields.seats": "3"}, Audience.AGENT, Purpose.CREATE
    )
    assert list(values) == ["priority", "custom_fields.seats", "title"]


def test_values_are_written_to_the_row(session: Session) -> None:
    define(session, "seats", "integer")
    fields = fields_of(session, Ticket)
    ticket = Ticket(tags=["x"], custom_fields={"other": 1})
    for name, value in {
        "tags": None,
        "status": Status.OPEN,
        "custom_fields.seats": 5,
        "category": None,
    }.items():
        fields[name].write(ticket, value)
    assert (ticket.tags, ticket.status, ticket.category) == ([], Status.OPEN, None)
    assert ticket.custom_fields == {"other": 1, "seats": 5}
    fields["custom_fields.seats"].write(ticket, None)
    assert ticket.custom_fields == {"other": 1}
    ticket.tags.append("mine")
    other = Ticket()
    fields["tags"].write(other, None)
    assert other.tags == []


def test_sets_are_never_equal() -> None:
    assert FieldSet("a", 1, ()) != FieldSet("a", 1, ())


@pytest.mark.parametrize("kind", ["date", "integer"])
def test_old_values_of_another_kind_read_as_nothing(session: Session, kind: str) -> None:
    define(session, "thing", kind)
    field = fields_of(session, Ticket)["custom_fields.thing"]
    assert field.read({"custom_fields": {"thing": "2026-02-30"}}) is None
