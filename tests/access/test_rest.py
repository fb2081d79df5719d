"""Role × resource × whose row by REST, and what each scope of a key opens."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.declare import Can
from app.models.scopes import options
from tests.access.rows import key_of
from tests.access.surfaces import REST, Surface
from tests.access.table import ABSENT, CALLERS, TABLES, rows_for, wrongs
from tests.access.world import Caller, World, key_of_scopes

SERVED = {table: model for table, model in TABLES.items() if model.resource.api}
NAMED: dict[str, dict[str, Can]] = {
    "admin": dict.fromkeys(SERVED, Can.ALL),
    "create_tickets": {"tickets": Can.ADD},
    "update_tickets": {"tickets": Can.EDIT, "ticket_messages": Can.ADD},
    "read_tickets": {"tickets": Can.READ, "ticket_messages": Can.READ},
    "write_tickets": {"tickets": Can.CHANGE, "ticket_messages": Can.ADD},
    "manage_webhooks": {"webhooks": Can.ALL, "webhook_deliveries": Can.READ},
    "replay": {"webhook_deliveries": Can.READ | Can.EDIT},
    "archive": {"storage_archives": Can.READ | Can.EDIT},
    "read_notes": {},
}
"""What the scopes open that are named after a deed, or open more than their own table."""


def opened(scope: str) -> dict[str, Can]:
    """Return what a scope should open, by table."""
    word, _, table = scope.partition("_")
    return NAMED.get(scope, {table: Can.READ if word == "read" else Can.CHANGE})


def refused(model: Any, surface: Surface) -> int:
    """Return how a key hears that a scope is missing; of what it may do with its own rows there are none."""
    keys = model.resource.keys
    if keys is None or surface.can not in keys.can:
        return 403
    return 200 if surface.name == "REST list" else 404


@pytest.mark.parametrize("name", CALLERS)
@pytest.mark.parametrize("table", SERVED)
def test_who_gets_what(world: World, table: str, name: str) -> None:
    found = wrongs(world, SERVED[table], world.callers[name], REST)
    assert not found, "\n".join(found)


@pytest.fixture(scope="module")
def others(world: World) -> dict[str, dict[str, Any]]:
    """A row of each kind of every table that is served, of people a key knows nothing of."""
    caller = Caller("key", world.app.test_client())
    return {table: rows_for(world, model, caller) for table, model in SERVED.items()}


@pytest.mark.parametrize("scope", options())
def test_what_a_scope_opens(world: World, others: dict[str, dict[str, Any]], scope: str) -> None:
    caller, wide = key_of_scopes(world, scope), opened(scope)
    found = []
    for table, model in SERVED.items():
        for surface in REST:
            if not surface.applies(model):
                continue
            key = next(iter(others[table].values())) if surface.row else ABSENT
            answer = surface.ask(caller, model, key)
            got, want = surface.given(answer, model, key), surface.can in wide.get(table, Can.NOTHING)
            if got is not want or (not want and answer.status_code != refused(model, surface)):
                place = f"key {scope} · {surface.can.name} · {table} · {surface.name}"
                found.append(f"{place}: expected {want}, got {got} ({answer.status_code})")
    assert not found, "\n".join(found)


def test_notes_are_read_with_their_scope_only(world: World) -> None:
    model = SERVED["ticket_messages"]
    with world.session() as maker:
        note = maker.row(model, "internal", world.callers["admin"])
    bare, full = key_of_scopes(world, "read_tickets"), key_of_scopes(world, "read_tickets", "read_notes")
    for caller, status in ((bare, 404), (full, 200)):
        assert caller.rest("GET", f"ticket_messages/{note}").status_code == status
        listed = caller.rest("GET", f"ticket_messages?sort=-{key_of(model)}&limit=100").json["data"]
        assert (note in [one["id"] for one in listed]) is (status == 200)
