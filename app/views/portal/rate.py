"""Rating by the link in a mail: looking shows the five, only a tap votes."""

from __future__ import annotations

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from app.access import SYSTEM
from app.core.errors import Conflict, Invalid, Problem, Stale
from app.core.extensions import db
from app.core.i18n import _
from app.generate.errors import answer
from app.generate.forms import errors_of
from app.generate.identity import take
from app.generate.limits import count_try, give_back
from app.models.tickets import Ticket
from app.models.tokens import Purpose
from app.services import feedback, links
from app.views.portal.blueprint import portal
from app.views.portal.customer import SOURCE, actor_of
from app.views.portal.enter import dead
from app.views.portal.forms import go
from app.views.portal.votes import may_vote, rated


@portal.get("/rate/<token>")
def rate(token: str) -> Response:
    """Show the five."""
    one = _ticket_of(token)
    return _page(one) if one else dead()


@portal.post("/rate/<token>")
def vote(token: str) -> Response:
    """Rate the answer for the requester, to whom the link was mailed."""
    one = _ticket_of(token)
    if one is None:
        return dead()
    actor = actor_of(one.customer_id) if one.customer_id else SYSTEM
    take(actor, source=SOURCE)
    try:
        rated(db.session(), actor, one)
    except (Invalid, Conflict, Stale) as problem:
        db.session.rollback()
        return _page(one, problem)
    db.session.commit()
    flash(_("Thank you for telling us."), "success")
    return go(url_for("portal.rate", token=token))


def _ticket_of(token: str) -> Ticket | None:
    count_try("portal-token")
    found = links.find(db.session(), Purpose.RATE, token)
    if found is None:
        return None
    give_back("portal-token")
    one: Ticket | None = db.session.get(Ticket, found.subject_id)
    return one


def _page(one: Ticket, problem: Problem | None = None) -> Response:
    given = feedback.of_ticket(db.session(), one)
    return answer(
        "portal/rate.html",
        problem,
        ticket=one,
        asked=request.args.get("rating", type=int),
        feedback=given,
        may_vote=may_vote(one, given),
        errors=errors_of(problem, ("rating",)),
    )
