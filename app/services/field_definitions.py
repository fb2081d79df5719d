"""Field definitions: they rule forms, lists, API and portal at once, so a wrong one is never saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, inspect, select
from sqlalchemy.orm import Session

from app import models
from app.access import Actor, ActorKind, require
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict, FieldError, Invalid
from app.core.i18n import Text, _
from app.fields import CUSTOM, Field, FieldSet, definition_errors, fields_with
from app.models.fields import FieldDefinition
from app.record import expect, flush
from app.services import field_options
from app.services.asking import condition_errors, fill
from app.services.conditions import mistakes
from app.services.field_layout import last_position
from app.services.field_uses import broken
from app.services.retyping.report import Retyping, retyping

FOR_EVER = ("field_name", "applies_to")
"""What a definition is known by, in saved values, criteria and the API."""
STATE = ("deprecated_at",)
"""What says which actions are offered."""
WAY = _("Such a change is a job of its own: choose “Change type or options” of this field.")
"""Where somebody is sent whose change would rewrite values."""
CONDITION_PART = "options"
"""Where a change is refused that would break the condition of another field: mostly an option went."""


def add(session: Session, actor: Actor, values: dict[str, Any]) -> FieldDefinition:
    """Define a field; without a position it is the last of its section. Raises NotFound, Invalid."""
    require(actor, Can.ADD, FieldDefinition)
    definition = FieldDefinition()
    fill(session, definition, _defaults() | values)
    if "position" not in values:
        definition.position = last_position(session, definition)
    _check(session, actor, definition)
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
    """Change a definition; its name and table stay. Where values are rewritten, it takes a job (retyping).

    Raises NotFound, Stale, Invalid.
    """
    before = row_of(definition)
    change(session, actor, definition, values, expected)
    if definition.field_type != before["field_type"]:
        _refuse_rewriting(session, definition)
    field_options.refuse_left(session, before, row_of(definition))
    flush(session)
    return definition


def change(
    session: Session, actor: Actor, definition: FieldDefinition, values: dict[str, Any], expected: int | None
) -> None:
    """Set what a definition says, unflushed, whatever becomes of values. Raises NotFound, Stale, Invalid."""
    require(actor, Can.EDIT, definition)
    expect(definition, expected)
    _keep(definition, values)
    before = row_of(definition)
    fill(session, definition, values)
    _check(session, actor, definition)
    if errors := broken_by(session, before, row_of(definition)):
        raise Invalid(errors)


def delete(session: Session, actor: Actor, definition: FieldDefinition, expected: int | None = None) -> None:
    """Delete a definition. A field that has values is retired instead: they are shown, nobody is asked again.

    Raises NotFound, Stale, and Conflict where it is retired already.
    """
    require(actor, Can.DELETE, definition)
    expect(definition, expected)
    if not has_values(session, definition):
        _refuse_needed(session, definition)
        session.delete(definition)
    elif definition.deprecated_at is None:
        definition.deprecated_at = now()
    else:
        raise Conflict(_("This field is retired; it is kept because there are values of it."))
    flush(session)


def retire(session: Session, actor: Actor, definition: FieldDefinition) -> FieldDefinition:
    """Ask nobody for this field any more; values there are stay and are shown. Raises NotFound, Conflict."""
    require(actor, Can.EDIT, definition)
    if definition.deprecated_at is not None:
        raise Conflict(_("This field is retired already."))
    return _set_retired(session, definition, now())


def bring_back(session: Session, actor: Actor, definition: FieldDefinition) -> FieldDefinition:
    """Ask for a retired field again. Raises NotFound, Conflict."""
    require(actor, Can.EDIT, definition)
    if definition.deprecated_at is None:
        raise Conflict(_("This field is not retired."))
    return _set_retired(session, definition, None)


def offered(definition: FieldDefinition) -> tuple[str, ...]:
    """Return the actions that make sense for a definition as it stands."""
    return ("retire",) if definition.deprecated_at is None else ("bring_back",)


def _set_retired(
    session: Session, definition: FieldDefinition, moment: dt.datetime | None
) -> FieldDefinition:
    definition.deprecated_at = moment
    flush(session)
    return definition


def has_values(session: Session, definition: FieldDefinition) -> bool:
    """Tell whether some row has a value of this custom field; what rules a column has none of its own."""
    if not has_own_values(row_of(definition)):
        return False
    model: Any = models.by_table(definition.applies_to)
    return bool(session.scalar(select(exists().where(model.custom_fields.has_key(definition.field_name)))))


def draft(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    """Return the row that a definition with `values` would be, without writing it. Raises Invalid."""
    row = {column.key: None for column in FieldDefinition.__table__.columns} | _defaults() | values
    if errors := definition_errors(row) or _condition_errors(session, row):
        raise Invalid(errors)
    return row


def retyped(session: Session, row: dict[str, Any], by: Mapping[str, str | None] | None = None) -> Retyping:
    """Return what becomes of the values of a field that is to be defined by `row`; it must be a sound one.

    `by` says what options that go are replaced by.
    """
    if not has_own_values(row):
        return Retyping()
    return retyping(session, models.by_table(row["applies_to"]), as_field(session, row), by or {})


def as_field(session: Session, row: dict[str, Any]) -> Field:
    """Return the field that the definition `row` makes."""
    return fields_with(session, models.by_table(row["applies_to"]), row)[_name(row)]


def has_own_values(row: dict[str, Any]) -> bool:
    """Tell whether it defines a custom field; what rules a column has no values of its own."""
    model: Any = models.by_table(row["applies_to"])
    return not _is_column(model, row["field_name"]) and CUSTOM in inspect(model).column_attrs


def broken_by(session: Session, before: dict[str, Any], row: dict[str, Any]) -> list[FieldError]:
    """Return an error for each condition and view that could not ask about the field as `row` defines it."""
    place = "field_type"
    if before["field_type"] == row["field_type"]:
        place = "options" if field_options.gone(before, row) else "validation.table"
        if place != "options" and not field_options.leads_elsewhere(before, row):
            return []
    model: Any = models.by_table(row["applies_to"])
    return broken(session, model, fields_with(session, model, row), _name(row), place)


def row_of(definition: FieldDefinition) -> dict[str, Any]:
    """Return a definition as the registry reads it."""
    return {column.key: getattr(definition, column.key) for column in FieldDefinition.__table__.columns}


def _keep(definition: FieldDefinition, values: dict[str, Any]) -> None:
    errors = [
        _fixed(name, _("This stays the same for ever."))
        for name in FOR_EVER
        if _differs(definition, values, name)
    ]
    if errors:
        raise Invalid(errors)


def _refuse_rewriting(session: Session, definition: FieldDefinition) -> None:
    """Raise Invalid, with figures, if a value could not stay as it is under the type the field is to have."""
    told = retyped(session, row_of(definition))
    if not told.stays:
        raise Invalid.one("field_type", "not_possible", _("%(figures)s %(way)s", figures=told.words, way=WAY))


def _differs(definition: FieldDefinition, values: dict[str, Any], name: str) -> bool:
    return name in values and values[name] != getattr(definition, name)


def _fixed(name: str, message: Text) -> FieldError:
    return FieldError(name, "not_possible", message)


def _check(session: Session, actor: Actor, definition: FieldDefinition) -> None:
    row = row_of(definition)
    errors = definition_errors(row) or _condition_errors(session, row) or _beyond(session, actor, definition)
    if errors:
        raise Invalid(errors)
    if definition.default is not None:
        field = as_field(session, row)
        definition.default = field.dump(field.parse(definition.default))


def _condition_errors(session: Session, row: dict[str, Any]) -> list[FieldError]:
    """Return what is wrong with the field's own condition, and whose else this change would break."""
    fields = fields_with(session, models.by_table(row["applies_to"]), row)
    broken = [one for one in _needing(fields) if one.name != _name(row)]
    return condition_errors(fields, _name(row)) or [
        FieldError(CONDITION_PART, "not_possible", _needed_by(one)) for one in broken
    ]


def _beyond(session: Session, actor: Actor, definition: FieldDefinition) -> tuple[FieldError, ...]:
    """Return an error for each field that a new condition asks about and its writer may not see."""
    state: Any = inspect(definition)
    is_new = definition.show_when and state.attrs.show_when.history.has_changes()
    if actor.kind is ActorKind.SYSTEM or not is_new:
        return ()
    model = models.by_table(definition.applies_to)
    return mistakes(session, actor, model, definition.show_when, root="show_when")


def _refuse_needed(session: Session, definition: FieldDefinition) -> None:
    model: Any = models.by_table(definition.applies_to)
    for one in _needing(fields_with(session, model, None, without=definition.field_name)):
        if one.key != definition.field_name:
            raise Conflict(_needed_by(one))


def _needing(fields: FieldSet) -> list[Field]:
    return [one for one in fields.values() if one.show_when and condition_errors(fields, one.name)]


def _needed_by(field: Field) -> Text:
    return _("The condition of the field %(label)s needs this. Change it first.", label=field.label)


def _name(row: dict[str, Any]) -> str:
    model: Any = models.by_table(row["applies_to"])
    name: str = row["field_name"]
    return name if _is_column(model, name) else f"{CUSTOM}.{name}"


def _defaults() -> dict[str, Any]:
    """Return what a new row has where nothing was said, so that it can be checked before it is saved."""
    known: dict[str, Any] = {}
    for name, column in inspect(FieldDefinition).columns.items():
        if column.default is not None and column.default.is_scalar:
            known[name] = column.default.arg
    return known | {"field_name": "", "options": [], "validation": {}, "translations": {}, "audiences": {}}


def _is_column(model: Any, name: str) -> bool:
    return name in inspect(model).column_attrs
