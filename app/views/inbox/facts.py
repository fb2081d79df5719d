"""The ticket's own fields beside the conversation, ready to be changed in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as member
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, hidden, is_hidden
from app.core.i18n import Text, _
from app.fields import Audience, Field, FieldSet, fields_of
from app.generate import forms
from app.generate.cells import cell
from app.generate.pages import Fact, FormField, FormSection, Option
from app.models.tickets import Ticket
from app.services.asking import not_told, so_far, unasked

NAMES = ("status", "assignee_id", "team_id", "priority", "category", "tags", "custom_fields")
"""The fields shown, in their order; `custom_fields` stands for those the desk defined."""
KEYS = {"team_id": "t", "priority": "p", "tags": "l"}
"""The key that leads to a field; status and assignee have theirs in the head."""
NOBODY: dict[str, Text] = {"assignee_id": _("Nobody"), "team_id": _("No team")}


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A change that was not made: what was typed by field, and the messages by field ("" for the whole)."""

    typed: Mapping[str, Any] = member(default_factory=dict)
    errors: Mapping[str, list[Text]] = member(default_factory=dict)


def editable(session: Session, actor: Actor, ticket: Ticket, typed: Mapping[str, Any]) -> FieldSet:
    """Return the fields the actor may change beside the conversation, given what is `typed` so far."""
    fields, hide = fields_of(session, Ticket), hidden(actor, Ticket)
    allowed = {field.name for field in fields.editable(Audience.AGENT)}
    allowed -= unasked(fields, so_far(fields, Ticket, ticket, typed, forms.zone()), not_told(session, Ticket))
    names = fields.in_order(NAMES)
    return fields.pick(tuple(name for name in names if name in allowed and not is_hidden(hide, name)))


def settled(session: Session, actor: Actor, ticket: Ticket, shown: FieldSet) -> tuple[Fact, ...]:
    """Return the desk's own values that the actor may see and not change here."""
    fields, hide = fields_of(session, Ticket), hidden(actor, Ticket)
    rest = [field for field in fields.visible(Audience.AGENT) if field.custom and field.name not in shown]
    return tuple(
        Fact(label=field.label, cell=cell(field, field.read(ticket)))
        for field in rest
        if not (field.is_empty(ticket) or is_hidden(hide, field.name))
    )


def sections(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    fields: FieldSet,
    choices: Mapping[str, Mapping[int, str]],
    refused: Refused,
) -> tuple[FormSection, ...]:
    """Return the inputs with what is in them: typed, else stored. `choices` are names by reference."""
    values = forms.stored(fields, ticket) | dict(refused.typed)
    inputs = []
    for field in fields.values():
        value, errors = values[field.name], tuple(refused.errors.get(field.name, ()))
        if field.name in choices:
            options = _options(field, str(value), choices)
            made = FormField(
                name=field.name, kind="select", label=field.label, value=value, errors=errors, options=options
            )
        else:
            made = forms.input_of(session, actor, field, value, errors)
        inputs.append(replace(made, help="", attributes={**made.attributes, **_attributes(field)}))
    return forms.sections(fields, inputs, further="")


def _options(field: Field, value: str, choices: Mapping[str, Mapping[int, str]]) -> tuple[Option, ...]:
    named = {str(key): name for key, name in choices[field.name].items()}
    if value and value not in named:
        named[value] = f"#{value}"
    first = Option(value="", label=NOBODY[field.name])
    return (first, *(Option(value=key, label=name) for key, name in named.items()))


def _attributes(field: Field) -> dict[str, str]:
    found = {"data-key-label": str(field.label)}
    if field.kind not in forms.LISTS:
        found["placeholder"] = "—"
    if field.name in KEYS:
        found["data-key"] = KEYS[field.name]
    return found
