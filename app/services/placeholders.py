"""What a text for customers can ask for: `{{ticket.title}}`, `{{ticket.custom_fields.seats}}` and the like.

The fields of a ticket come from the registry. Only those that customers may see can be named, since the text
goes to them; one hidden from them later stands there as nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import force_locale
from sqlalchemy.orm import Session

from app import models
from app.core.errors import Invalid
from app.core.i18n import _
from app.fields import Audience, Field, FieldSet, Kind, fields_of, settings_of, spoken
from app.models.people import Employee
from app.models.tickets import Ticket

OWN: Mapping[str, Callable[[Ticket, Employee | None], str]] = {
    "ticket.id": lambda ticket, _agent: str(ticket.id),
    "customer.name": lambda ticket, _agent: ticket.customer.name if ticket.customer else ticket.email,
    "agent.name": lambda _ticket, agent: agent.name if agent else "",
}
TICKET = "ticket."
_ANY = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_STRAY = re.compile(r"\{\{|\}\}")


def check(session: Session, name: str, text: str) -> None:
    """Raise Invalid for the field `name` where `text` asks for what nobody knows or customers may not see."""
    fields = _askable(fields_of(session, Ticket))
    known = list(dict.fromkeys((*OWN, *(f"{TICKET}{one}" for one in fields))))
    unknown = [found for found in _ANY.findall(text) if found not in known]
    unknown += _STRAY.findall(_ANY.sub("", text))
    if unknown:
        facts = {"names": ", ".join(dict.fromkeys(unknown)), "known": ", ".join(known)}
        message = _("There is no placeholder %(names)s. Known: %(known)s.", **facts)
        raise Invalid.one(name, "unknown_placeholder", message)


def fill_in(session: Session, text: str, ticket: Ticket, agent: Employee | None) -> str:
    """Return `text` for the requester of `ticket`, in their language, as `agent` would send it."""
    fields = fields_of(session, Ticket)
    seen = _askable(fields)

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name in OWN:
            said = OWN[name](ticket, agent)
        else:
            field = seen.get(name.removeprefix(TICKET))
            said = _in_words(session, field, ticket) if field is not None else ""
        # One line each: what people call themselves must not become a paragraph of the answer.
        return " ".join(said.split())

    with force_locale(spoken(settings_of(session), ticket.language)):
        return _ANY.sub(value, text)


def _askable(fields: FieldSet) -> dict[str, Field]:
    return {field.name: field for field in fields.visible(Audience.CUSTOMER) if field.kind is not Kind.JSON}


def _in_words(session: Session, field: Field, ticket: Ticket) -> str:
    value = field.read(ticket)
    if value is None or field.kind is not Kind.REFERENCE or field.reference is None:
        return field.text(value)
    model: Any = models.by_table(field.reference)
    row = session.get(model, value)
    return str(getattr(row, model.resource.label or model.resource.columns[0])) if row is not None else ""
