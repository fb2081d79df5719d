"""What a service refuses arrives on every surface as that surface's answer, and nothing is half saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core.errors import Conflict, Invalid, Problem, Stale
from app.core.extensions import db
from app.models.routing import Decision
from app.models.tickets import Ticket
from tests.refusals.conftest import Desk, half
from tests.refusals.deeds import Deed, deeds

SAID = "Refused by the service."
STALE, CHANGED = "omebody else changed this", "saved changes while you were editing"
PROBLEMS: dict[str, Callable[[], Problem]] = {
    "invalid": lambda: Invalid.one("no_such_field", "taken", SAID),
    "conflict": lambda: Conflict(SAID),
    "stale": lambda: Stale(current=7),
}
STATUS = {
    "screen": {"invalid": 422, "conflict": 409, "stale": 409},
    "inbox": {"invalid": 422, "conflict": 409, "stale": 409},
    "portal": {"invalid": 422, "conflict": 409, "stale": 409},
    "api": {"invalid": 422, "conflict": 409, "stale": 412},
    "console": {"invalid": 422, "conflict": 409, "stale": 409},  # asked again, about the row as it is now
    "import": {"invalid": 200, "conflict": 200, "stale": 200},  # the page of its job, beside the line
    "bulk": {"invalid": 200, "conflict": 200, "stale": 200},  # the list of rows that were left, with reasons
}
CASES = [(deed, error) for deed in deeds() for error in deed.errors]


@pytest.mark.parametrize(("deed", "error"), CASES, ids=[f"{deed.name}-{error}" for deed, error in CASES])
def test_a_refusal_arrives(desk: Desk, monkeypatch: pytest.MonkeyPatch, deed: Deed, error: str) -> None:
    calls: list[str] = []

    def refuse(*_arguments: Any, **_values: Any) -> None:
        calls.append(deed.verb)
        db.session.add(half())
        db.session.flush()
        problem = PROBLEMS[error]()
        raise problem

    monkeypatch.setattr(deed.module(), deed.verb, refuse)
    answer = deed.ask(desk)
    assert calls == [deed.verb], f"the service was not called once: {answer.status_code} {answer.text[-600:]}"
    assert answer.status_code == STATUS[deed.surface][error], answer.text[-600:]
    told(deed, error, answer)
    assert desk.half_saved() == 0


def told(deed: Deed, error: str, answer: Any) -> None:
    """The answer says why, in the form of its surface, and what was typed is still there."""
    if deed.surface == "api":
        assert answer.mimetype == "application/problem+json"
        assert answer.json["detail"]
        named = [one["field"] for one in answer.json["errors"]]
        assert named == (["no_such_field"] if error == "invalid" else [])
        assert answer.json.get("version") == (7 if error == "stale" else None)
        return
    words = (STALE, CHANGED) if error == "stale" else (SAID,)
    assert any(word in answer.text for word in words), answer.text[-600:]
    assert deed.typed in answer.text


def test_every_surface_of_every_resource_is_there() -> None:
    found = {(deed.surface, deed.verb) for deed, _error in CASES}
    assert {surface for surface, _verb in found} == set(STATUS)
    for surface in ("screen", "api"):
        assert {(surface, verb) for verb in ("add", "edit", "delete")} <= found
    assert len({deed.name for deed, _error in CASES}) > 80


def by_form(desk: Desk, ticket: dict[str, str]) -> None:
    desk.employee.post("/admin/tickets/add", data=ticket)


def by_api(desk: Desk, ticket: dict[str, str]) -> None:
    desk.api("POST", "tickets", json=ticket)


def by_guest(desk: Desk, ticket: dict[str, str]) -> None:
    desk.app.test_client().post("/portal/new", data=ticket)


def by_customer(desk: Desk, ticket: dict[str, str]) -> None:
    desk.customer.post("/portal/new", data=ticket)


def by_import(desk: Desk, ticket: dict[str, str]) -> None:
    names = {name: name for name in ticket}
    desk.load(Ticket, f"{','.join(ticket)}\n{','.join(ticket.values())}\n", names)


@pytest.mark.parametrize("write", [by_form, by_api, by_guest, by_customer, by_import])
def test_a_ticket_is_routed_once_wherever_it_is_written(desk: Desk, write: Callable[..., None]) -> None:
    title = f"Written {write.__name__}"
    write(desk, {"email": "once@example.com", "title": title, "description": "x"})
    with desk.app.app_context():
        made = db.session().scalars(select(Ticket.id).where(Ticket.title == title)).all()
        assert len(made) == 1
        decisions = select(func.count()).select_from(Decision).where(Decision.ticket_id == made[0])
        assert db.session().scalar(decisions) == 1
