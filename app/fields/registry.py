"""The one registry of what a resource has: `fields_of(session, Model)`.

Every process keeps the fields in memory and asks one number, the revision of the definitions, to learn
whether they still hold. A request brings that number along with its actor, so it costs no statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ScalarSelect, Text, cast, func, literal_column, select
from sqlalchemy.orm import Session

from app.fields.columns import column_fields
from app.fields.definitions import Row, with_definitions
from app.fields.fieldset import FieldSet
from app.models.fields import FieldDefinition, revisions

REVISION = "schema_definitions"
"""The row of `revisions` that a trigger raises whenever a definition changes."""
_NUMBER = 2**32
_REMEMBERED = "frontdesk_definition_version"


def definition_version() -> ScalarSelect[int]:
    """Return the present version as SQL, to be read along with another statement.

    It joins the revision with the transaction that wrote it, so that what a rolled back transaction saw is
    never taken for what a later one committed under the same number.
    """
    writer = cast(cast(literal_column("revisions.xmin"), Text), BigInteger)
    number = select(cast(revisions.c.number, BigInteger) * _NUMBER + writer).where(
        revisions.c.name == REVISION
    )
    return select(func.coalesce(number.scalar_subquery(), 0)).scalar_subquery()


def remember_version(session: Session, version: int | None) -> None:
    """Let `fields_of` on this session take `version` as true instead of asking; None lets it ask again."""
    session.info[_REMEMBERED] = version


def fields_of(session: Session, model: type[Any], version: int | None = None) -> FieldSet:
    """Return the fields of `model`: its columns and the live definitions of its table.

    Without `version` the number remembered on the session counts, and without that it is asked (one row).
    """
    known = version if version is not None else session.info.get(_REMEMBERED)
    return _definitions(session, known if known is not None else _ask(session)).of(model)


def _ask(session: Session) -> int:
    with session.no_autoflush:
        return session.scalar(select(definition_version())) or 0


@dataclass(frozen=True)
class _Definitions:
    """The definitions as of one version, and the sets made of them so far."""

    version: int
    rows: Mapping[str, tuple[Row, ...]]
    sets: dict[type[Any], FieldSet]

    def of(self, model: type[Any]) -> FieldSet:
        if model not in self.sets:
            table = model.__tablename__
            self.sets[model] = FieldSet(
                table, self.version, with_definitions(column_fields(model), self.rows.get(table, ()))
            )
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
    return _Definitions(version, rows, {})
