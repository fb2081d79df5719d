"""Cells whose words stand elsewhere: actors by name, rows of any table as links, audited changes in words.

Which columns those are, the declaration says (`ui(…, actor=True)`, `row_of=`, `change_of=`).
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
from app.fields import Audience, Field, Kind, fields_of
from app.fields.display import in_words
from app.generate.cells import page_address
from app.generate.names import TABLES, names_of_actors
from app.generate.parts import Cell, Show
from app.models import by_table
from app.services.seen import discreet

Drawing = Callable[[Any], Cell]
PLAIN = Ui(label="")
LINES, LINE = "\n", " · "
"""What stands between the parts of a change where there is room, and in a row of a list."""


def drawings_elsewhere(
    session: Session, actor: Actor, model: Any, names: Sequence[str], rows: Sequence[Any], joint: str = LINE
) -> dict[str, Drawing]:
    """Return how such columns of these rows are drawn: one statement at most for all of them."""
    facts = {name: _facts(model, name) for name in names}
    acts = [name for name, fact in facts.items() if fact.actor]
    people = names_of_actors(session, {getattr(row, name) for row in rows for name in acts})
    drawn: dict[str, Drawing] = {name: partial(_person, actor, people, name) for name in acts}
    for name, fact in facts.items():
        if fact.row_of:
            drawn[name] = partial(_row, actor, name, fact.row_of)
        elif fact.change_of:
            drawn[name] = partial(_change, joint, _told(session, actor, model, name), fact.change_of)
    return drawn


def columns_beside(model: Any, names: Iterable[str]) -> set[str]:
    """Return the columns that must be read too, because they say which table others are of."""
    facts = [_facts(model, name) for name in names]
    return {beside for fact in facts for beside in (fact.row_of, fact.change_of) if beside}


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


def _told(session: Session, actor: Actor, model: Any, name: str) -> Field:
    """Return the field of a column, which leaves out what the actor must not be told."""
    return discreet(session, actor, Audience.AGENT, fields_of(session, model).pick((name,)))[name]


def _change(joint: str, field: Field, beside: str, row: Any) -> Cell:
    """Return a change as a person reads it: each value before and after, then what changed unnamed."""
    details, labels = field.read(row), _labels(getattr(row, beside))
    if not details:
        return Cell()
    return Cell(kind=Show.LONG_TEXT, text=LazyString(lambda: joint.join(_lines(labels, details))))


def _lines(labels: Mapping[str, Text], details: Mapping[str, Any]) -> Iterator[str]:
    before, after = details.get("before", {}), details.get("after", {})
    told = {**before, **after}
    for name in told:
        values = [_words(side[name]) for side in (before, after) if name in side]
        yield f"{labels.get(name, name)}: {' → '.join(values)}"
    silent = [str(labels[name]) for name in details.get("changed", ()) if name in labels.keys() - told]
    if silent and ("before" in details) == ("after" in details):  # of a new row everything is new
        yield str(_("Also changed: %(names)s", names=", ".join(silent)))
    for name in sorted(details.keys() - {"before", "after", "changed"}):
        yield f"{name}: {_words(details[name])}"


def _labels(table: str) -> dict[str, Text]:
    try:
        columns = by_table(table).__table__.c
    except KeyError:
        return {}
    return {column.key: column.info["ui"].label for column in columns if "ui" in column.info}


def _words(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, bool):
        return in_words(Kind.BOOLEAN, value, {})
    if isinstance(value, str) and MOMENT.match(value):
        return in_words(Kind.DATETIME, dt.datetime.fromisoformat(value), {})
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+\d\d:\d\d$")
KINDS = {kind: by_table(table.name) for kind, (table, _column) in TABLES.items()}
