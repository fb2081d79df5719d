"""How a file is to be read: which column is which field, and by what a row is found that is there already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, hidden, is_hidden
from app.fields import Audience, FieldSet, fields_of
from app.generate.bulk.deeds import unique_columns
from app.services.exchange import Plan
from app.services.exchange.load import ID, VERSION


def plan_of(
    session: Session,
    actor: Actor,
    model: Any,
    mapping: Mapping[str, str],
    *,
    key: str | None = None,
    zone: dt.tzinfo = dt.UTC,
) -> Plan:
    """Return the plan by which `actor` imports; what they may not write is left out of the mapping."""
    every, fields = fields_of(session, model), importable(session, actor, model)
    known = {ID, *fields, *((VERSION,) if VERSION in every else ())}
    kept = {column: name for column, name in mapping.items() if name in known}
    by = key if key in keys_of(fields, model) and key in kept.values() else None
    return Plan(model=model, fields=fields, every=every, mapping=kept, key=by, zone=zone)


def importable(session: Session, actor: Actor, model: Any) -> FieldSet:
    """Return the fields an import may write: those of the form, when adding and when editing."""
    fields, resource, hide = fields_of(session, model), model.resource, hidden(actor, model)
    named = fields.pick(tuple(dict.fromkeys((*(resource.create or ()), *resource.form))))
    editable = (name for name in named if named[name].editable_by(Audience.AGENT))
    return fields.pick(tuple(name for name in editable if not is_hidden(hide, name)))


def keys_of(fields: FieldSet, model: Any) -> tuple[str, ...]:
    """Return by what rows can be found: their number, and every field that is unique."""
    return (ID, *(name for name in unique_columns(model) if name in fields))


def guess(columns: Iterable[str], fields: FieldSet, every: FieldSet) -> dict[str, str]:
    """Return which of `fields`, `id` or `version` each column seems to be, by name or by label.

    A field is taken once. `every` holds the labels of all.
    """
    named: dict[str, str] = {}
    for name in (ID, VERSION, *fields):
        words = (name, every[name].key, str(every[name].label)) if name in every else (name,)
        for word in words:
            named.setdefault(_folded(word), name)
    found: dict[str, str] = {}
    for column in columns:
        name = named.get(_folded(column)) or named.get(_folded(_in_brackets(column)))
        if name and name not in found.values():
            found[column] = name
    return found


def _in_brackets(column: str) -> str:
    """Return the name that an export adds to a label which two columns bear: `Name (custom_fields.name)`."""
    return column.rpartition("(")[2].rstrip(")") if column.endswith(")") else column


def _folded(word: str) -> str:
    return " ".join(word.casefold().replace("_", " ").split())
