"""Every route that changes something leaves its row in the audit log, and no row tells what it must not."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from sqlalchemy import select

from app.access import SYSTEM
from app.core.extensions import db
from app.fields import Kind, fields_of
from app.models import load
from app.models.audit import AuditLog
from app.models.tickets import Ticket
from app.models.webhooks import Event
from app.record import act_as
from app.services import event_types, messages, tries
from tests.audit.visits import NONE_NEEDED, READING, Visit, by_hand, generated
from tests.audit.world import HIDDEN, TEXT, World, build

SAFE = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture(scope="module")
def world(app: Flask) -> World:
    return build(app)


@pytest.fixture(scope="module")
def walked(world: World) -> dict[str, list[str]]:
    """What went wrong at each route that was visited."""
    wrong: dict[str, list[str]] = {}
    for visits in (generated, by_hand):
        for visit in visits(world):
            wrong.setdefault(visit.endpoint, []).extend(pay(world, visit))
    return wrong


def pay(world: World, visit: Visit) -> list[str]:
    """Send the request and look for its audit row; return what is wrong."""
    number = f"walk-{len(REQUESTS):06}"
    REQUESTS.append(visit)
    body = {"json" if visit.is_json else "data": visit.body} if visit.body is not None else {}
    answer = visit.client.open(visit.path, method=visit.method, headers={"X-Request-Id": number}, **body)
    with world.app.app_context():
        rows = db.session.scalars(select(AuditLog).where(AuditLog.request_id == number)).all()
        told = {(row.action_type, row.performed_by, row.ip) for row in rows}
    if visit.action is None:
        closed = answer.status_code in {403, 404, 405, 409}
        return [] if closed and not told else [f"{visit.path}: {answer.status_code}, {told}"]
    if (visit.action, visit.by, "127.0.0.1") in told:
        return []
    return [f"{visit.method} {visit.path}: {answer.status_code}, {told or 'no row'}"]


REQUESTS: list[Visit] = []


def test_every_route_that_changes_something_leaves_its_row(walked: dict[str, list[str]]) -> None:
    assert {endpoint: said for endpoint, said in walked.items() if said} == {}


def test_no_such_route_is_left_out(app: Flask, walked: dict[str, list[str]]) -> None:
    changing = {rule.endpoint for rule in app.url_map.iter_rules() if (rule.methods or set()) - SAFE}
    changing -= {endpoint for endpoint in changing if endpoint.split(".")[-1] in READING}
    assert changing - set(walked) == set(NONE_NEEDED)
    assert set(walked) <= changing


def test_no_row_tells_a_secret_a_text_or_a_name(app: Flask, walked: dict[str, list[str]]) -> None:
    with app.app_context():
        rows = db.session.execute(select(AuditLog.__table__)).all()
    assert len(rows) > len(REQUESTS)
    told = [(word, row) for row in rows for word in HIDDEN if word in str(row)]
    assert told == []


PERSONAL = {Kind.EMAIL, Kind.PHONE, Kind.LONG_TEXT}


@pytest.mark.parametrize("model", load(), ids=lambda model: model.__tablename__)
def test_no_declaration_audits_what_is_personal_or_long(app: Flask, model: Any) -> None:
    with app.app_context():
        fields = fields_of(db.session(), model)
        assert [
            name for name in model.resource.audit if fields[name].kind in PERSONAL or fields[name].secret
        ] == []
    if model.__tablename__ in {"employees", "customers"}:
        assert "name" not in model.resource.audit


UNSEEN = {"AUDIT_CHECKPOINT"}
"""Types of event that no visit brings about: it is hourly."""


@pytest.fixture(scope="module")
def happened(world: World, walked: dict[str, list[str]]) -> list[Any]:
    """What receivers would be sent of the whole walk, and of an internal note."""
    with world.app.test_request_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        ticket = session.get_one(Ticket, world.make("tickets"))
        messages.reply(session, SYSTEM, ticket, TEXT, internal=True)
        session.commit()
        return [orjson.loads(tries.message_of(event).body) for event in session.scalars(select(Event))]


def test_each_event_is_what_the_catalogue_says(app: Flask, happened: list[Any]) -> None:
    with app.app_context():
        session = db.session()
        kinds = {**event_types.known(), event_types.TEST: event_types.TESTED}
        schemas = {
            name: Draft202012Validator(
                event_types.schema_of(kind, lambda model: event_types.row_schema(session, model)),
                format_checker=Draft202012Validator.FORMAT_CHECKER,
            )
            for name, kind in kinds.items()
        }
    wrong = [
        (one["type"], error.message) for one in happened for error in schemas[one["type"]].iter_errors(one)
    ]
    assert wrong == []
    assert set(kinds) - {one["type"] for one in happened} == UNSEEN


def test_internal_notes_stand_in_their_own_events_only(happened: list[Any]) -> None:
    said = [(one["type"], one["data"]["message"]) for one in happened if "message" in one["data"]]
    holders = {name for name, message in said if message["is_internal"]}
    assert holders == {name for name, kind in event_types.known().items() if kind.holds_notes}
