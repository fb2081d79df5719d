"""What is asked of one who writes in: the fields of the chosen topic, as the definitions say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app.core.i18n import _
from app.fields import Audience, Field, FieldSet, Kind, Option, fields_of
from app.generate.forms import LISTS
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
    return category.offered if category.kind is Kind.SELECT and category.editable_by(ASKS) else ()


def askable(session: Session, *, guest: bool) -> FieldSet:
    """Return the fields a request can ask for: the desk's own, subject, text, a guest's address."""
    fields = fields_of(session, Ticket)
    own = [field.name for field in fields.custom if field.editable_by(ASKS) and field.kind not in NOT_ASKED]
    return fields.pick(fields.in_order((*own, *ALWAYS, *(("email",) if guest else ()))))


def unwritten(session: Session, asked: FieldSet) -> FieldSet:
    """Return the fields to check: those asked, and those whose default holds for customers unseen."""
    fields = fields_of(session, Ticket)
    usual = [one.name for one in fields.custom if one.default is not None and not one.editable_by(ASKS)]
    return fields.pick((*asked, *usual))


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
            options=tuple(Choice(value=option.value, label=option.label) for option in field.offered),
            attributes=_attributes(field),
        )
        for name, field in fields.items()
    )


def _attributes(field: Field) -> dict[str, str]:
    longest = field.rules.max_length if field.kind not in LISTS else None
    found = {"maxlength": str(longest)} if longest else {}
    if field.name == "title":
        return found | {"hx-get": url_for("portal.hints"), "autocomplete": "off", **HINTS}
    if field.name == "email":
        return found | {"autocomplete": "email"}
    return found
