"""Merging: which other ticket of the requester goes on, and what the requester is told."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.access import Actor, may
from app.core.declare import Can
from app.core.errors import Conflict, Invalid, Stale, told_of
from app.core.extensions import db
from app.core.i18n import Text, _, _p
from app.generate import pages
from app.models.messages import Message
from app.models.tickets import Ticket
from app.services import merges, tickets
from app.services.merges import COMMENT, INTO
from app.views.inbox.address import Address
from app.views.inbox.blueprint import agent, blueprint
from app.views.inbox.deeds import find, whole
from app.views.inbox.reply import signed

Answer = str | Response | tuple[str, int]


@blueprint.route("/<view>/<int:number>/merge", methods=["GET", "POST"])
def merge(view: str, number: int) -> Answer:
    """Ask for the ticket that goes on, merge, and go on there."""
    actor, address = agent(), Address.asked(view)
    ticket = find(actor, number)
    if request.method == "GET":
        return _asked(actor, address, ticket)
    into, comment = request.form.get(INTO, ""), request.form.get(COMMENT, "")
    said = signed(comment) if comment.strip() else ""
    try:
        target = merges.merge(
            db.session(), actor, ticket, whole(INTO), comment=said, expected=whole("version")
        )
    except (Invalid, Conflict, Stale) as problem:
        db.session.rollback()
        status = 422 if isinstance(problem, Invalid) else 409
        return _asked(actor, address, find(actor, number), into, comment, problem), status
    db.session.commit()
    flash(str(_done(number, target.id, told=bool(said))), "success")
    return redirect(address.ticket_url(target.id))


def _asked(
    actor: Actor,
    address: Address,
    ticket: Ticket,
    into: str = "",
    comment: str = "",
    problem: Invalid | Conflict | Stale | None = None,
) -> str:
    told = {error.field: error.message for error in problem.errors} if isinstance(problem, Invalid) else {}
    inputs = (_target(actor, ticket, into, told.get(INTO)), _comment(comment))
    page = pages.FormPage(
        title=_("Merge #%(number)s %(title)s", number=ticket.id, title=ticket.title),
        sections=(
            pages.FormSection(
                title="",
                text=_sentences(ticket),
                fields=inputs if may(actor, Can.ADD, Message) else inputs[:1],
            ),
        ),
        action_url=address.deed_url("merge", ticket.id),
        submit_label=_p("verb", "Merge"),
        cancel_url=address.ticket_url(ticket.id),
        version=ticket.version,
        errors=tuple(pages.FieldError(field=name, message=text) for name, text in told.items()),
        notice=told_of(problem) if problem is not None and not told else "",
    )
    return render_template("generated/form.html", page=page)


def _target(actor: Actor, ticket: Ticket, into: str, wrong: Text | None) -> pages.FormField:
    known = tickets.targets(db.session(), actor, ticket)
    ask = Ticket.resource.asks["merge"]
    return pages.FormField(
        name=INTO,
        kind="select",
        label=ask.label,
        help=ask.help,
        value=into,
        required=True,
        options=tuple(pages.Option(value=value, label=label) for value, label in known),
        errors=(wrong,) if wrong else (),
    )


def _comment(typed: str) -> pages.FormField:
    field = merges.choice()[COMMENT]
    return pages.FormField(
        name=COMMENT, kind="long_text", label=field.label, help=field.help or "", value=typed
    )


def _sentences(ticket: Ticket) -> Text:
    said = tickets.consequences(db.session(), ticket, "merge")
    return " ".join(map(str, said))


def _done(number: int, into: int, *, told: bool) -> Text:
    if told:
        return _("#%(number)s goes on here, in #%(into)s. The requester is told.", number=number, into=into)
    return _("#%(number)s goes on here, in #%(into)s.", number=number, into=into)
