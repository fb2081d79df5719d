"""Verbs of the desk. Each takes a session and an actor, changes rows and flushes; it never commits.

`of(model)` gives the service a declaration names, or the plain save, so that every surface writes
by the same way: `services.add(session, actor, Team, values)`.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.declare import Ask, Can
from app.core.errors import Invalid, each
from app.core.figures import Figures
from app.core.i18n import LazyString, Text, _
from app.record import expect
from app.services import plain, reach


def of(model: Any) -> ModuleType | None:
    """Return the service module a class declares, or None where a plain save is enough."""
    name = model.resource.service
    return importlib.import_module(f"{__name__}.{name}") if name else None


def add(session: Session, actor: Actor, model: Any, values: dict[str, Any]) -> Any:
    """Add a row of `model` with typed `values`. Raises Invalid, NotFound, Forbidden, Conflict."""
    return add_all(session, actor, model, [values])[0]


def add_all(session: Session, actor: Actor, model: Any, many: Sequence[dict[str, Any]]) -> list[Any]:
    """Add rows together, all or none, as `add` would one after the other.

    Few statements where the service has an `add_all`. What is raised says `at` which row it arose, if that
    is known before the database refuses it.
    """
    require(actor, Can.ADD, model)
    each(many, lambda values: reach.check_values(session, actor, model, values))
    rows = _added(session, actor, model, many)
    each(rows, lambda row: reach.check_row(actor, Can.ADD, row))
    return rows


def edit(
    session: Session, actor: Actor, row: Any, values: dict[str, Any], expected: int | None = None
) -> Any:
    """Change `row`; `expected` is the version the actor saw. Raises Stale besides."""
    require(actor, Can.EDIT, row)
    reach.check_values(session, actor, type(row), values, row)
    service = of(type(row)) or plain
    edited = service.edit(session, actor, row, values, expected)
    reach.check_row(actor, Can.EDIT, row)
    return edited


def delete(session: Session, actor: Actor, row: Any, expected: int | None = None) -> None:
    """Delete `row`."""
    service = of(type(row)) or plain
    service.delete(session, actor, row, expected)


def offered(row: Any) -> tuple[str, ...]:
    """Return the declared actions that make sense for `row` as it stands: all, unless its service says."""
    says = getattr(of(type(row)), "offered", None)
    found: tuple[str, ...] = says(row) if says else row.resource.actions
    return found


def offers(name: str) -> tuple[tuple[str, Text], ...]:
    """Return values and labels a form offers for a list: `webhooks.choices` is a function of that module."""
    found: tuple[tuple[str, Text], ...] = function(name)()
    return found


def function(name: str) -> Any:
    """Return the function of a service that a declaration names. Raises ImportError, AttributeError."""
    module, _dot, word = name.partition(".")
    return getattr(importlib.import_module(f"{__name__}.{module}"), word)


def figures(session: Session, row: Any) -> Figures | None:
    """Return what the service of `row` counts of it for its page, or None."""
    says = getattr(of(type(row)), "figures", None)
    found: Figures | None = says(session, row) if says else None
    return found


def state_of(model: Any) -> tuple[str, ...]:
    """Return the columns that `offered` reads, which its service names: a list loads them with its rows."""
    found: tuple[str, ...] = getattr(of(model), "STATE", ())
    return found


def act(
    session: Session, actor: Actor, row: Any, verb: str, expected: int | None = None, answer: str = ""
) -> Any:
    """Do one of the verbs a declaration offers beside a row: `act(session, actor, archive, "restore")`.

    `answer` is what was chosen where the verb asks for something. Raises Invalid, Conflict, Stale, NotFound.
    """
    service = of(type(row))
    if service is None or verb not in row.resource.actions:
        raise LookupError(verb)
    expect(row, expected)
    ask = row.resource.asks.get(verb)
    if ask is None:
        return getattr(service, verb)(session, actor, row)
    return getattr(service, verb)(session, actor, row, _chosen(answers(session, actor, row, ask), answer))


def together(model: Any, verb: str) -> Any:
    """Return the function `<verb>_all` by which a service does a declared action to many rows, or None.

    It takes session, actor and rows, and does it to all or to none, raising what one of them refuses.
    """
    return getattr(of(model), f"{verb}_all", None) if verb in model.resource.actions else None


def answers(session: Session, actor: Actor, row: Any, ask: Ask) -> list[tuple[str, Text]]:
    """Return what may be answered before a deed to `row`: values, and what they are called."""
    if ask.offers:
        offered_now: list[tuple[str, Text]] = function(ask.offers)(session, actor, row)
        return offered_now
    return [(choice, choice.label) for choice in ask.choices or ()]


def consequences(session: Session, row: Any, verb: str) -> tuple[Text, ...]:
    """Return what a deed to `row` would do, as its service says it before somebody agrees."""
    says = getattr(of(type(row)), "consequences", None)
    return tuple(says(session, row, verb)) if says else ()


def _added(session: Session, actor: Actor, model: Any, many: Sequence[dict[str, Any]]) -> list[Any]:
    service = of(model)
    if service is None:
        return plain.add_all(session, actor, model, many)
    if len(many) > 1 and hasattr(service, "add_all"):
        rows: list[Any] = service.add_all(session, actor, many)
        return rows
    return each(many, lambda values: service.add(session, actor, values))


def _chosen(options: list[tuple[str, Text]], answer: str) -> str:
    """Return the option that `answer` is, the first if nothing was said."""
    chosen = next((value for value, _label in options if value == answer), None if answer else options[0][0])
    if chosen is None:
        names = LazyString(lambda: ", ".join(str(label) for _value, label in options))
        raise Invalid.one("answer", "not_an_option", _("Choose one of these: %(options)s.", options=names))
    return chosen
