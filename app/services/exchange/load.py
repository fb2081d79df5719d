"""Lines of a file become rows: parsed as a form is, written by their service, each kept or refused alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import services
from app.access import Actor, require, visible
from app.core.declare import Can
from app.core.errors import Invalid, NotFound, Problem
from app.core.i18n import _
from app.fields import FieldSet, Purpose, columns_of
from app.fields.refusal import Refused
from app.record import flush
from app.services.asking import demand, fill
from app.services.bulk import Failure, failures_of
from app.services.exchange.cells import read_cell, row_values

ID, VERSION = "id", "version"
"""Columns that say which row is meant, and which version of it was seen."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How the columns of a file are to be read.

    mapping  column of the file → field, `id` or `version`; columns that are not in it are left out
    key      the field by which a row is found that is there already: `id` or a unique one; None only adds
    every    all fields of the thing, which know how a key is read
    """

    model: Any
    fields: FieldSet
    every: FieldSet
    mapping: Mapping[str, str]
    key: str | None = None
    zone: dt.tzinfo = dt.UTC


@dataclass(kw_only=True)
class Loaded:
    """What came of some lines."""

    done: int = 0
    failures: list[Failure] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Line:
    number: int
    raw: Mapping[str, Any]
    given: Mapping[str, Any]
    key: Any
    version: int | None

    @property
    def label(self) -> str:
        """Return what the line is called among those that failed."""
        return next((str(value) for value in self.raw.values() if str(value).strip()), "")[:200]


def load(
    session: Session, actor: Actor, plan: Plan, lines: Sequence[tuple[int, Mapping[str, Any]]]
) -> Loaded:
    """Write some lines: those whose key names a row change it, the others add one. Commits nothing."""
    loaded = Loaded()
    read = list(_read(plan, lines, loaded))
    known = _known(session, actor, plan, [line.key for line in read if line.key is not None])
    if not _add_together(session, actor, plan, read, known, loaded):
        for line in read:
            _one(session, actor, plan, line, known, loaded)
    return loaded


def _read(plan: Plan, lines: Iterable[tuple[int, Mapping[str, Any]]], loaded: Loaded) -> Iterable[_Line]:
    for number, raw in lines:
        given = {plan.mapping[column]: value for column, value in raw.items() if column in plan.mapping}
        try:
            if "" in raw:
                raise Invalid.one("", "too_many", _("This line has more cells than the header has names."))
            key = _typed(plan, plan.key, given) if plan.key else None
            version = _typed(plan, VERSION, given)
        except Problem as problem:
            loaded.failures += failures_of(problem, number, str(next(iter(raw.values()), ""))[:200], raw)
            continue
        values = {name: value for name, value in given.items() if name in plan.fields}
        yield _Line(number=number, raw=raw, given=values, key=key, version=version)


def _typed(plan: Plan, name: str, given: Mapping[str, Any]) -> Any:
    if name not in given or name not in plan.every:
        return None
    found = plan.every[name]
    try:
        return found.parse(read_cell(found, given[name]), plan.zone)
    except Refused as refused:
        raise Invalid((refused.at(name),)) from refused


def _known(session: Session, actor: Actor, plan: Plan, keys: list[Any]) -> dict[Any, Any]:
    """Return the rows there are by their keys, in one statement; only those the actor may see."""
    if not keys or plan.key is None:
        return {}
    column = getattr(plan.model, plan.key)
    rows = session.scalars(select(plan.model).where(column.in_(keys), visible(actor, plan.model)))
    return {getattr(row, plan.key): row for row in rows}


def _add_together(
    session: Session, actor: Actor, plan: Plan, lines: list[_Line], known: Mapping[Any, Any], loaded: Loaded
) -> bool:
    """Add all lines by one flush where a plain save is enough and all are new; tell whether it went well."""
    keys = [line.key for line in lines if line.key is not None]
    if services.of(plan.model) or known or plan.key == ID or len(set(keys)) < len(keys):
        return False
    try:
        with session.begin_nested():
            require(actor, Can.ADD, plan.model)
            for line in lines:
                row = plan.model()
                fill(session, row, _values(plan, line, Purpose.CREATE))
                demand(session, row)
                session.add(row)
            flush(session)
    except Problem:
        return False
    loaded.done += len(lines)
    return True


def _one(
    session: Session, actor: Actor, plan: Plan, line: _Line, known: dict[Any, Any], loaded: Loaded
) -> None:
    try:
        with session.begin_nested():
            row = _write(session, actor, plan, line, known)
    except Problem as problem:
        loaded.failures += failures_of(problem, line.number, line.label, line.raw)
        return
    loaded.done += 1
    if line.key is not None:
        known[line.key] = row


def _write(session: Session, actor: Actor, plan: Plan, line: _Line, known: Mapping[Any, Any]) -> Any:
    row = known.get(line.key) if line.key is not None else None
    if row is not None:
        return services.edit(session, actor, row, _values(plan, line, Purpose.PATCH), line.version)
    if plan.key == ID and line.key is not None:
        raise NotFound
    return services.add(session, actor, plan.model, _values(plan, line, Purpose.CREATE))


def _values(plan: Plan, line: _Line, purpose: Purpose) -> dict[str, Any]:
    return columns_of(plan.fields, row_values(plan.fields, line.given, purpose, plan.zone))
