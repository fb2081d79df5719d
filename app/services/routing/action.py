"""What a rule does to a ticket in memory. What cannot be done is noted, and the rest is done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from app.models.tickets import ACTIVE, Priority, Status, Ticket


def apply(
    action: Mapping[str, Any], ticket: Ticket, teams: Collection[int], keep: Collection[str]
) -> Iterator[str]:
    """Set team, priority, tags and status; yield a note for what is left undone (`team_gone`)."""
    if "team" in action:
        yield from _team(action["team"], ticket, teams, keep)
    if action.get("priority") in list(Priority):
        ticket.priority = Priority(action["priority"])
    if action.get("add_tags"):
        ticket.tags = list(joined(ticket.tags, action["add_tags"]))
    if action.get("status") in ACTIVE and ticket.is_active:
        ticket.status = Status(action["status"])


def _team(team: int, ticket: Ticket, teams: Collection[int], keep: Collection[str]) -> Iterator[str]:
    if "team_id" in keep:
        yield "team_kept"
    elif team not in teams:
        yield "team_gone"
    else:
        ticket.team_id = team


def joined(tags: Iterable[str], more: Iterable[str]) -> Iterator[str]:
    """Yield `tags`, then of `more` those that are not among them, however they are spelt."""
    tags = list(tags)
    known = {tag.casefold() for tag in tags}
    yield from tags
    for tag in more:
        if tag.casefold() not in known:
            known.add(tag.casefold())
            yield tag
