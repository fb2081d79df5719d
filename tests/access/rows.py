"""A row for any declared model, made of its columns: own, of the own team, of others, of nobody.

Rows are written below the write path, so that a new model is covered as soon as it is declared.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    UniqueConstraint,
    inspect,
)
from sqlalchemy import insert as insert_into
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.people import Employee
from app.models.teams import Team

LONGEST = 10
"""Characters a mark has at most."""
KINDS = ("own", "own team", "others", "nobody", "shared", "internal")
"""Whose a row can be, seen by one employee."""


@dataclass
class Maker:
    """Makes rows in one session. Every text it writes is a mark that is found again: `zq17x`."""

    session: Session
    marks: dict[tuple[str, Any], dict[str, str]] = field(default_factory=dict)
    """The marks of a row, by column, by its table and key."""
    numbers: Any = field(default_factory=lambda: itertools.count(1000))

    def row(self, model: Any, kind: str, person: Any) -> Any:
        """Return the key of a row of `model` that is of this kind to `person`, None where none can be."""
        rows, key = model.resource.rows, key_of(model)
        if not _applies(model, kind):
            return None
        owner = {"own": lambda: person.id, "nobody": lambda: None}.get(kind, self.employee)
        team = {"own team": lambda: person.team, "nobody": lambda: None}.get(kind, self.team)
        for path, value in ((rows.owner, owner), (rows.team, team)):
            if path == key:
                return value()
        paths = {path: value() for path, value in ((rows.owner, owner), (rows.team, team)) if path}
        paths |= {rows.shared: True} if kind == "shared" else {}
        paths |= {rows.internal: True} if kind == "internal" else {}
        return self.build(model, paths)[key]

    def build(self, model: Any, paths: dict[str, Any]) -> dict[str, Any]:
        """Make a row whose dotted paths lead to the given values, with the rows on the way."""
        values: dict[str, Any] = {}
        beyond: dict[str, dict[str, Any]] = {}
        for path, value in paths.items():
            first, _, rest = path.partition(".")
            if rest:
                beyond.setdefault(first, {})[rest] = value
            else:
                values[first] = value
        for name, inner in beyond.items():
            relation = inspect(model).relationships[name]
            parent = self.build(relation.mapper.class_, inner)
            values[next(iter(relation.local_columns)).key] = next(iter(parent.values()))
        return self.insert(model.__table__, values)

    def insert(self, table: Table, given: dict[str, Any] | None = None) -> dict[str, Any]:
        """Insert one row and return its key by name."""
        marks: dict[str, str] = {}
        values = {
            column.name: value
            for column in table.columns
            if (value := self._value(column, given or {}, marks)) is not None
        }
        key = next(iter(table.primary_key))
        statement = insert_into(table).values(values).returning(key)
        made = self.session.connection().execute(statement).scalar_one()
        self.marks[table.name, made] = marks
        return {key.name: made}

    def employee(self) -> int:
        """Return the key of somebody else."""
        return int(self.insert(Employee.__table__)["id"])

    def team(self) -> int:
        """Return the key of a team nobody we know is in."""
        return int(self.insert(Team.__table__)["id"])

    def _value(self, column: Column[Any], given: dict[str, Any], marks: dict[str, str]) -> Any:
        if column.name in given:
            return given[column.name]
        if column.computed is not None or column.identity is not None:
            return None
        if column.foreign_keys:
            return None if column.nullable and not _is_alone(column) else self._parent(column)
        if column.primary_key or isinstance(column.type, Enum):
            return _first(column)
        if _holds_a_mark(column):
            return self._mark(column, marks)
        has_default = column.nullable or column.default is not None or column.server_default is not None
        return None if has_default else _plain(column)

    def _parent(self, column: Column[Any]) -> Any:
        parent = next(iter(column.foreign_keys)).column
        return self.insert(parent.table)[parent.name]

    def _mark(self, column: Column[Any], marks: dict[str, str]) -> Any:
        mark = marks[column.name] = f"zq{next(self.numbers)}x"
        return [mark] if isinstance(column.type, JSONB) else mark


def key_of(model: Any) -> str:
    """Return the name of the key of a model."""
    return str(inspect(model).primary_key[0].name)


def _applies(model: Any, kind: str) -> bool:
    rows = model.resource.rows
    paths = [path for path in (rows.owner, rows.team) if path]
    return {
        "own": bool(rows.owner),
        "own team": bool(rows.team),
        "others": True,
        "nobody": bool(paths) and all(_may_be_empty(model, path) for path in paths),
        "shared": bool(rows.shared),
        "internal": bool(rows.internal),
    }[kind]


def _may_be_empty(model: Any, path: str) -> bool:
    first, _, rest = path.partition(".")
    if rest:
        return _may_be_empty(inspect(model).relationships[first].mapper.class_, rest)
    column = model.__table__.columns[first]
    return bool(column.nullable)


def _holds_a_mark(column: Column[Any]) -> bool:
    facts = column.info.get("ui")
    if isinstance(column.type, String):
        return (column.type.length or LONGEST) >= LONGEST
    return facts is not None and bool(facts.tags or facts.options)


def _is_alone(column: Column[Any]) -> bool:
    """Tell whether no two rows share a value of the column, nothing included."""
    alone = (one for one in column.table.constraints if isinstance(one, UniqueConstraint))
    return any([*one.columns] == [column] for one in alone)


def _first(column: Column[Any]) -> Any:
    if not isinstance(column.type, Enum) or column.nullable or column.default is not None:
        return None
    return next(iter(column.type.enum_class or column.type.enums))


def _plain(column: Column[Any]) -> Any:
    kinds: tuple[tuple[type[Any], Any], ...] = (
        (Boolean, False),
        (String, ""), (Integer, 5), (Date, now().date()), (Numeric, 5), (DateTime, now()),
        (LargeBinary, b"x"),
        (JSONB, {"a": {"old": None, "new": 1}}),
    )  # fmt: skip
    return next(value for kind, value in kinds if isinstance(column.type, kind))
