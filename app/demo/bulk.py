"""Very many tickets by COPY, for measurements: three messages each, spread over two years."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app.core.clock import now
from app.demo.stories import CITIES, PRODUCTS, STORIES
from app.models.customers import Customer
from app.models.people import Employee
from app.models.teams import Team
from app.models.tickets import Priority

CHUNK = 50_000
OPEN_SHARE = 0.02
"""Part of the tickets that is still somebody's work: the open set stays small while the table grows."""
TICKET = (
    "id", "email", "category", "status", "priority", "title", "description", "tags", "custom_fields", "customer_id",
    "team_id", "assignee_id", "channel", "language", "created_at", "updated_at", "last_activity_at",
    "first_response_at", "resolved_at",
)  # fmt: skip
MESSAGE = (
    "ticket_id",
    "sender_id",
    "sender_type",
    "message_body",
    "body_html",
    "is_internal",
    "channel",
    "created_at",
)


def copy_tickets(session: Session, count: int, seed: int) -> int:
    """Add `count` tickets with three messages each. They bypass routing and history: they are ballast."""
    connection: Any = session.connection().connection.dbapi_connection
    dice = random.Random(seed)
    world = _World(session)
    with connection.cursor() as cursor:
        for start in range(0, count, CHUNK):
            size = min(CHUNK, count - start)
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('tickets', 'id')) FROM generate_series(1, %s)", [size]
            )
            tickets = [world.ticket(key, dice) for (key,) in cursor.fetchall()]
            _copy(cursor, "tickets", TICKET, (tuple(ticket[name] for name in TICKET) for ticket in tickets))
            _copy(
                cursor, "ticket_messages", MESSAGE, (row for ticket in tickets for row in _messages(ticket))
            )
    session.commit()
    return count


class _World:
    """Those who write and answer."""

    def __init__(self, session: Session) -> None:
        self.customers = list(session.execute(select(Customer.id, Customer.email)))
        self.teams = list(session.scalars(select(Team.id)))
        self.employees = list(session.scalars(select(Employee.id)))
        self.today = now()

    def ticket(self, key: int, dice: random.Random) -> dict[str, Any]:
        story, (customer, email) = dice.choice(STORIES), dice.choice(self.customers)
        created = self.today - dt.timedelta(minutes=dice.randrange(2 * 365 * 24 * 60))
        active = dice.random() < OPEN_SHARE
        words = {
            "order": f"{dice.randrange(990000):06}",
            "product": dice.choice(PRODUCTS),
            "amount": "20",
            "city": dice.choice(CITIES),
        }
        answered, resolved = (
            created + dt.timedelta(hours=2),
            created + dt.timedelta(hours=dice.randrange(3, 90)),
        )
        return {
            "id": key, "email": email, "category": story.topic, "status": dice.choice(("new", "open", "pending")) if active else "closed",
            "priority": dice.choice(list(Priority)).value, "title": story.title.format(**words),
            "description": story.text.format(**words), "tags": orjson.dumps(list(story.tags)).decode(),
            "custom_fields": orjson.dumps({"order_number": words["order"], "seats": dice.randrange(1, 200)}).decode(),
            "customer_id": customer, "team_id": dice.choice(self.teams), "assignee_id": dice.choice(self.employees),
            "channel": "portal", "language": "de" if story.german else "en", "created_at": created, "updated_at": resolved,
            "last_activity_at": answered if active else resolved, "first_response_at": answered,
            "resolved_at": None if active else resolved, "story": story,
        }  # fmt: skip


def _messages(ticket: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    story, key, moment = ticket["story"], ticket["id"], ticket["created_at"]
    said = (
        ("customer", ticket["customer_id"], story.more or "Any news?"),
        ("employee", ticket["assignee_id"], story.answer),
        ("customer", ticket["customer_id"], story.thanks),
    )
    for hours, (kind, sender, words) in enumerate(said, start=1):
        yield key, sender, kind, words, f"<p>{words}</p>", False, "portal", moment + dt.timedelta(hours=hours)


def _copy(cursor: Any, table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def vacuum(owner: Engine) -> None:
    """Let the planner know, and GIN indexes be used. Only the owner of the tables may: others are passed over."""
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE)"))
