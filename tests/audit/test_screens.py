"""The log as administrators read it: who in words, a link to the row, changes as sentences; and erasure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from app import services
from app.access import SYSTEM, Actor, ActorKind
from app.adapters.audit_keys import Keys
from app.core.extensions import db
from app.models.audit import AuditLog
from app.models.customers import Customer
from app.models.tickets import Ticket
from app.record import act_as
from app.services import audit, customers
from app.services.audit import verify
from tests.audit.world import NAME, TEXT, World, build


@pytest.fixture(scope="module")
def world(app: Flask) -> World:
    return build(app)


@pytest.fixture
def look(world: World) -> Callable[[str], str]:
    """How an administrator's page is read, its tags left out."""

    def read(path: str) -> str:
        answer = world.employee().get(path)
        assert answer.status_code == 200
        return answer.text

    return read


def entry_of(app: Flask, world: World, values: dict[str, Any]) -> tuple[int, int]:
    """A ticket and the row of the log about its change by the administrator."""
    number = world.make("tickets")
    with app.test_request_context():
        act_as(db.session(), Actor(ActorKind.EMPLOYEE, id=world.ids["admin"]), source="test")
        ticket = db.session.get_one(Ticket, number)
        for name, value in values.items():
            setattr(ticket, name, value)
        db.session.commit()
        newest = select(AuditLog.id).where(AuditLog.object_id == number).order_by(AuditLog.id.desc()).limit(1)
        return number, int(db.session.scalar(newest) or 0)


def test_an_entry_is_told_in_words(app: Flask, world: World, look: Callable[[str], str]) -> None:
    ticket, entry = entry_of(app, world, {"priority": "high", "title": f"{TEXT}?", "tags": ["a", "b"]})
    told = {
        "/console/audit_logs/": ("Priority: Low → High", "Tags: — → a, b"),
        f"/console/audit_logs/details/?id={entry}": ("Priority Low High", "Tags — a b"),
    }
    for path, sides in told.items():
        page = look(path)
        assert re.search(rf'<a href="/admin/employees/show/{world.ids["admin"]}">{NAME}</a>', page)
        assert re.search(rf'<a href="/admin/tickets/show/{ticket}">Ticket {ticket}</a>', page)
        said = " ".join(re.sub("<[^>]+>", " ", page).split())
        assert all(words in said for words in sides)
        assert "Also changed: Subject" in page
        assert TEXT not in page


def test_blocks_have_a_page(app: Flask, world: World, look: Callable[[str], str], keys: Keys) -> None:
    with app.app_context():
        rows = audit.seal_now(db.session(), keys)
        db.session.commit()
    assert rows > 0
    assert "Audit blocks" in look("/console/audit_blocks/")
    page = look("/console/audit_blocks/details/?id=1")
    assert keys.current in page
    assert "Seal of the block before" in page
    assert "Marks of the rows" not in page


def test_after_an_erasure_nothing_personal_is_left_and_the_log_is_whole(
    app: Flask, world: World, owner: Engine, keys: Keys
) -> None:
    number = world.make("customers")
    with app.test_request_context():
        act_as(db.session(), Actor(ActorKind.CUSTOMER, id=number), source="test")
        person = db.session.get_one(Customer, number)
        email = person.email
        customers.edit(db.session(), Actor(ActorKind.CUSTOMER, id=number), person, {"name": "Zoltan Quux II"})
        db.session.commit()
        audit.seal_now(db.session(), keys)
        act_as(db.session(), SYSTEM, source="test")
        services.delete(db.session(), SYSTEM, db.session.get_one(Customer, number))
        db.session.commit()
        audit.seal_now(db.session(), keys)
        db.session.commit()
    with owner.connect() as connection:
        assert verify(connection, keys).fault is None
        told = str(connection.execute(select(AuditLog.__table__)).all())
        assert f"'customer:{number}'" in told
        assert not re.search(f"Zoltan|Quux|{re.escape(email)}", told)
    page = world.employee().get(f"/console/audit_logs/?performed_by=customer:{number}").text
    assert f"customer:{number}" in page
