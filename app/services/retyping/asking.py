"""Asking for another type: what has to be said, what it would do, and beginning the job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app import models
from app.access import Actor, hidden, is_hidden, require, scope_of
from app.core.declare import Can, Scope
from app.core.errors import Conflict, FieldError, Invalid, NotFound
from app.core.i18n import _
from app.core.shape import Lines, Member
from app.fields import CUSTOM, Field, FieldSet, Kind
from app.fields.columns import column_fields
from app.fields.definitions import offered_of
from app.models.fields import FieldDefinition
from app.models.jobs import OPEN, Job, JobKind
from app.record import log
from app.services import field_definitions, field_options, jobs
from app.services.field_definitions import retyped
from app.services.retyping.report import Retyping

EMPTYING = "emptying"
MEMBERS = ("field_type", "options", "validation", "default")
"""What of a definition depends on its type."""
REPLACEMENTS = "replacements"
BECOMES = Lines(
    of=Member(
        _("Option"),
        members={
            "value": Member(_("Option that goes"), required=True, longest=100),
            "becomes": Member(_("Becomes"), longest=100),
        },
    ),
    unique="value",
)
"""What options that go are replaced by; nothing takes them out of their values."""


@cache
def choice() -> FieldSet:
    """Return what is asked, of forms and the API alike."""
    columns = {one.name: one for one in column_fields(FieldDefinition)}
    emptying = Field(
        name=EMPTYING,
        kind=Kind.BOOLEAN,
        label=_("Empty what nothing can be made of"),
        help=_(
            "Without, nothing is changed if there is such a value. With it, the job keeps them as a file."
        ),
    )
    replacing = Field(
        name=REPLACEMENTS,
        kind=Kind.JSON,
        label=_("Replace options"),
        help=_(
            "For values that have an option which goes: the value of another one, or nothing to take it out. "
            "To keep an option for the values that have it, leave it among the options as retired."
        ),
        shape=BECOMES,
        empty=[],
    )
    asked = (*(columns[name] for name in MEMBERS), replacing, emptying)
    return FieldSet(FieldDefinition.__tablename__, 0, asked)


def replaced_by(values: Mapping[str, Any]) -> dict[str, str | None]:
    """Return what each option that goes becomes, None for nothing, as `values` of `choice()` say."""
    return {one["value"]: one.get("becomes") or None for one in values.get(REPLACEMENTS) or ()}


def report(
    session: Session, actor: Actor, definition: FieldDefinition, values: Mapping[str, Any]
) -> Retyping:
    """Return what `values` of `choice()` would do. Raises NotFound, Conflict, Invalid."""
    return retyped(session, _wanted(session, actor, definition, values), replaced_by(values))


def start(session: Session, actor: Actor, definition: FieldDefinition, values: Mapping[str, Any]) -> Job:
    """Begin the job that gives a field another type. Raises NotFound, Conflict, Invalid."""
    row = _wanted(session, actor, definition, values)
    model: Any = models.by_table(definition.applies_to)
    total = session.scalar(select(func.count()).select_from(model).where(has_one(model, definition)))
    said = {
        "definition": definition.id,
        "version": definition.version,
        "values": {name: row[name] for name in MEMBERS if name in values} | {"field_type": row["field_type"]},
        "gone": field_options.gone(field_definitions.row_of(definition), row),
        REPLACEMENTS: replaced_by(values),
        EMPTYING: bool(values.get(EMPTYING)),
    }
    job = jobs.start(session, actor, JobKind.RETYPE, model, "retype", arguments=said, total=total)
    facts = {"job_id": job.id, "field_type": row["field_type"], EMPTYING: said[EMPTYING]}
    log(session, "RETYPE", definition, facts)
    return job


def require_all(actor: Actor, definition: FieldDefinition) -> None:
    """Raise NotFound unless the actor may change the definition and the value of any row.

    Raises Conflict where there is no type to change: the field rules a column.
    """
    require(actor, Can.EDIT, definition)
    if not field_definitions.has_own_values(field_definitions.row_of(definition)):
        raise Conflict(_("This field rules a column, whose type stays."))
    model: Any = models.by_table(definition.applies_to)
    is_open = scope_of(actor, Can.EDIT, model) is Scope.ALL
    if not is_open or is_hidden(hidden(actor, model), f"{CUSTOM}.{definition.field_name}"):
        raise NotFound


def has_one(model: Any, definition: FieldDefinition) -> ColumnElement[bool]:
    """Return the criterion of rows that have a value."""
    criterion: ColumnElement[bool] = model.custom_fields.has_key(definition.field_name)
    return criterion


def _wanted(
    session: Session, actor: Actor, definition: FieldDefinition, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the definition as it is to be. Raises NotFound, Conflict, Invalid."""
    before = field_definitions.row_of(definition)
    row = before | {name: values[name] for name in MEMBERS if name in values}
    require_all(actor, definition)
    if field_options.is_same_list(before, row):
        message = _("Choose another type than the field has, or take options away.")
        raise Invalid.one("field_type", "not_allowed", message)
    _refuse_another(session, definition)
    row = field_definitions.draft(session, row)
    errors = [*_misplaced(before, row, values)] or field_definitions.broken_by(session, before, row)
    if errors:
        raise Invalid(errors)
    return row


def _misplaced(
    before: Mapping[str, Any], row: Mapping[str, Any], values: Mapping[str, Any]
) -> Iterator[FieldError]:
    """Yield an error for each replacement of what does not go, or by what is no option."""
    lost, stays = field_options.gone(before, row), offered_of(row["options"])
    for place, (value, becomes) in enumerate(replaced_by(values).items()):
        if value not in lost:
            text = _("This is no option that goes.")
            yield FieldError(f"{REPLACEMENTS}[{place}].value", "not_possible", text)
        elif becomes is not None and becomes not in stays:
            text = _("Choose one of the options: %(options)s.", options=", ".join(stays))
            yield FieldError(f"{REPLACEMENTS}[{place}].becomes", "not_an_option", text)


def _refuse_another(session: Session, definition: FieldDefinition) -> None:
    mine = Job.arguments["definition"].as_integer() == definition.id
    if session.scalar(select(Job.id).where(Job.kind == JobKind.RETYPE, Job.state.in_(OPEN), mine).limit(1)):
        raise Conflict(_("The type of this field is being changed. Wait for that job, or stop it."))
