"""One's own requests: the list, the conversation, a reply, "Solved, thank you", the rating."""

from __future__ import annotations

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from app.adapters import markdown
from app.core.errors import Conflict, Invalid, Problem, Stale
from app.core.extensions import db
from app.core.i18n import _
from app.generate.errors import answer
from app.generate.forms import errors_of
from app.models.tickets import Ticket
from app.services import feedback, messages
from app.services import portal as reads
from app.services import tickets as verbs
from app.views.portal.blueprint import portal
from app.views.portal.customer import the_customer
from app.views.portal.forms import go
from app.views.portal.requests import latest
from app.views.portal.votes import may_vote, rated

PAGE = 20
NUMBER = "<int(max=9223372036854775807):number>"
"""A ticket's number in an address: no larger than the column holds."""


@portal.get("/tickets/")
def tickets() -> Response:
    """Show one's requests."""
    _customer, actor = the_customer()
    page = latest(db.session(), actor, PAGE, request.args.get("cursor"))
    return answer("portal/tickets.html", page=page)


@portal.get(f"/tickets/{NUMBER}")
def ticket(number: int) -> Response:
    """Show one request and what was said; of one that was merged, that in which it goes on."""
    one = _own(number)
    return _page(one) if one.id == number else go(url_for("portal.ticket", number=one.id))


@portal.post(f"/tickets/{NUMBER}/reply")
def reply(number: int) -> Response:
    """Say something. If somebody answered in the meantime, it is shown first and nothing is lost."""
    _customer, actor = the_customer()
    one, body = _own(number), request.form.get("message_body", "")
    try:
        messages.reply(db.session(), actor, one, body, newest_seen=_seen())
    except (Invalid, Conflict, Stale) as problem:
        db.session.rollback()
        return _page(_own(number), problem, body)
    db.session.commit()
    flash(_("Your message is on its way to us."), "success")
    return _back(one, "reply")


@portal.post(f"/tickets/{NUMBER}/solved")
def solved(number: int) -> Response:
    """Say that the request is solved."""
    _customer, actor = the_customer()
    one = _own(number)
    try:
        verbs.resolve(db.session(), actor, one)
    except (Invalid, Conflict, Stale) as problem:
        db.session.rollback()
        return _page(_own(number), problem)
    db.session.commit()
    flash(_("Good to hear. Thank you!"), "success")
    return _back(one, "rate")


@portal.post(f"/tickets/{NUMBER}/rating")
def rating(number: int) -> Response:
    """Rate the answer, or change the rating."""
    _customer, actor = the_customer()
    one = _own(number)
    try:
        rated(db.session(), actor, one)
    except (Invalid, Conflict, Stale) as problem:
        db.session.rollback()
        return _page(_own(number), problem)
    db.session.commit()
    flash(_("Thank you for telling us."), "success")
    return _back(one, "rate")


def _own(number: int) -> Ticket:
    session, (_customer, actor) = db.session(), the_customer()
    return verbs.followed(session, actor, reads.ticket(session, actor, number))


def _page(one: Ticket, problem: Problem | None = None, body: str = "") -> Response:
    session, actor = db.session(), the_customer()[1]
    said, given = reads.conversation(session, actor, one), feedback.of_ticket(session, one)
    return answer(
        "portal/ticket.html",
        problem,
        ticket=one,
        opening=markdown.render(one.description),
        said=said,
        newest=max((one.message.id for one in said), default=0),
        feedback=given,
        may_vote=may_vote(one, given),
        body=body,
        errors=errors_of(problem, ("message_body",)),
    )


def _seen() -> int | None:
    seen = request.form.get("newest", "")
    return int(seen) if seen.isdecimal() and len(seen) < 19 else None


def _back(one: Ticket, place: str) -> Response:
    return go(url_for("portal.ticket", number=one.id, _anchor=place))
