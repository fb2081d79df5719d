"""Lines of a file become rows: parsed as a form is, written by their service, each kept or refused alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import services
from app.access import Actor, visible
from app.core import prepared
from app.core.errors import Invalid, NotFound, Problem
from app.core.i18n import _
from app.fields import FieldSet, Purpose, columns_of
from app.fields.refusal import Refused
from app.services.bulk import Failure, failures_of
from app.services.exchange.cells import read_cell, row_values

ID, VERSION = "id", "version"
"""Columns that say which row is meant, and which version of it was seen."""
TRIED = 500
"""Lines tried out before an import begins."""
TOLD = 50
"""Reasons that are told of a trial."""


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

    def refuse(self, line: _Line, problem: Problem) -> None:
        """Note why a line was left out."""
        self.failures += failures_of(problem, line.number, line.label, line.raw)


@dataclass(frozen=True, slots=True)
class Trial:
    """How an import would go: lines tried, those that can be imported, and why others cannot."""

    tried: int
    done: int
    failures: tuple[Failure, ...]


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


_Asked = tuple[_Line, dict[str, Any]]


def load(
    session: Session, actor: Actor, plan: Plan, lines: Sequence[tuple[int, Mapping[str, Any]]]
) -> Loaded:
    """Write some lines: those whose key names a row change it, the others add one. Commits nothing."""
    prepared.keep_plans(session)
    loaded = Loaded()
    read = list(_read(plan, lines, loaded))
    known = _known(session, actor, plan, [line.key for line in read if line.key is not None])
    for new, some in groupby(read, _newness(plan, known)):
        if new:
            _add(session, actor, plan, some, known, loaded)
        else:
            for line in some:
                _one(session, actor, plan, line, known, loaded)
    return loaded


def try_out(
    session: Session, actor: Actor, plan: Plan, lines: Iterable[tuple[int, Mapping[str, Any]]]
) -> Trial:
    """Write the first lines and return how it went; what the session holds, all of it, is taken back."""
    some = list(islice(lines, TRIED))
    came = load(session, actor, plan, some)
    session.rollback()
    return Trial(len(some), came.done, tuple(came.failures[:TOLD]))


def _read(plan: Plan, lines: Iterable[tuple[int, Mapping[str, Any]]], loaded: Loaded) -> Iterator[_Line]:
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


def _newness(plan: Plan, known: Mapping[Any, Any]) -> Callable[[_Line], bool]:
    """Return what tells of one line after the other whether it adds a row that no line before it names."""
    named = set(known)

    def is_new(line: _Line) -> bool:
        if line.key is None:
            return True
        before = plan.key == ID or line.key in named
        named.add(line.key)
        return not before

    return is_new


def _add(
    session: Session, actor: Actor, plan: Plan, lines: Iterable[_Line], known: dict[Any, Any], loaded: Loaded
) -> None:
    """Add lines together. Where one is refused, those before it, it alone, and those after it in turn."""
    asked = list(_asked(plan, lines, loaded))
    waiting = [asked] if asked else []
    while waiting:
        some = waiting.pop()
        try:
            with session.begin_nested():
                rows = services.add_all(session, actor, plan.model, [values for _line, values in some])
        except Problem as problem:
            if len(some) > 1:
                waiting += reversed(_parts(some, problem.at))
            else:
                loaded.refuse(some[0][0], problem)
        else:
            loaded.done += len(rows)
            known |= {line.key: row for (line, _values), row in zip(some, rows, strict=True)}


def _asked(plan: Plan, lines: Iterable[_Line], loaded: Loaded) -> Iterator[_Asked]:
    """Yield the lines that can be read as a new row, each with its values."""
    for line in lines:
        try:
            yield line, _values(plan, line, Purpose.CREATE)
        except Problem as problem:
            loaded.refuse(line, problem)


def _parts(lines: list[_Asked], at: int | None) -> list[list[_Asked]]:
    """Return lines of which one was refused, in parts: halves where it is not known."""
    if at is None:
        at = len(lines) // 2
        return [lines[:at], lines[at:]]
    return [part for part in (lines[:at], lines[at : at + 1], lines[at + 1 :]) if part]


def _one(
    session: Session, actor: Actor, plan: Plan, line: _Line, known: dict[Any, Any], loaded: Loaded
) -> None:
    try:
        with session.begin_nested():
            row = _write(session, actor, plan, line, known)
    except Problem as problem:
        loaded.refuse(line, problem)
        return
    loaded.done += 1
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
