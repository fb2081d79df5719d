"""A new request: topic, its fields, subject and text; then its number and what happens next."""

from __future__ import annotations

from typing import Any

from flask import request, session, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response

from app.access import SYSTEM
from app.core.errors import Conflict, Invalid, Problem, TooMany
from app.core.extensions import db
from app.fields import Option, Purpose, check, columns_of
from app.generate.asking import ANEW, Asking, asking
from app.generate.errors import answer
from app.generate.forms import errors_of, sections, stored, typed_in, zone
from app.generate.identity import take
from app.generate.limits import count_try
from app.models.tickets import Channel, Ticket
from app.services import customers, tickets
from app.services import portal as reads
from app.views.portal.asking import ASKS, askable, inputs, topics, unwritten
from app.views.portal.blueprint import portal
from app.views.portal.customer import SOURCE, actor_of, current_customer
from app.views.portal.forms import go, summary

SENT = "portal_sent"
"""What was just sent, kept for the page that says so."""


@portal.get("/new")
def new() -> Response:
    """Ask for the topic, then for what belongs to it."""
    offered = topics(db.session())
    topic = _topic(offered)
    return _form(topic) if topic or not offered else answer("portal/topics.html", topics=offered)


@portal.post("/new")
def send() -> Response:
    """Write the request. A guest's address gets a link by which it can be followed."""
    offered = topics(db.session())
    topic = _topic(offered)
    if offered and topic is None:
        return go(url_for("portal.new"))
    asks, raw = _typed(topic)
    if asks.is_open:
        return _form(topic)
    try:
        fields = unwritten(db.session(), asks.fields)
        values = columns_of(fields, check(fields, asks.of(raw), ASKS, Purpose.CREATE, zone()))
        ticket = _write(values, topic)
    except (Invalid, Conflict, TooMany) as problem:
        db.session.rollback()
        return _form(topic, problem)
    db.session.commit()
    session[SENT] = {"number": ticket.id, "email": ticket.email}
    return go(url_for("portal.sent"))


@portal.get("/new/sent")
def sent() -> Response:
    """Say the number of what was just sent, and what happens next."""
    said = session.get(SENT)
    return answer("portal/sent.html", **said) if said else go(url_for("portal.home"))


def _write(values: dict[str, Any], topic: Option | None) -> Ticket:
    values |= {"category": topic.value if topic else None, "language": str(get_locale())}
    customer = current_customer()
    if customer is not None:
        return tickets.add(db.session(), actor_of(customer.id), values)
    count_try("portal-link", values["email"])
    take(SYSTEM, source=SOURCE)  # nobody has proved to be this address
    ticket = tickets.add(db.session(), SYSTEM, {**values, "channel": Channel.PORTAL})
    customers.send_link(db.session(), values["email"])
    return ticket


def _typed(topic: Option | None) -> tuple[Asking, dict[str, Any]]:
    """Return what is asked, given what was typed, and what that is by field; the topic counts as typed."""
    fields = askable(db.session(), guest=current_customer() is None)
    raw = typed_in(request.form, fields.values())
    known = raw | {"category": topic.value if topic else None}
    return asking(db.session(), fields, None, known, request.form or None), raw


def _form(topic: Option | None, problem: Problem | None = None) -> Response:
    asks, typed = _typed(topic)
    raw = asks.with_fresh(typed, stored(asks.fields, None)) if request.form else stored(asks.fields, None)
    errors = errors_of(problem, tuple(asks.fields))
    url = url_for("portal.send", topic=topic.value if topic else None)
    shown = asks.live(inputs(asks.fields, raw, errors), url)
    about = str(raw.get("title") or (topic.label if topic else ""))
    return answer(
        "portal/write.html",
        problem,
        topic=topic,
        url=url,
        sections=sections(asks.fields, shown, further=""),
        hidden_inputs=asks.hidden,
        notice=ANEW if asks.fresh and not asks.is_redraw else "",
        errors=summary(errors, shown),
        hints=reads.hints(db.session(), about) if about else [],
    )


def _topic(offered: tuple[Option, ...]) -> Option | None:
    asked_for = request.values.get("topic")
    return next((option for option in offered if option.value == asked_for), None)
