"""Names: of everybody a ticket's page mentions, and of those who may be given the ticket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.access import Actor, per_actor, visible
from app.models.customers import Customer
from app.models.keys import ApiKey
from app.models.people import Employee
from app.models.teams import Team

MOST = 200
"""Employees offered at most; on a larger desk the rest are found by the ticket's own form."""


@dataclass(frozen=True)
class People:
    """Names by label (`employee:3`, `customer:7`, `key:1`, `team:2`), and who takes work."""

    names: Mapping[str, str]
    employees: Mapping[int, str] = field(default_factory=dict)

    def name(self, kind: str, key: Any) -> str | None:
        """Return the name of one, None if there is none any more."""
        return self.names.get(f"{kind}:{key}")


def people(session: Session, actor: Actor, labels: Iterable[str]) -> People:
    """Return the names of `labels` and the employees who may be given a ticket: one statement."""
    rows = session.execute(_statement(actor), _numbers(labels)).all()
    offered = sorted((name.casefold(), key, name) for kind, key, name, takes in rows if takes)
    return People(
        names={f"{kind}:{key}": name for kind, key, name, _takes in rows},
        employees={key: name for _folded, key, name in offered},
    )


def _numbers(labels: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {"employee": [], "customer": [], "key": [], "team": []}
    for label in sorted(labels):
        kind, _mark, number = label.partition(":")
        if kind in found and number.isdecimal() and len(number) < 10:
            found[kind].append(int(number))
    return found


@per_actor
def _statement(actor: Actor) -> CompoundSelect[Any]:
    return union_all(
        _employees(actor),
        _named("customer", Customer, Customer.name),
        _named("key", ApiKey, ApiKey.description),
        _named("team", Team, Team.name),
    )


def _employees(actor: Actor) -> Select[Any]:
    """Return those a page mentions, and then those who take work, by name."""
    table, login = Employee.__table__, User.__table__
    takes, named = and_(login.c.active.is_(True), visible(actor, Employee)), _among(table.c.id, "employee")
    columns = select(literal("employee"), cast(table.c.id, BigInteger), table.c.name, takes.label("takes"))
    found = columns.join(login, login.c.id == table.c.id).where(or_(takes, named))
    return found.order_by(named.desc(), table.c.name).limit(MOST).subquery().select()


def _named(kind: str, model: Any, name: Any) -> Select[Any]:
    named = select(literal(kind), cast(model.id, BigInteger), func.coalesce(name, ""), false())
    return named.where(_among(model.id, kind))


def _among(key: Any, kind: str) -> ColumnElement[bool]:
    among: ColumnElement[bool] = key.in_(bindparam(kind, expanding=True))
    return among
