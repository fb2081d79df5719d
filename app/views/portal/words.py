"""A customer's words for where a request stands."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.i18n import Text, _
from app.models.tickets import Status


@dataclass(frozen=True, slots=True)
class Standing:
    """How a state is called here, and the tone it is drawn in."""

    words: Text
    tone: str


WORKING = Standing(_("We are on it"), "accent")
WAITING = Standing(_("Waiting for you"), "warn")
SOLVED = Standing(_("Solved"), "ok")

STANDINGS: dict[Status, Standing] = {
    Status.NEW: WORKING,
    Status.OPEN: WORKING,
    Status.PENDING: WAITING,
    Status.RESOLVED: SOLVED,
    Status.CLOSED: SOLVED,
}

RATINGS: dict[int, Text] = {
    1: _("Bad"),
    2: _("Not good"),
    3: _("All right"),
    4: _("Good"),
    5: _("Excellent"),
}
