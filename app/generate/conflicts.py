"""Two people changed one row: what only one of them changed is merged, the rest is asked, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson
from flask import request
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.access import Actor
from app.core.clock import now
from app.core.i18n import _
from app.fields import Field, FieldSet, Refused
from app.generate import pages
from app.generate.builder.say import titles_of
from app.generate.cells import named_cell, page_address, title_of
from app.generate.forms import pairs, references, stored, zone
from app.generate.names import names_of_actors
from app.generate.nested import Nested
from app.generate.nested.draw import sent_again
from app.generate.parts import Cell
from app.models.audit import AuditLog


def base_of(values: Mapping[str, Any]) -> tuple[str, str]:
    """Return the hidden field that remembers what a form was drawn from."""
    return "base", orjson.dumps(dict(values)).decode()


def chosen(form: Mapping[str, str], typed: dict[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed, with the other's value where the person chose `theirs`."""
    return {
        name: present[name] if form.get(f"choose.{name}") == "theirs" else value
        for name, value in typed.items()
    }


def conflict_page(
    session: Session, row: Any, fields: FieldSet, typed: Mapping[str, Any], nested: Nested
) -> pages.ConflictPage:
    """Return the page that asks, for each field both changed, whose value stays; of related rows too."""
    every = {**fields, **nested.fields()}
    base, theirs = base_in(request.form), stored(fields, row) | nested.stored()
    mine = {name: _mine(name, value, base, theirs) for name, value in {**typed, **nested.raw()}.items()}
    different = [name for name in mine if name in theirs and _is_open(name, mine, base, theirs)]
    draw = _drawing(session, nested.actor, every, (base, mine, theirs))
    who, when = _last_change(session, [row, *nested.stale()])
    return pages.ConflictPage(
        title=title_of(row),
        differences=(
            *(
                pages.Difference(
                    field_name=name,
                    label=every[name].label,
                    base=draw(every[name], base.get(name)),
                    mine=draw(every[name], mine[name]),
                    theirs=draw(every[name], theirs[name]),
                )
                for name in different
            ),
            *_removals(nested),
        ),
        action_url=request.path,
        cancel_url=page_address(type(row), row.id) or "/",
        version=row.version,
        changed_by=who,
        changed_at=when,
        hidden=(*_hidden(every, mine), *sent_again(nested), base_of(theirs)),
    )


def _mine(name: str, value: Any, base: Mapping[str, Any], theirs: Mapping[str, Any]) -> Any:
    """Return what the person wants: what they changed, else what is kept now."""
    return value if name not in theirs or value != base.get(name) else theirs[name]


def _is_open(name: str, mine: Mapping[str, Any], base: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Tell whether both changed a field, and not to the same."""
    return bool(mine[name] != theirs[name] and theirs[name] != base.get(name))


def _removals(nested: Nested) -> Iterator[pages.Difference]:
    """Yield the rows that one wants to remove and another changed."""
    for nest, line in nested.lines():
        if line.removed and line.row is not None and line.version != line.row.version:
            yield pages.Difference(
                field_name=f"{nest.path(line.key)}.remove",
                label=nest.title_of(line),
                base=Cell(text=_("Unchanged")),
                mine=Cell(text=_("Removed")),
                theirs=Cell(text=_("Changed")),
                keep="theirs",
            )


def base_in(form: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form that was sent was drawn from."""
    try:
        found = orjson.loads(form.get("base", "{}"))
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _hidden(fields: Mapping[str, Field], values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(pair for name, value in values.items() for pair in pairs(fields[name], value))


def _drawing(
    session: Session, actor: Actor, fields: Mapping[str, Field], values: Iterable[Mapping[str, Any]]
) -> Callable[[Field, Any], Cell]:
    """Return what draws a value as a form holds it, references by the names of their rows."""
    titles = titles_of(session, actor, {pair for one in values for pair in references(fields, one)})

    def draw(field: Field, value: Any) -> Cell:
        try:
            typed = field.parse(value, zone())
        except Refused:
            return Cell(text=str(value))
        return named_cell(field, typed, titles)

    return draw


def _last_change(session: Session, rows: Iterable[Any]) -> tuple[Any, Any]:
    """Return who changed one of the rows last, and when."""
    table = AuditLog.__table__.c
    changed = [(row.__tablename__, row.id) for row in rows]
    statement = (
        select(table.performed_by, table.created_at)
        .where(tuple_(table.object_table, table.object_id).in_(changed))
        .order_by(table.id.desc())
        .limit(1)
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        return _("Somebody"), now()
    return names_of_actors(session, [found[0]]).get(found[0], found[0]), found[1]
