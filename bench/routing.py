"""Routing: what 200 rules cost one ticket, and how many pairs of rule and ticket a core tries in a second."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.extensions import db
from app.models.fields import revisions
from app.models.routing import RoutingRule, RuleEvent
from app.models.tickets import Priority, Status, Ticket
from app.record import act_as
from app.services import routing
from app.services.routing.book import book_of
from app.services.routing.run import Run
from bench.cluster import Place, copied
from bench.data import application
from bench.report import FIGURES, Table, at_least, at_most

TITLE = "Routing"
RULES, TICKETS = 200, 500
MOST_MS, PAIRS = 5.0, 100_000


def run(places: list[Place]) -> list[Table]:
    """Measure on the smallest size: rules look at one ticket, not at the table."""
    with copied(places[0], "routing") as place, application(place).app_context():
        session = db.session()
        act_as(session, SYSTEM, source="bench")
        tickets = [_unsaved(row) for row in session.scalars(select(Ticket).limit(TICKETS))]
        pairs = _pairs_a_second(session, tickets)
        _add_rules(session)
        alone = _milliseconds(session, tickets)
        many = _pairs_a_second(session, tickets)
        db.session.remove()
        db.engine.dispose()
    rows = [
        at_most(f"one ticket, {RULES} rules, reading and decision included", alone, MOST_MS, "{:.2f} ms"),
        at_least("pairs of rule and ticket, twelve rules of the desk", pairs, PAIRS, "{:,.0f} a second"),
        at_least(f"pairs of rule and ticket, {RULES} rules", many, PAIRS, "{:,.0f} a second"),
    ]
    return [Table("Rules, in CPU of one process", FIGURES, rows)]


def _add_rules(session: Session) -> None:
    """Put so many rules before those of the desk that there are 200: each asks twice, and none matches."""
    known = len(book_of(session).rules[RuleEvent.CREATED])
    rules = [_rule(number) for number in range(RULES - known)]
    session.connection().execute(insert(RoutingRule.__table__), rules)
    session.connection().execute(
        revisions.update().where(revisions.c.name == "routing_rules").values(number=revisions.c.number + 1)
    )
    session.commit()


def _rule(number: int) -> dict[str, object]:
    word = {"field": "title", "op": "contains", "value": f"word{number}"}
    tag = {"field": "tags", "op": "contains", "value": f"tag{number}"}
    asked = [{"field": "status", "op": "is", "value": "new"}, {"any": [word, tag]}]
    action = {"priority": "high"}
    return {"rule_name": f"Rule {number}", "criteria": {"all": asked}, "action": action, "priority": number}


def _unsaved(row: Ticket) -> Ticket:
    names = ("email", "title", "description", "category", "language", "custom_fields", "channel")
    values = {name: getattr(row, name) for name in names}
    return Ticket(**values, status=Status.NEW, priority=Priority.MEDIUM, tags=list(row.tags))


def _milliseconds(session: Session, tickets: list[Ticket]) -> float:
    """Return the median CPU of routing a ticket, its statements and its decision included."""

    def each() -> Iterator[float]:
        for ticket in tickets:
            started = time.process_time()
            routing.Router(session).route(ticket, RuleEvent.CREATED)
            yield (time.process_time() - started) * 1000

    return statistics.median(each())


def _pairs_a_second(session: Session, tickets: list[Ticket]) -> float:
    """Return how many rules are tried on tickets in a second of CPU, with the trace that each leaves."""
    book, tried = book_of(session), 0
    started = time.process_time()
    for ticket in tickets:
        follow = Run(book, ticket, keep=("team_id", "assignee_id"))
        follow.follow(RuleEvent.CREATED)
        tried += len(follow.trace)
    return tried / (time.process_time() - started)
