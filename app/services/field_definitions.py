"""Field definitions: they rule forms, lists, API and portal at once, so a wrong one is never saved."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, inspect, select
from sqlalchemy.orm import Session

from app import models
from app.access import Actor, require
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict, FieldError, Invalid
from app.core.i18n import Text, _
from app.fields import CUSTOM, definition_errors
from app.models.fields import FieldDefinition
from app.record import expect, flush
from app.services import plain

FOR_EVER = ("field_name", "applies_to")
"""What a definition is known by, in saved values, criteria and the API."""


def add(session: Session, actor: Actor, values: dict[str, Any]) -> FieldDefinition:
    """Define a field. Raises NotFound, Invalid."""
    require(actor, Can.ADD, FieldDefinition)
    definition = FieldDefinition()
    plain.fill(definition, _defaults() | values)
    _check(definition)
    session.add(definition)
    flush(session)
    return definition


def edit(
    session: Session,
    actor: Actor,
    definition: FieldDefinition,
    values: dict[str, Any],
    expected: int | None = None,
) -> FieldDefinition:
    """Change a definition; its name and table stay, and its type does once there are values.

    Raises NotFound, Stale, Invalid.
    """
    require(actor, Can.EDIT, definition)
    expect(definition, expected)
    _keep(session, definition, values)
    plain.fill(definition, values)
    _check(definition)
    flush(session)
    return definition


def delete(session: Session, actor: Actor, definition: FieldDefinition, expected: int | None = None) -> None:
    """Delete a definition. A field that has values is retired instead: they are shown, nobody is asked again.

    Raises NotFound, Stale, and Conflict where it is retired already.
    """
    require(actor, Can.DELETE, definition)
    expect(definition, expected)
    if not has_values(session, definition):
        session.delete(definition)
    elif definition.deprecated_at is None:
        definition.deprecated_at = now()
    else:
        raise Conflict(_("This field is retired; it is kept because there are values of it."))
    flush(session)


def has_values(session: Session, definition: FieldDefinition) -> bool:
    """Tell whether some row has a value of this custom field; what rules a column has none of its own."""
    model: Any = models.by_table(definition.applies_to)
    if _is_column(model, definition.field_name) or CUSTOM not in inspect(model).column_attrs:
        return False
    return bool(session.scalar(select(exists().where(model.custom_fields.has_key(definition.field_name)))))


def _keep(session: Session, definition: FieldDefinition, values: dict[str, Any]) -> None:
    errors = [
        _fixed(name, _("This stays the same for ever."))
        for name in FOR_EVER
        if _differs(definition, values, name)
    ]
    if _differs(definition, values, "field_type") and has_values(session, definition):
        errors.append(_fixed("field_type", _("There are values of this type. Define a new field instead.")))
    if errors:
        raise Invalid(errors)


def _differs(definition: FieldDefinition, values: dict[str, Any], name: str) -> bool:
    return name in values and values[name] != getattr(definition, name)


def _fixed(name: str, message: Text) -> FieldError:
    return FieldError(name, "not_possible", message)


def _check(definition: FieldDefinition) -> None:
    columns = FieldDefinition.__table__.columns
    errors = definition_errors({column.key: getattr(definition, column.key) for column in columns})
    if errors:
        raise Invalid(errors)


def _defaults() -> dict[str, Any]:
    """Return what a new row has where nothing was said, so that it can be checked before it is saved."""
    known: dict[str, Any] = {}
    for name, column in inspect(FieldDefinition).columns.items():
        if column.default is not None and column.default.is_scalar:
            known[name] = column.default.arg
    return known | {"field_name": "", "options": [], "validation": {}, "translations": {}, "audiences": {}}


def _is_column(model: Any, name: str) -> bool:
    return name in inspect(model).column_attrs
