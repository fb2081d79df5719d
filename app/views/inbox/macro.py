"""Putting a macro's text into the answer at hand, with the changes that are made when it is sent."""

from __future__ import annotations

from dataclasses import replace

from flask import make_response
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core.errors import NotFound
from app.core.extensions import db
from app.services import macros
from app.views.inbox.address import Address
from app.views.inbox.blueprint import agent, blueprint
from app.views.inbox.composer import Composer
from app.views.inbox.deeds import find, whole
from app.views.inbox.page import draw


@blueprint.post("/<view>/<int:number>/macro")
def macro(view: str, number: int) -> Response:
    """Show the ticket with the macro's text after what was typed; nothing is sent."""
    actor, address = agent(), Address.asked(view)
    ticket, typed = find(actor, number), Composer.typed()
    session = db.session()
    chosen = next(iter(macros.known(session, actor, [whole("macro") or 0])), None)
    if chosen is None:
        raise NotFound
    text = macros.use(session, actor, chosen, ticket, current_user)
    session.commit()
    joined = f"{typed.body.rstrip()}\n\n{text}".lstrip("\n")
    picked = dict.fromkeys((*typed.macros, *([chosen.id] if chosen.actions else [])))
    turn = f"{chosen.id}-{len(joined)}"
    composer = replace(typed, body=joined, macros=tuple(picked), turn=turn)
    answer = make_response(draw(actor, address, number, composer))
    answer.headers["HX-Replace-Url"] = address.ticket_url(number)
    return answer
