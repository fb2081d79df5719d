"""Changing the ticket in place: status, assignee, team, priority, tags and the desk's own fields."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app import services
from app.access import Actor, may
from app.core.declare import Can
from app.core.errors import Conflict, Invalid, Stale
from app.core.extensions import db
from app.core.i18n import Text, _
from app.fields import FieldSet, Kind, Purpose, fields_of
from app.generate import forms
from app.models.tickets import Status, Ticket
from app.views.inbox import facts
from app.views.inbox.address import Address
from app.views.inbox.blueprint import agent, blueprint
from app.views.inbox.deeds import find, go_on, refuse, whole
from app.views.inbox.facts import Refused

FINAL = (Status.RESOLVED, Status.CLOSED)
"""States a customer is told of: that cannot be taken back."""


@blueprint.post("/<view>/<int:number>/change")
def change(view: str, number: int) -> Response:
    """Change what differs. `fields` names the inputs of the form, `version` the ticket it was drawn from."""
    actor, address = agent(), Address.asked(view)
    ticket = find(actor, number)
    shown, typed = _asked(actor, ticket)
    before, was = forms.stored(shown, ticket), ticket.status
    differs = {name: value for name, value in typed.items() if not _same(value, before[name])}
    try:
        if differs:
            values = forms.checked(shown.pick(tuple(differs)), differs, Purpose.PATCH)
            services.edit(db.session(), actor, ticket, values, whole("version"))
    except Stale:
        return _stale(actor, address, number, typed)
    except (Invalid, Conflict) as problem:
        status = 422 if isinstance(problem, Invalid) else 409
        refused = Refused(typed=typed, errors=forms.by_field(problem, shown))
        return refuse(actor, address, number, status, refused=refused)
    db.session.commit()
    if not may(actor, Can.READ, ticket):
        flash(_("Ticket #%(number)s was handed over.", number=number), "success")
        return redirect(address.list_url)
    if differs:
        undo = _undo(view, ticket, was, shown, {name: before[name] for name in differs})
        said: Any = [str(_say(ticket, differs)), undo]  # the frame takes words with the address that undoes
        flash(said, "success")
    return go_on(address, number)


def _asked(actor: Actor, ticket: Ticket) -> tuple[FieldSet, dict[str, Any]]:
    """Return the fields of the form that are still asked, given what was typed, and what was."""
    sent = request.values.getlist("fields")
    every = fields_of(db.session(), Ticket).pick(tuple(sent))
    typed = forms.typed_in(request.values, every.values())
    shown = facts.editable(db.session(), actor, ticket, typed)
    shown = shown.pick(tuple(name for name in shown if name in sent))
    return shown, {name: value for name, value in typed.items() if name in shown}


def _same(typed: Any, stored: Any) -> bool:
    if isinstance(stored, bool) or isinstance(typed, bool):
        return bool(typed) is bool(stored)
    if isinstance(typed, list):
        return list(typed) == list(stored or ())
    return str(typed).strip() == str(stored)


def _stale(actor: Actor, address: Address, number: int, typed: dict[str, Any]) -> Response:
    text = _("Somebody else changed this ticket meanwhile. Yours is still here: check it and save again.")
    return refuse(actor, address, number, 409, refused=Refused(typed=typed, errors={"": [text]}))


def _say(ticket: Ticket, differs: dict[str, Any]) -> Text:
    if "status" in differs and ticket.status in FINAL:
        return _("Ticket resolved") if ticket.status is Status.RESOLVED else _("Ticket closed")
    return _("Ticket assigned") if set(differs) == {"assignee_id"} else _("Ticket changed")


def _undo(view: str, ticket: Ticket, was: Status, shown: FieldSet, before: dict[str, Any]) -> str | None:
    """Return where a POST puts back what was, None where the customer was told of the change."""
    if "status" in before and (ticket.status in FINAL or was in FINAL):
        return None
    back: dict[str, Any] = {
        name: ",".join(old) if isinstance(old, list | tuple) else old
        for name, old in before.items()
        if old or shown[name].kind is not Kind.BOOLEAN  # an unticked box is one that is not sent
    }
    return url_for(
        "inbox.change", view=view, number=ticket.id, version=ticket.version, fields=list(before), **back
    )
