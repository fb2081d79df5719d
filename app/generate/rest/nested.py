"""Lists that belong to one row: what happened to a ticket, and why; what a job could not do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.core.i18n import Text, _
from app.models.jobs import Job, JobFailure
from app.models.routing import Decision
from app.models.tickets import Ticket, TicketChange


@dataclass(frozen=True, kw_only=True)
class Nested:
    """`GET /<parent>/{id}/<path>`: the rows of `model` whose `column` is that id."""

    path: str
    parent: Any
    model: Any
    column: str
    summary: Text
    own_grants: bool = True
    """Whether the grants of `model` count besides those of the row."""


NESTED = (
    Nested(
        path="history", parent=Ticket, model=TicketChange, column="ticket_id",
        summary=_("What changed in a ticket, newest first"), own_grants=False,
    ),
    Nested(
        path="decisions", parent=Ticket, model=Decision, column="ticket_id",
        summary=_("What routing decided for a ticket, and why"),
    ),
    Nested(
        path="failures", parent=Job, model=JobFailure, column="job_id",
        summary=_("The rows that a job could not do, and why"),
    ),
)  # fmt: skip
SEARCHED = (Ticket,)
"""Resources with `POST /<table>/search`."""
