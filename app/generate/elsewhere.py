"""Cells whose words stand elsewhere: actors by name, rows of any table as links, audited changes in words.

Which columns those are, the declaration says (`ui(…, actor=True)`, `row_of=`, `changes=`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import orjson
from sqlalchemy.orm import Session

from app.access import Actor, may
from app.core.declare import Can, Ui
from app.core.i18n import LazyString, Text, _
from app.core.shape import Changes
from app.fields import Field, FieldSet, Kind, fields_of
from app.fields.display import in_words
from app.generate.cells import page_address
from app.generate.names import TABLES, names_of_actors
from app.generate.parts import Cell, Show
from app.models import by_table

Drawing = Callable[[Any], Cell]
Known = Mapping[str, Field]
PLAIN = Ui(label="")
LONGEST = 80
"""Characters of one value of a change in a row of a list."""
LINE = " · "
"""What stands between the parts of a change in a row of a list."""


def drawings_elsewhere(
    session: Session, actor: Actor, fields: FieldSet, names: Sequence[str], rows: Sequence[Any]
) -> dict[str, Drawing]:
    """Return how such columns of these rows are drawn: one statement at most for all of them."""
    model = by_table(fields.table)
    facts = {name: _facts(model, name) for name in names}
    acts = [name for name, fact in facts.items() if fact.actor]
    people = names_of_actors(session, {getattr(row, name) for row in rows for name in acts})
    drawn: dict[str, Drawing] = {name: partial(_person, actor, people, name) for name in acts}
    for name, fact in facts.items():
        if fact.row_of:
            drawn[name] = partial(_row, actor, name, fact.row_of)
        elif fact.changes and name in fields:
            drawn[name] = partial(_change, session, fields[name], fact.changes)
    return drawn


def columns_beside(model: Any, names: Iterable[str]) -> set[str]:
    """Return the columns that must be read too, because they say which table others are of."""
    facts = [_facts(model, name) for name in names]
    named = {beside for fact in facts for beside in (fact.row_of, fact.changes and fact.changes.of) if beside}
    return named & {*model.__table__.c.keys()}


def is_named_elsewhere(model: Any, name: str) -> bool:
    """Tell whether a number is shown as the name of a row, so not set as numbers are."""
    return bool(_facts(model, name).row_of)


def _facts(model: Any, name: str) -> Ui:
    column = model.__table__.c.get(name)
    facts: Ui = column.info.get("ui", PLAIN) if column is not None else PLAIN
    return facts


def _person(actor: Actor, people: Mapping[str, Text], name: str, row: Any) -> Cell:
    """Return an actor by name, as a link where there is a page; who is gone keeps kind and number."""
    label: str = getattr(row, name)
    kind, _colon, number = label.partition(":")
    return Cell(kind=Show.LINK, text=people.get(label, label), url=_url(actor, KINDS.get(kind), number))


def _row(actor: Actor, name: str, beside: str, row: Any) -> Cell:
    table, number = getattr(row, beside), getattr(row, name)
    if number is None:
        return Cell()
    try:
        model = by_table(table)
    except KeyError:  # a table of an earlier version
        return Cell(text=f"{table} {number}")
    text = LazyString(lambda: f"{model.resource.title} {number}")
    return Cell(kind=Show.LINK, text=text, url=_url(actor, model, number))


def _url(actor: Actor, model: Any, number: Any) -> str | None:
    return page_address(model, number) if model and may(actor, Can.READ, model) else None


def _change(session: Session, field: Field, told: Changes, row: Any) -> Cell:
    """Return a change in one line: each value before and after, then what changed unnamed."""
    details = field.read(row)
    if not details:
        return Cell()
    fields = _fields(session, getattr(row, told.of, told.of))
    lines = _sides if told.by_field else _audited
    return Cell(kind=Show.LONG_TEXT, text=LazyString(lambda: LINE.join(lines(fields, details))))


def _sides(fields: Known, kept: Mapping[str, Any]) -> Iterator[str]:
    for name, values in kept.items():
        yield _line(fields, name, [values.get("old"), values.get("new")])


def _audited(fields: Known, details: Mapping[str, Any]) -> Iterator[str]:
    before, after = details.get("before", {}), details.get("after", {})
    for name in {**before, **after}:
        yield _line(fields, name, [side[name] for side in (before, after) if name in side])
    yield from besides(fields, details)


def _line(fields: Known, name: str, values: Iterable[Any]) -> str:
    field = fields.get(name)
    labels = {option.value: option.label for option in field.options} if field else {}
    said = [_cut(_words(labels.get(one, one) if isinstance(one, str) else one)) for one in values]
    return f"{field.label if field else name}: {' → '.join(said)}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def besides(fields: Known, details: Mapping[str, Any]) -> Iterator[str]:
    """Yield what an audited deed says besides values: columns that changed unnamed, and its own words."""
    told = {**details.get("before", {}), **details.get("after", {})}
    changed = (name for name in details.get("changed", ()) if name not in told)
    silent = [str(fields[name].label) for name in changed if name in fields]
    if silent and ("before" in details) == ("after" in details):  # of a new row everything is new
        yield str(_("Also changed: %(names)s", names=", ".join(silent)))
    for name in sorted(details.keys() - {"before", "after", "changed"}):
        yield f"{name}: {_words(details[name])}"


def _fields(session: Session, table: str) -> Known:
    try:
        return fields_of(session, by_table(table))
    except KeyError:  # a table of an earlier version
        return {}


def _words(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, bool):
        return in_words(Kind.BOOLEAN, value, {})
    if isinstance(value, str) and MOMENT.match(value):
        return in_words(Kind.DATETIME, dt.datetime.fromisoformat(value), {})
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return (
        str(value)
        if isinstance(value, str | LazyString)
        else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    )


MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+\d\d:\d\d$")
KINDS = {kind: by_table(table.name) for kind, (table, _column) in TABLES.items()}
