"""What a writer may say of a row: nothing hidden from them, nothing about rows they cannot see, and no row
that would then be beyond their own reach. Asked before and after every write, whatever its surface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.access import Actor, ActorKind, hidden, is_hidden, may
from app.core.declare import Can
from app.core.errors import FieldError, Invalid
from app.core.i18n import _
from app.fields import CUSTOM, Kind, fields_of
from app.fields.refusal import error
from app.services.asking.references import leads


def check_values(
    session: Session, actor: Actor, model: Any, values: Mapping[str, Any], row: Any | None = None
) -> None:
    """Raise Invalid, naming each value that is hidden from the actor or refers to a row they cannot see.

    What `row` refers to already may stay.
    """
    if actor.kind is ActorKind.SYSTEM:
        return
    errors = [*_hidden(actor, model, values), *unseen(session, actor, model, values, row)]
    if errors:
        raise Invalid(errors)


def check_row(actor: Actor, can: Can, row: Any) -> None:
    """Raise Invalid if the row that was written is beyond what the actor may do `can` to."""
    rows = row.resource.rows
    if rows.leaves or may(actor, can, row):
        return
    named = [path for path in (rows.owner, rows.team) if path]
    field = next((name for path in named if (name := _column(type(row), path))), "")
    raise Invalid.one(field, "out_of_reach", _("This would belong to others. Choose yourself or your team."))


def unseen(
    session: Session, actor: Actor, model: Any, values: Mapping[str, Any], row: Any | None = None
) -> Iterator[FieldError]:
    """Yield an error for each reference among `values` that leads nowhere the actor may go."""
    fields = fields_of(session, model)
    for name, value in _flat(values):
        field = fields.get(name)
        if field is None or field.kind is not Kind.REFERENCE or value is None:
            continue
        if row is not None and field.read(row) == value:
            continue
        if not leads(session, actor, field, value):
            yield error(name, "not_a_reference")


def _hidden(actor: Actor, model: Any, values: Mapping[str, Any]) -> Iterator[FieldError]:
    hide = hidden(actor, model)
    return (error(name, "unknown_field") for name, _value in _flat(values) if is_hidden(hide, name))


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if name == CUSTOM and isinstance(value, Mapping):
            yield from ((f"{CUSTOM}.{key}", member) for key, member in value.items())
        else:
            yield name, value


def _column(model: Any, path: str) -> str | None:
    """Return the column of `model` by which `path` begins: `ticket_id` for `ticket.team_id`."""
    first = path.split(".", 1)[0]
    relation = inspect(model).relationships.get(first)
    return first if relation is None else next(iter(relation.local_columns)).key
