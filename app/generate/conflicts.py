"""Two people changed one row: what only one of them changed is merged, the rest is asked, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.i18n import _
from app.fields import FieldSet, Refused
from app.generate import pages
from app.generate.cells import cell, page_address, title_of
from app.generate.forms import pairs, stored, zone
from app.generate.names import names_of_actors
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
    session: Session, row: Any, fields: FieldSet, typed: Mapping[str, Any]
) -> pages.ConflictPage:
    """Return the page that asks, for each field both changed, whose value stays."""
    base, theirs = _base(), stored(fields, row)
    mine = {name: typed[name] if typed.get(name) != base.get(name) else theirs[name] for name in typed}
    different = [name for name in mine if mine[name] != theirs[name] and theirs[name] != base.get(name)]
    who, when = _last_change(session, row)
    return pages.ConflictPage(
        title=title_of(row),
        differences=tuple(
            pages.Difference(
                field_name=name,
                label=fields[name].label,
                base=_cell(fields, name, base.get(name)),
                mine=_cell(fields, name, mine[name]),
                theirs=_cell(fields, name, theirs[name]),
            )
            for name in different
        ),
        action_url=request.path,
        cancel_url=page_address(type(row), row.id) or "/",
        version=row.version,
        changed_by=who,
        changed_at=when,
        hidden=(*_hidden(fields, mine), base_of(theirs)),
    )


def _base() -> dict[str, Any]:
    try:
        found = orjson.loads(request.form.get("base", "{}"))
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _hidden(fields: FieldSet, values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(pair for name, value in values.items() for pair in pairs(fields[name], value))


def _cell(fields: FieldSet, name: str, value: Any) -> Cell:
    try:
        return cell(fields[name], fields[name].parse(value, zone()))
    except Refused:
        return Cell(text=str(value))


def _last_change(session: Session, row: Any) -> tuple[Any, Any]:
    table = AuditLog.__table__.c
    statement = (
        select(table.performed_by, table.created_at)
        .where(table.object_table == row.__tablename__, table.object_id == row.id)
        .order_by(table.id.desc())
        .limit(1)
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        return _("Somebody"), now()
    return names_of_actors(session, [found[0]]).get(found[0], found[0]), found[1]
