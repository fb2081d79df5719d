"""The ticket's own fields beside the conversation, ready to be changed in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.access import Actor, hidden
from app.core.i18n import Text, _
from app.fields import Audience, Field, FieldSet, Kind
from app.generate import forms
from app.generate.pages import FormField, Option
from app.models.tickets import Ticket

NAMES = ("status", "assignee_id", "team_id", "priority", "category", "tags", "custom_fields")
"""The fields shown, in their order; `custom_fields` stands for those the desk defined."""
KEYS = {"team_id": "t", "priority": "p", "tags": "l"}
"""The key that leads to a field; status and assignee have theirs in the head."""
NOBODY: dict[str, Text] = {"assignee_id": _("Nobody"), "team_id": _("No team")}


def editable(actor: Actor, fields: FieldSet) -> FieldSet:
    """Return the fields of a ticket that the actor may change beside the conversation."""
    hide = hidden(actor, Ticket)
    allowed = {field.name for field in fields.editable(Audience.AGENT)}
    return fields.pick(
        tuple(name for name in fields.pick(NAMES) if name in allowed and name.split(".")[0] not in hide)
    )


def inputs(
    ticket: Ticket,
    fields: FieldSet,
    choices: Mapping[str, Mapping[int, str]],
    typed: Mapping[str, Any],
    errors: Mapping[str, list[Text]],
) -> tuple[FormField, ...]:
    """Return the inputs with what is in them: typed, else stored. `choices` are names by reference."""
    stored = forms.stored(fields, ticket) | dict(typed)
    return tuple(
        FormField(
            name=field.name,
            kind="select" if field.name in choices else field.kind.value,
            label=field.label,
            value=stored[field.name],
            errors=tuple(errors.get(field.name, ())),
            required=field.kind is Kind.SELECT and field.name in {"status", "priority"},
            options=_options(field, str(stored[field.name]), choices),
            attributes=_attributes(field),
        )
        for field in fields.values()
    )


def _options(field: Field, value: str, choices: Mapping[str, Mapping[int, str]]) -> tuple[Option, ...]:
    if field.name not in choices:
        return tuple(Option(value=option.value, label=option.label) for option in field.options)
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
