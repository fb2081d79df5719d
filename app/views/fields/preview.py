"""`/fields/preview`: what a definition would make of each surface, from an unsaved form. Nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, may
from app.core.declare import Can
from app.core.errors import Invalid, NotFound
from app.core.extensions import db
from app.core.i18n import Text, _
from app.fields import CUSTOM, Audience, Field, FieldSet, Purpose, fields_of, fields_with
from app.fields.schema import member
from app.generate import builder, forms
from app.generate.identity import current_actor
from app.generate.pages import FormField
from app.models import by_table
from app.models.fields import FieldDefinition
from app.services import field_definitions, field_options
from app.services.field_options import Left
from app.services.retyping.report import Retyping
from app.views.fields.blueprint import URL, blueprint
from app.views.portal import asking as portal

UNNAMED = "new_field"
"""What a field is called while nobody has given it a name."""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The field on each surface, None where it is not asked; and what becomes of the values there are."""

    section: Text = ""
    agent: FormField | None = None
    customer: FormField | None = None
    schema: dict[str, Any] | None = None
    condition: Text = ""
    retyping: Retyping | Left | None = None
    problems: tuple[Text, ...] = ()


@blueprint.post(f"{URL}preview")
def preview() -> str:
    """Draw what is in the form: a part of a page to a script, a whole page without one."""
    actor = current_actor()
    if not (may(actor, Can.ADD, FieldDefinition) or may(actor, Can.EDIT, FieldDefinition)):
        raise NotFound
    is_part = "HX-Request" in request.headers
    return render_template("fields/previewed.html" if is_part else "fields/preview.html", page=_drawn(actor))


def _drawn(actor: Actor) -> Preview:
    session = db.session()
    try:
        row = _row(session, actor)
    except Invalid as problem:
        return Preview(problems=tuple(_said(session, problem)))
    model = by_table(row["applies_to"])
    every = fields_with(session, model, row)
    name = row["field_name"] if row["field_name"] in every else f"{CUSTOM}.{row['field_name']}"
    field = every[name]
    place = builder.Place.on(session, actor, row["applies_to"], "show_when")
    return Preview(
        section=field.section or (_("Further fields") if field.custom else ""),
        agent=_agent(session, actor, field),
        customer=_customer(every, field),
        schema=member(field, Audience.API, Purpose.CREATE) if field.visible_to(Audience.API) else None,
        condition=builder.sentence(session, actor, place, row["show_when"]) if row["show_when"] else "",
        retyping=_retyped(session, row),
    )


def _row(session: Session, actor: Actor) -> dict[str, Any]:
    """Return the definition that the form holds, sound and not saved. Raises Invalid."""
    every = fields_of(session, FieldDefinition)
    fields = every.pick(forms.names_of(actor, FieldDefinition, every, None))
    raw = forms.typed_in(request.form, fields.values())
    raw |= builder.typed(session, actor, fields, raw, request.form)
    raw["field_name"] = raw.get("field_name") or UNNAMED
    values = forms.checked(fields, raw, Purpose.PATCH)
    return field_definitions.draft(session, values)


def _said(session: Session, problem: Invalid) -> Iterator[Text]:
    fields = fields_of(session, FieldDefinition)
    for error in problem.errors:
        name = error.field.partition(".")[0].partition("[")[0]
        label = fields[name].label if name in fields else name
        yield _("%(label)s: %(message)s", label=label, message=error.message)


def _agent(session: Session, actor: Actor, field: Field) -> FormField | None:
    if not field.editable_by(Audience.AGENT):
        return None
    return forms.input_of(session, actor, field, forms.written(field, field.default), ())


def _customer(every: FieldSet, field: Field) -> FormField | None:
    if not field.editable_by(portal.ASKS) or field.kind in portal.NOT_ASKED:
        return None
    return portal.inputs(every.pick((field.name,)), {}, {})[0]


def _retyped(session: Session, row: dict[str, Any]) -> Retyping | Left | None:
    """Return what the change does to the values of a field there is; None where they stay."""
    named = (FieldDefinition.applies_to == row["applies_to"], FieldDefinition.field_name == row["field_name"])
    present = session.scalar(select(FieldDefinition).where(*named))
    if present is None:
        return None
    if present.field_type == row["field_type"]:
        return field_options.left(session, field_definitions.row_of(present), row)
    return field_definitions.retyped(session, row)
