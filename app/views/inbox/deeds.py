"""What all deeds in the inbox share: find the ticket, and answer where the agent goes on."""

from __future__ import annotations

from flask import make_response, redirect, request
from werkzeug.wrappers import Response

from app.access import Actor, require
from app.core.declare import Can
from app.core.extensions import db
from app.models.tickets import Ticket
from app.services import inbox
from app.views.inbox.address import Address
from app.views.inbox.composer import EMPTY, Composer
from app.views.inbox.facts import Refused
from app.views.inbox.page import draw


def find(actor: Actor, number: int) -> Ticket:
    """Return the ticket to change. Raises NotFound if the actor may not see or change it."""
    ticket = inbox.opened(db.session(), actor, number).ticket
    require(actor, Can.EDIT, ticket)
    return ticket


def whole(name: str) -> int | None:
    """Return the whole number posted as `name`, None if there is none."""
    text = request.values.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def go_on(address: Address, number: int) -> Response:
    """Lead back to the ticket, or on to the one the form named."""
    return redirect(address.ticket_url(whole("next") or number))


def refuse(
    actor: Actor,
    address: Address,
    number: int,
    status: int,
    *,
    composer: Composer = EMPTY,
    refused: Refused | None = None,
) -> Response:
    """Show the ticket as it is now, with what was typed and why it was not taken."""
    db.session.rollback()
    db.session.expire_all()
    answer = make_response(draw(actor, address, number, composer, refused), status)
    answer.headers["HX-Replace-Url"] = address.ticket_url(number)
    return answer
