"""Answering: a reply the customer reads, or a note that stays inside."""

from __future__ import annotations

from flask import flash, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response

from app.access import may
from app.core.declare import Can
from app.core.errors import Conflict, Invalid, Stale
from app.core.extensions import db
from app.core.i18n import Text, _
from app.fields import fields_of
from app.models.tickets import Status, Ticket
from app.services import macros, messages
from app.views.inbox.address import Address
from app.views.inbox.blueprint import agent, blueprint
from app.views.inbox.composer import Composer
from app.views.inbox.deeds import find, go_on, refuse, whole

STATES = {status.value: status for status in (Status.OPEN, Status.PENDING, Status.RESOLVED)}
"""What a reply may leave a ticket at."""


@blueprint.post("/<view>/<int:number>/reply")
def reply(view: str, number: int) -> Response:
    """Send what was written, and make the changes of its macros. Whatever is refused, nothing is lost."""
    actor, address = agent(), Address.asked(view)
    ticket, typed = find(actor, number), Composer.typed()
    status = None if typed.is_note else STATES.get(request.form.get("status", ""))
    try:
        messages.reply(
            db.session(),
            actor,
            ticket,
            _signed(typed),
            internal=typed.is_note,
            newest_seen=whole("newest_seen"),
            status=status,
        )
        for one in macros.known(db.session(), actor, typed.macros):
            macros.apply(db.session(), actor, one, ticket, also_status=typed.is_note)
    except Stale as problem:
        return refuse(actor, address, number, 409, composer=typed.saying(warning=problem.message))
    except Conflict as problem:
        return refuse(actor, address, number, 409, composer=typed.saying(problem.message))
    except Invalid as problem:
        return refuse(actor, address, number, 422, composer=typed.saying(*_messages(problem)))
    db.session.commit()
    flash(str(_done(typed, status)), "success")
    return go_on(address, number) if may(actor, Can.READ, ticket) else redirect(address.list_url)


def _signed(typed: Composer) -> str:
    return typed.body if typed.is_note else signed(typed.body)


def signed(body: str) -> str:
    """Return the words as they are sent: a reply bears the writer's signature."""
    if not body.strip() or not current_user.signature:
        return body
    return f"{body.rstrip()}\n\n{current_user.signature}"


def _messages(problem: Invalid) -> list[Text]:
    """Say what is wrong; a field of the ticket is named, since it stands elsewhere on the page."""
    own = {"message_body"}
    return [
        error.message if error.field in own else f"{_label(error.field)}: {error.message}"
        for error in problem.errors
    ]


def _label(name: str) -> Text:
    fields = fields_of(db.session(), Ticket)
    return fields[name].label if name in fields else name


def _done(typed: Composer, status: Status | None) -> Text:
    if typed.is_note:
        return _("Note added")
    return _("Reply sent, ticket resolved") if status is Status.RESOLVED else _("Reply sent")
