"""A hidden field is in no answer: not shown, not searched, not sorted or filtered by, not written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert

from app import models
from app.core.clock import now
from app.core.declare import Can, Desk, Grant, Scope
from app.fields import fields_of
from app.generate.rest.query import WORDS
from app.models.audit import AuditLog
from app.models.tickets import Ticket, TicketChange
from app.services import grants
from tests.access.rows import key_of
from tests.access.surfaces import MANY, REST, SCREENS, links_to
from tests.access.table import TABLES
from tests.access.world import Caller, World, custom, custom_role

MARKED = {table: model for table, model in TABLES.items() if grants.possible(model)}
SHOWN = [table for table, model in MARKED.items() if model.resource.desk is not Desk.HAND]
MANAGED = [table for table, model in MARKED.items() if model.resource.desk is Desk.MANAGE]
SERVED = [table for table, model in MARKED.items() if model.resource.api]


@pytest.fixture(scope="module")
def blind(world: World) -> Caller:
    """Somebody who may do everything and sees nothing but what rows are called."""
    with world.session() as maker:
        hide = {table: grants.hideable(maker.session, model) for table, model in MARKED.items()}
    wanted = {table: Grant(one.can, hide=hide[table]) for table, one in custom(Scope.ALL).items()}
    return custom_role(world, "blind", wanted)


def a_row(world: World, model: Any) -> Any:
    """Make a row whose texts are marks, with a history that tells them too."""
    with world.session() as maker:
        key = maker.row(model, "others", world.callers["admin"])
        if model.__table__.info.get("view"):
            return key
        told = maker.marks[model.__tablename__, key]
        connection = maker.session.connection()
        details = {"before": dict.fromkeys(told), "after": told}
        connection.execute(insert(AuditLog.__table__).values(_audit(model, key, details)))
        if model is Ticket:
            changes = {name: {"old": None, "new": mark} for name, mark in told.items() if name != "title"}
            connection.execute(insert(TicketChange.__table__).values(_change(key, changes)))
    return key


def hidden_marks(world: World, blind: Caller, model: Any, key: Any) -> dict[str, str]:
    """Return the marks of the row that the blind must never see, by column."""
    hide = blind.grants[model.__tablename__].hide
    marks = world.maker.marks.get((model.__tablename__, key), {})
    return {name: mark for name, mark in marks.items() if name in hide}


@pytest.mark.parametrize("table", MARKED)
def test_no_surface_tells_it(world: World, blind: Caller, table: str) -> None:
    model = MARKED[table]
    key = a_row(world, model)
    secret = hidden_marks(world, blind, model, key)
    told = [
        f"{table}.{name} is told by {place}"
        for place, answer in answers(blind, model, key)
        for name, mark in secret.items()
        if mark in answer.text
    ]
    assert not told, "\n".join(told)


@pytest.mark.parametrize("table", ["tickets", "customers", "teams", "webhooks", "mails", "kb_articles"])
def test_the_marks_are_seen_by_who_may(world: World, table: str) -> None:
    """Else the test above could not fail."""
    model, admin = MARKED[table], world.callers["admin"]
    key = a_row(world, model)
    text = "".join(answer.text for _place, answer in answers(admin, model, key))
    shown = {name for name, mark in world.maker.marks[table, key].items() if mark in text}
    assert set(model.resource.columns) & set(world.maker.marks[table, key]) <= shown


def answers(caller: Caller, model: Any, key: Any) -> Iterator[tuple[str, Any]]:
    """Yield what every surface answers about the row, and the tab of its history."""
    for surface in (*SCREENS, *MANY, *REST):
        if surface.applies(model):
            yield surface.name, surface.ask(caller, model, key)
    if model.resource.desk is Desk.MANAGE:
        yield "history", caller.page(f"/admin/{model.__tablename__}/show/{key}?tab=history")


@pytest.mark.parametrize("table", SHOWN)
def test_a_list_is_not_asked_by_it(world: World, blind: Caller, table: str) -> None:
    model = MARKED[table]
    key = a_row(world, model)
    base = f"/admin/{table}/list/" if model.resource.desk is Desk.MANAGE else f"/console/{table}/"
    for name, mark in hidden_marks(world, blind, model, key).items():
        assert blind.page(f"{base}?{name}={mark}").status_code in {400, 422}, name
        assert not links_to(blind.page(f"{base}?q={mark}"), model, key), name
        columns = blind.page(f"{base}?columns={name}&sort={name}&size=100")
        assert mark not in columns.text, name
        assert f"sort=-{name}" not in columns.text, name


@pytest.mark.parametrize("table", SERVED)
def test_the_api_is_not_asked_by_it(world: World, blind: Caller, table: str) -> None:
    model = MARKED[table]
    key = a_row(world, model)
    shown = blind.rest("GET", f"{table}/{key}").json
    for name in set(blind.grants[table].hide) & set(model.resource.api.show):
        assert name not in shown, name
        asked = blind.rest("GET", f"{table}?{name}=1")
        if name in WORDS:  # means something else in an address: it narrows nothing down
            assert asked.json["data"] == blind.rest("GET", table).json["data"], name
        else:
            assert asked.status_code == 400, name
        assert blind.rest("GET", f"{table}?sort={name}").status_code == 422, name
    for name in set(blind.grants[table].hide) & set(model.resource.api.write):
        answer = blind.rest("PATCH", f"{table}/{key}", json={name: "x"})
        if Can.EDIT in blind.grants[table].can:
            assert answer.status_code == 400, name
            assert [one["field"] for one in answer.json["errors"]] == [name]


@pytest.mark.parametrize("table", MANAGED)
def test_a_form_refuses_it_by_name(world: World, blind: Caller, table: str) -> None:
    model = MARKED[table]
    key = a_row(world, model)
    with world.session() as maker:
        known = fields_of(maker.session, model)
    for name in set(blind.grants[table].hide) & set(model.resource.form) & set(known):
        answer = blind.page(f"/admin/{table}/edit/{key}", "POST", data={name: "zq9x", "version": "1"})
        assert answer.status_code == 422, name
        assert f"{name} cannot be changed here" in answer.text, name


def _audit(model: Any, key: Any, details: dict[str, Any]) -> dict[str, Any]:
    return {
        "action_type": "X_UPDATE", "action_details": details, "performed_by": "system",
        "actor_type": "system", "object_table": model.__tablename__, "object_id": key, "created_at": now(),
    }  # fmt: skip


def _change(ticket: int, changes: dict[str, Any]) -> dict[str, Any]:
    return {
        "ticket_id": ticket, "changed_by": "system", "changes": changes, "actor_type": "system",
        "source": "test", "created_at": now(),
    }  # fmt: skip


def test_every_table_that_can_be_granted_is_tried() -> None:
    assert {model.__tablename__ for model in models.load() if model.resource.allow} <= set(MARKED)
    assert all(key_of(model) for model in MARKED.values())
