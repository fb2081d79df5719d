"""What may be done to many rows, and doing it to the next of them: the same for a request and for a job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import UniqueConstraint, inspect
from sqlalchemy.orm import Session

from app.access import Actor, may
from app.core.declare import Can
from app.core.errors import NotFound
from app.fields import Audience, FieldSet, Kind, Purpose, check, columns_of
from app.generate import forms
from app.generate.bulk.selection import Selection, rows_of
from app.services import bulk

SINGLE = frozenset({Kind.LONG_TEXT, Kind.JSON})
"""Kinds whose values tell of one row; nobody wants the same in many."""

TOGETHER = 25
"""Rows done at one go where their service can: a set takes some hundredths of a second."""

Rows = dict[int, Any]
"""Rows by their numbers; None stands for one that is gone."""

Pace = Callable[[Iterable[Rows]], Iterator[Rows]]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of some rows: how many, the number of the last, what failed, whether there are more."""

    done: int
    last: int
    failures: list[bulk.Failure]
    more: bool


def verbs_of(actor: Actor, model: Any, fields: FieldSet) -> tuple[str, ...]:
    """Return the deeds the actor may do to some rows of `model` at least."""
    resource = model.resource
    found: tuple[str, ...] = ()
    if may(actor, Can.EDIT, model):
        found = (bulk.EDIT,) if offered(actor, model, fields) else ()
        found += tuple(v for v in resource.actions if v not in resource.single and v not in resource.asks)
    return found + ((bulk.DELETE,) if may(actor, Can.DELETE, model) else ())


def offered(actor: Actor, model: Any, fields: FieldSet) -> FieldSet:
    """Return the fields of the form that can be the same in many rows: no names, texts, or unique values."""
    single = {model.resource.label or model.resource.columns[0], *unique_columns(model)}
    names = forms.names_of(actor, model, fields, model)
    return fields.pick(tuple(n for n in names if n not in single and fields[n].kind not in SINGLE))


def unique_columns(model: Any) -> tuple[str, ...]:
    """Return the columns whose value no two rows share."""
    table = inspect(model).local_table
    alone = (
        one.columns
        for one in table.constraints
        if isinstance(one, UniqueConstraint) and len(one.columns) == 1
    )
    return tuple(column.key for columns in alone for column in columns)


def deed_of(
    actor: Actor, model: Any, fields: FieldSet, verb: str, typed: Mapping[str, Any], zone: dt.tzinfo
) -> bulk.Deed:
    """Return the deed `verb` with what was `typed`, by field. Raises NotFound, Invalid."""
    if verb not in verbs_of(actor, model, fields):
        raise NotFound
    if verb != bulk.EDIT:
        return bulk.Deed(verb)
    checked = check(offered(actor, model, fields), typed, Audience.AGENT, Purpose.PATCH, zone)
    return bulk.Deed(verb, columns_of(fields, checked))


def do_next(  # noqa: PLR0913  one step of a loop, with all it stands on
    session: Session,
    actor: Actor,
    model: Any,
    selection: Selection,
    deed: bulk.Doing,
    *,
    after: int,
    most: int,
    pace: Pace = iter,
) -> Done:
    """Do the deed to the next rows after the number `after`, `most` at most and while `pace` goes on."""
    meant = _next(session, actor, model, selection, after, most)
    failures: list[bulk.Failure] = []
    done, last = 0, after
    for some in pace(_sets(model, deed, meant)):
        refused = _do(session, actor, some, deed, selection)
        failures += refused
        done, last = done + len(some) - len({one.position for one in refused}), next(reversed(some))
    return Done(done, last, failures, more=len(meant) == most or last != next(reversed(meant), after))


def _sets(model: Any, deed: bulk.Doing, meant: Rows) -> Iterator[Rows]:
    """Yield the rows as they are done: in sets where their service can, else one by one."""
    rows, size = iter(meant.items()), TOGETHER if deed.together(model) else 1
    while some := dict(islice(rows, size)):
        yield some


def _do(
    session: Session, actor: Actor, some: Rows, deed: bulk.Doing, selection: Selection
) -> list[bulk.Failure]:
    rows = [row for row in some.values() if row is not None]
    failures = bulk.absent(number for number, row in some.items() if row is None)
    if not rows or bulk.attempt_all(session, actor, rows, deed, map(selection.version, rows)):
        return failures
    for row in rows:
        failures += bulk.attempt(session, actor, row, deed, selection.version(row))
    return failures


def _next(session: Session, actor: Actor, model: Any, selection: Selection, after: int, most: int) -> Rows:
    """Return the next rows by number; those that were ticked and are gone stand there as None."""
    statement = rows_of(session, actor, model, selection).where(model.id > after)
    if not selection.is_ticked:
        return {row.id: row for row in session.scalars(statement.limit(most))}
    numbers = [number for number in selection.ids if number > after][:most]
    found = {row.id: row for row in session.scalars(statement.where(model.id.in_(numbers)))}
    return {number: found.get(number) for number in numbers}
