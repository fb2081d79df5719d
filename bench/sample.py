"""The rows, words and places in a list that are asked for: drawn from the database, not made up."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import orjson

from app.demo.people import TEAMS
from bench.cluster import Place, one

COMMON = "order"
"""A word of every fifth ticket."""


@dataclass(frozen=True)
class Sample:
    """What the pages of one database are asked for."""

    told: tuple[int, ...]
    """Tickets that were routed and answered, each with conversation, history and decision."""
    active: tuple[int, ...]
    rare: tuple[str, ...]
    """Words of a handful of tickets each."""
    open_half: int
    """How many open tickets stand before the middle of their list."""
    all_half: int
    half_of_open: str
    half_of_all: str
    half_of_inbox: str

    def rare_word(self, number: int) -> str:
        return self.rare[number % len(self.rare)]

    def told_ticket(self, number: int) -> int:
        return self.told[number % len(self.told)]

    def active_ticket(self, number: int) -> int:
        return self.active[number % len(self.active)]


def crowd(place: Place) -> None:
    """Let the agent who asks work in every team of the demo desk: so a page of their inbox is always full.

    Else growth would compare a page of 22 tickets with one of 50.
    """
    with place.session() as session:
        session.execute(CROWD.encode(), [list(TEAMS)])


def sample_of(place: Place) -> Sample:
    """Draw a sample, the same for the same data."""
    with place.session() as session:

        def column(statement: str) -> tuple[Any, ...]:
            return tuple(value for (value,) in session.execute(statement.encode()))

        (open_half,) = one(session, "SELECT count(*) / 2 FROM tickets WHERE status = 'open'")
        (all_half,) = one(session, "SELECT count(*) / 2 FROM tickets")
        middle = "SELECT created_at, id FROM tickets {} ORDER BY created_at DESC, id DESC OFFSET %s LIMIT 1"
        return Sample(
            told=column(TOLD),
            active=column(ACTIVE),
            rare=column(RARE),
            open_half=open_half,
            all_half=all_half,
            half_of_open=_list_cursor(
                one(session, middle.format("WHERE status = 'open'"), open_half),
            ),
            half_of_all=_list_cursor(one(session, middle.format(""), all_half)),
            half_of_inbox=_inbox_cursor(one(session, INBOX)),
        )


def _list_cursor(row: tuple[Any, ...]) -> str:
    moment, key = row
    packed = orjson.dumps([moment.isoformat(), key, False])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _inbox_cursor(row: tuple[Any, ...]) -> str:
    moment, key = row
    return f"{moment.isoformat().replace('+', '%2B')}_{key}"


CROWD = """
INSERT INTO employee_teams (employee_id, team_id, role_in_team, created_at)
SELECT ab_user.id, teams.id, 'agent', now() FROM ab_user, teams
WHERE email = 'agent@example.com' AND teams.name = ANY(%s)
ON CONFLICT DO NOTHING
"""
TOLD = """
SELECT ticket_id FROM routing_decisions
JOIN ticket_messages USING (ticket_id) JOIN ticket_history USING (ticket_id)
GROUP BY ticket_id HAVING count(DISTINCT ticket_messages.id) >= 3 ORDER BY ticket_id LIMIT 50
"""
ACTIVE = "SELECT id FROM tickets WHERE status IN ('new', 'open', 'pending') ORDER BY id DESC LIMIT 500"
RARE = r"""
SELECT DISTINCT substring(title FROM '\m\d{6}\M') AS word FROM tickets
WHERE title ~ '\m\d{6}\M' AND id % 97 = 0 ORDER BY word LIMIT 25
"""
INBOX = """
WITH waiting AS (
  SELECT last_activity_at, id FROM tickets WHERE status IN ('new', 'open') AND archived_at IS NULL
)
SELECT * FROM waiting ORDER BY last_activity_at DESC, id DESC
OFFSET (SELECT count(*) / 2 FROM waiting) LIMIT 1
"""
