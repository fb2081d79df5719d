"""The portal's first page: one search field, topics, own requests, and the way to write to us."""

from __future__ import annotations

from werkzeug.wrappers import Response

from app.core.extensions import db
from app.generate.desk import desk
from app.generate.errors import answer
from app.services import portal as reads
from app.views.portal.blueprint import portal
from app.views.portal.customer import actor_of, current_customer
from app.views.portal.requests import latest

SHOWN = 3
"""Own requests on the first page."""


@portal.get("/")
def home() -> Response:
    """Show where one can go."""
    session, customer = db.session(), current_customer()
    return answer(
        "portal/home.html",
        greeting=desk().greeting,
        sections=reads.sections(session),
        requests=latest(session, actor_of(customer.id), SHOWN).rows if customer else [],
    )
