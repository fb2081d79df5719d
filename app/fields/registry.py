"""The one registry of what a resource has: `fields_of(session, Model)`.

Every process keeps the fields in memory for as long as the version of the definitions holds (version.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.fields.columns import column_fields
from app.fields.definitions import Row, with_definitions
from app.fields.field import Option
from app.fields.fieldset import FieldSet
from app.fields.live import Lists, live_options
from app.fields.version import known_version
from app.models.fields import FieldDefinition


def fields_of(session: Session, model: type[Any], version: int | None = None) -> FieldSet:
    """Return the fields of `model`: its columns and the live definitions of its table.

    Without `version` the one that the session goes by counts.
    """
    return _definitions(session, known_version(session) if version is None else version).of(model)


def fields_with(session: Session, model: type[Any], row: Row | None, without: str = "") -> FieldSet:
    """Return the fields of `model` as they would be with the definition `row`, and without the one named."""
    table = model.__tablename__
    known = _definitions(session, known_version(session)).rows.get(table, ())
    others = [one for one in known if one["field_name"] not in (without, row["field_name"] if row else "")]
    return FieldSet(table, 0, with_definitions(column_fields(model), [*others, *([row] if row else [])]))


def options_of(session: Session, name: str) -> tuple[Option, ...]:
    """Return a list of `app.fields.live` as it is now."""
    return _definitions(session, known_version(session)).lists[name]


@dataclass(frozen=True)
class _Definitions:
    """The definitions as of one version, and the sets made of them so far."""

    version: int
    rows: Mapping[str, tuple[Row, ...]]
    lists: Lists
    sets: dict[type[Any], FieldSet]

    def of(self, model: type[Any]) -> FieldSet:
        if model not in self.sets:
            table = model.__tablename__
            fields = with_definitions(column_fields(model, self.lists), self.rows.get(table, ()))
            self.sets[model] = FieldSet(table, self.version, fields)
        return self.sets[model]


_latest: list[_Definitions] = []
"""The newest definitions read by this process: none or one. Who still reads older ones keeps them."""


def _definitions(session: Session, version: int) -> _Definitions:
    known = next(iter(_latest), None)
    if known is None or known.version != version:
        known = _read(session, version)
        _latest[:] = [known]
    return known


def _read(session: Session, version: int) -> _Definitions:
    rows: dict[str, tuple[Row, ...]] = {}
    table = FieldDefinition.__table__
    for row in session.execute(select(table).order_by(table.c.position, table.c.id)).mappings():
        rows[row["applies_to"]] = (*rows.get(row["applies_to"], ()), dict(row))
    return _Definitions(version, rows, live_options(session), {})
