"""What is asked of one who writes in: the fields of the chosen topic, as the definitions say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.core.i18n import _
from app.criteria import Facts, parse, passes
from app.fields import CUSTOM, Audience, Field, FieldSet, Kind, Option, Refused, fields_of
from app.generate.pages import FormField
from app.generate.pages import Option as Choice
from app.models.tickets import Ticket
from app.views.portal.forms import Errors

ASKS = Audience.CUSTOMER
NOT_ASKED = {Kind.REFERENCE, Kind.JSON}
"""Kinds that a customer cannot fill: they would have to know our records."""
ALWAYS = ("title", "description")
WHO = _("We answer to this address, and send you a link to follow your request.")
HINTS = {"hx-trigger": "input changed delay:300ms", "hx-target": "#hints", "hx-swap": "innerHTML"}
"""What makes articles appear below the subject while it is typed."""


def topics(session: Session) -> tuple[Option, ...]:
    """Return the topics to choose from; none where the desk defined no list."""
    category = fields_of(session, Ticket)["category"]
    return category.options if category.kind is Kind.SELECT and category.editable_by(ASKS) else ()


def asked(session: Session, topic: str | None, raw: Mapping[str, Any], *, guest: bool) -> FieldSet:
    """Return the fields to ask for: those of the topic, given what was typed, then subject and text."""
    fields = fields_of(session, Ticket)
    facts = Facts(_so_far(fields, topic, raw))
    own = [field.name for field in fields.custom if _askable(field) and _applies(field, fields, facts)]
    return fields.pick((*own, *ALWAYS, *(("email",) if guest else ())))


def inputs(fields: FieldSet, raw: Mapping[str, Any], errors: Errors) -> tuple[FormField, ...]:
    """Return the inputs with what was typed and what is wrong about it."""
    return tuple(
        FormField(
            name=name,
            kind=field.kind.value,
            label=field.label,
            help=WHO if name == "email" else field.help or "",
            value=raw.get(name, field.default),
            errors=tuple(errors.get(name, ())),
            required=field.required_of(ASKS),
            options=tuple(Choice(value=option.value, label=option.label) for option in field.options),
            attributes=_attributes(field),
        )
        for name, field in fields.items()
    )


def _askable(field: Field) -> bool:
    return field.editable_by(ASKS) and field.kind not in NOT_ASKED


def _applies(field: Field, fields: FieldSet, facts: Facts) -> bool:
    if not field.show_when:
        return True
    try:
        return passes(parse(field.show_when, fields, changes=False), facts)
    except Invalid:
        return True  # its condition asks for a field that is gone


def _so_far(fields: FieldSet, topic: str | None, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed as a row that conditions can read; what makes no sense is not there yet."""
    custom: dict[str, Any] = {}
    for field in fields.custom:
        try:
            custom[field.key] = field.dump(field.parse(raw.get(field.name)))
        except Refused:
            continue
    return {"category": topic, "title": raw.get("title"), CUSTOM: custom}


def _attributes(field: Field) -> dict[str, str]:
    found = {"maxlength": str(field.rules.max_length)} if field.rules.max_length else {}
    if field.name == "title":
        return found | {"hx-get": url_for("portal.hints"), "autocomplete": "off", **HINTS}
    if field.name == "email":
        return found | {"autocomplete": "email"}
    return found
