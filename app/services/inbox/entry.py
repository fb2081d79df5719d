"""Who works in the inbox: whoever may read tickets, and all of a ticket that the inbox is made of."""

from __future__ import annotations

from app.access import Actor, hidden, may
from app.core.declare import Can
from app.models.tickets import Ticket

SHOWN = frozenset(
    {
        "assignee_id", "channel", "created_at", "customer_id", "description", "email", "last_activity_at",
        "last_agent_at", "last_customer_at", "priority", "status", "team_id",
    }
)  # fmt: skip
"""What every page of the inbox shows of a ticket, or is ordered by."""


def is_open_to(actor: Actor) -> bool:
    """Tell whether the inbox is a place for the actor.

    From whom something is hidden that it cannot do without works in the list of tickets instead.
    """
    return may(actor, Can.READ, Ticket) and not SHOWN & hidden(actor, Ticket)
