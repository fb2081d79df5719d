"""Changing the ticket in place: status, assignee, team, priority, tags and the desk's own fields."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from app.access import Actor
from app.core.errors import Conflict, Invalid, Stale
from app.core.extensions import db
from app.core.i18n import Text, _
from app.fields import CUSTOM, FieldSet, Purpose, fields_of
from app.generate import forms
from app.models.tickets import Status, Ticket
from app.services import tickets
from app.views.inbox import facts
from app.views.inbox.address import Address
from app.views.inbox.blueprint import agent, blueprint
from app.views.inbox.deeds import find, go_on, refuse, whole
from app.views.inbox.page import Refused

FINAL = (Status.RESOLVED, Status.CLOSED)
"""States a customer is told of: that cannot be taken back."""


@blueprint.post("/<view>/<int:number>/change")
def change(view: str, number: int) -> Response:
    """Change what differs. `fields` names the inputs of the form, `version` the ticket it was drawn from."""
    actor, address = agent(), Address.asked(view)
    ticket = find(actor, number)
    shown = _asked(actor)
    typed = forms.typed_in(request.values, shown.values())
    before, was = forms.stored(shown, ticket), ticket.status
    try:
        values = _changed(ticket, shown, typed)
        if values:
            tickets.edit(db.session(), actor, ticket, values, whole("version"))
    except Stale:
        return _stale(actor, address, number, typed)
    except (Invalid, Conflict) as problem:
        status = 422 if isinstance(problem, Invalid) else 409
        refused = Refused(typed=typed, errors=forms.by_field(problem, shown))
        return refuse(actor, address, number, status, refused=refused)
    db.session.commit()
    if values:
        flash([_say(values), _undo(view, ticket, before, was, shown)], "success")
    return go_on(address, number)


def _asked(actor: Actor) -> FieldSet:
    names = set(request.values.getlist("fields"))
    shown = facts.editable(actor, fields_of(db.session(), Ticket))
    return shown.pick(tuple(name for name in shown if name in names))


def _changed(ticket: Ticket, shown: FieldSet, typed: dict[str, Any]) -> dict[str, Any]:
    """Return what differs from what is stored, checked, as the service takes it."""
    stored = forms.stored(shown, ticket)
    differs = {name: value for name, value in typed.items() if not _same(value, stored[name])}
    return forms.checked(shown.pick(tuple(differs)), differs, Purpose.PATCH)


def _same(typed: Any, stored: Any) -> bool:
    if isinstance(stored, bool) or isinstance(typed, bool):
        return bool(typed) is bool(stored)
    if isinstance(typed, list):
        return list(typed) == list(stored or ())
    return str(typed).strip() == str(stored)


def _stale(actor: Actor, address: Address, number: int, typed: dict[str, Any]) -> Response:
    text = _("Somebody else changed this ticket meanwhile. Yours is still here: check it and save again.")
    return refuse(actor, address, number, 409, refused=Refused(typed=typed, errors={"": [text]}))


def _say(values: dict[str, Any]) -> Text:
    if values.get("status") in FINAL:
        return _("Ticket resolved") if values["status"] is Status.RESOLVED else _("Ticket closed")
    return _("Ticket assigned") if set(values) == {"assignee_id"} else _("Ticket changed")


def _undo(view: str, ticket: Ticket, before: dict[str, Any], was: Status, shown: FieldSet) -> str | None:
    """Return where a POST puts back what was, None where the customer was told of it already."""
    if ticket.status in FINAL or was in FINAL or CUSTOM in shown:
        return None
    old = {name: value for name, value in before.items() if value is not False}
    return url_for(
        "inbox.change", view=view, number=ticket.id, version=ticket.version, fields=list(shown), **_flat(old)
    )


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: ",".join(value) if isinstance(value, list | tuple) else value for name, value in values.items()
    }
