"""`/fields/type/<number>`: another type or fewer options, what it does to values, and the job for it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.core.errors import Conflict, Invalid, NotFound
from app.core.extensions import db
from app.core.i18n import _
from app.fields import FieldSet, Purpose
from app.generate import forms, listing, pages
from app.generate.identity import current_actor
from app.generate.lines.draw import dress
from app.generate.lines.read import is_pressed
from app.models.fields import FieldDefinition
from app.services import field_definitions, field_options
from app.services.retyping import asking
from app.services.retyping.report import Retyping
from app.views.fields import fates
from app.views.fields.blueprint import URL, blueprint
from app.views.fields.fates import Fates

Answer = str | Response | tuple[str, int]
NOTHING: Mapping[str, int] = MappingProxyType({})


@blueprint.route(f"{URL}type/<int:number>", methods=["GET", "POST"])
def retype(number: int) -> Answer:
    """Ask for the type, tell what becomes of the values, begin."""
    definition, fields = _definition(number), asking.choice()
    if request.method == "GET":
        return _question(definition, forms.stored(fields.pick(asking.MEMBERS), definition))
    typed = forms.blank(fields, FieldDefinition) | forms.typed_in(request.form, fields.values())
    if is_pressed(request.form, fields.values()):
        return _question(definition, typed)
    try:
        values = forms.checked(fields, typed, Purpose.PATCH)
        if "confirmed" in request.form:
            return _begun(definition, values)
        return _asked_on(definition, typed, values)
    except (Invalid, Conflict) as problem:
        db.session.rollback()
        return _question(_definition(number), typed, problem), 422 if isinstance(problem, Invalid) else 409


def _begun(definition: FieldDefinition, values: dict[str, Any]) -> Response:
    job = asking.start(db.session(), current_actor(), definition, values)
    db.session.commit()
    return redirect(f"/jobs/{job.id}")


def _asked_on(definition: FieldDefinition, typed: dict[str, Any], values: dict[str, Any]) -> str | Response:
    """Ask what becomes of options that go, then for consent; what needs no job is done. Raises Invalid."""
    session, actor, before = db.session(), current_actor(), field_definitions.row_of(definition)
    going, said = field_options.having(session, before, before | values), Fates.of(request.form)
    if said.unsaid(going):
        return _question(definition, typed, going=going)
    typed = said.applied(before, typed)
    values = forms.checked(asking.choice(), typed, Purpose.PATCH)
    if said.kept and field_options.is_same_list(before, before | values):
        kept = {name: values[name] for name in asking.MEMBERS}
        field_definitions.edit(session, actor, definition, kept, definition.version)
        session.commit()
        flash(_("%(name)s was saved.", name=definition.label or definition.field_name), "success")
        return redirect(_page(definition))
    told = asking.report(session, actor, definition, values)
    _refuse_loss(told, values)
    return _confirm(definition, typed, told)


def _definition(number: int) -> FieldDefinition:
    found: FieldDefinition | None = listing.one(db.session(), current_actor(), FieldDefinition, number)
    if found is None:
        raise NotFound
    asking.require_all(current_actor(), found)
    return found


def _refuse_loss(told: Retyping, values: dict[str, Any]) -> None:
    """Raise Invalid at the box to be ticked, where the job could only say that nothing was changed."""
    if told.impossible and not values.get(asking.EMPTYING):
        text = _("%(figures)s Mend them first, or let them be emptied.", figures=told.words)
        raise Invalid.one(asking.EMPTYING, "required", text)


def _question(
    definition: FieldDefinition,
    typed: dict[str, Any],
    problem: Invalid | Conflict | None = None,
    going: Mapping[str, int] = NOTHING,
) -> str:
    fields, session, actor = _shown(), db.session(), current_actor()
    told = forms.by_field(problem, fields)
    inputs = dress(session, actor, fields, typed, problem, forms.inputs(session, actor, fields, typed, told))
    page = pages.FormPage(
        title=_title(definition),
        crumbs=_crumbs(definition),
        sections=(
            *((fates.section(going, typed["options"]),) if going else ()),
            pages.FormSection(
                title=_("Type and options"),
                text=_("What it would do to the values there are is told before anything happens."),
                fields=inputs,
            ),
        ),
        action_url=_url(definition),
        submit_label=_("Continue"),
        dirty=bool(going),
        cancel_url=_page(definition),
        errors=forms.summary(told, fields),
    )
    return render_template("generated/form.html", page=page)


def _shown() -> FieldSet:
    """Return what the form asks; what takes the place of options is asked once it is known which go."""
    fields = asking.choice()
    return fields.pick(tuple(name for name in fields if name != asking.REPLACEMENTS))


def _confirm(definition: FieldDefinition, typed: dict[str, Any], told: Retyping) -> str:
    kept = (pair for field in asking.choice().values() for pair in forms.pairs(field, typed[field.name]))
    page = pages.ConfirmPage(
        title=_title(definition),
        question=_asked(definition, typed),
        consequences=(
            *told.sentences,
            _("First every value is looked at, then the definition changes, then the values."),
            _("A value that is rewritten is a change like any other: history and webhooks tell it."),
            _("This goes on in the background and can be stopped. What comes later is read all the same."),
        ),
        hidden=(("confirmed", "1"), *kept),
        action_url=_url(definition),
        submit_label=_("Change the field"),
        cancel_url=_page(definition),
        crumbs=_crumbs(definition),
        danger=bool(told.impossible),
    )
    return render_template("generated/confirm.html", page=page)


def _asked(definition: FieldDefinition, typed: dict[str, Any]) -> Any:
    if typed["field_type"] == definition.field_type:
        return _("Take these options away?")
    return _("Give this field the type %(type)s?", type=_kind_label(typed))


def _kind_label(typed: dict[str, Any]) -> Any:
    field = asking.choice()["field_type"]
    return field.text(field.parse(typed["field_type"]))


def _title(definition: FieldDefinition) -> Any:
    return _("Change type or options: %(name)s", name=definition.label or definition.field_name)


def _url(definition: FieldDefinition) -> str:
    return f"{URL}type/{definition.id}"


def _page(definition: FieldDefinition) -> str:
    return f"/admin/schema_definitions/show/{definition.id}"


def _crumbs(definition: FieldDefinition) -> tuple[pages.Crumb, ...]:
    return (
        pages.Crumb(label=FieldDefinition.resource.plural, url="/admin/schema_definitions/list/"),
        pages.Crumb(label=definition.field_name, url=_page(definition)),
    )
