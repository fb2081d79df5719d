"""The decision: rules are followed in memory, an agent is looked for once, and all of it is written down."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.fields import CUSTOM
from app.models.people import Employee
from app.models.routing import Decision, RuleEvent
from app.models.tickets import Ticket
from app.record import put
from app.record.changes import plain
from app.services.coverage import moment_of
from app.services.routing.agents import Staff, Wish, chosen
from app.services.routing.book import Book, book_of
from app.services.routing.run import Run, seen

DECIDED = ("team_id", "assignee_id", "priority", "tags", "status")
"""What routing may set."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that is not written down yet; what it holds is what `Decision` keeps."""

    event: RuleEvent
    inputs: dict[str, Any]
    trace: list[dict[str, Any]]
    outcome: dict[str, Any]
    changes: dict[str, Any]


class Router:
    """Routes tickets one after the other: by the rules and the agents as they stand, read once for all.

    Four statements at most, and one for each team that comes up.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.book = book_of(session)
        self.staff = Staff(session)
        self._active: dict[int, bool] = {}

    def route(self, ticket: Ticket, event: RuleEvent, keep: Collection[str] = ()) -> Decided:
        """Let the rules of `event` act on the unsaved `ticket`; return the decision, for `write_down`.

        Values named in `keep` (team_id, assignee_id) stay as they are.
        """
        inputs: dict[str, Any] = {"fields": seen(self.book.asked[event], ticket)}
        moment, was = moment_of(self.session, team_id=ticket.team_id), _standing(ticket)
        run = Run(self.book, ticket, moment, keep, _before(self.book, ticket))
        run.follow(event)
        picked = None
        if run.agent is not None and "assignee_id" not in keep:
            picked, looked_at = self._pick(ticket, run.agent)
            inputs |= {"agent": run.agent, "team_id": ticket.team_id, **looked_at}
            ticket.assignee_id = picked or ticket.assignee_id
        outcome = _standing(ticket)
        return Decided(
            event=event,
            inputs=inputs,
            trace=run.trace,
            outcome=outcome | {"rules": run.matched, "picked": picked},
            changes={
                name: {"old": was[name], "new": new} for name, new in outcome.items() if new != was[name]
            },
        )

    def _pick(self, ticket: Ticket, agent: Any) -> tuple[int | None, dict[str, Any]]:
        if isinstance(agent, int):
            known = agent if self._is_active(agent) else None
            return known, {"note": None if known else "agent_gone"}
        if ticket.team_id is None:
            return None, {"note": "no_team"}
        found = self.staff.candidates(ticket.team_id, Wish.read(agent))
        picked = chosen(found)
        note = None if picked else "nobody_free"
        return picked, {"note": note, "candidates": [one.as_json() for one in found]}

    def _is_active(self, agent: int) -> bool:
        if agent not in self._active:
            there = select(Employee.id).where(Employee.id == agent, Employee.active.is_(True))
            self._active[agent] = self.session.scalar(there) is not None
        return self._active[agent]


def reroute(session: Session, ticket: Ticket, keep: Collection[str] = ()) -> Decided | None:
    """Let the rules for changed tickets act on a changed, not yet flushed `ticket`.

    Return the decision if a rule matched; else there is nothing to tell.
    """
    if not session.is_modified(ticket):
        return None
    router = Router(session)
    if not router.book.rules[RuleEvent.UPDATED]:
        return None
    decision = router.route(ticket, RuleEvent.UPDATED, keep)
    return decision if decision.outcome["rules"] else None


def write_down(session: Session, decided: Iterable[tuple[Ticket, Decided]]) -> None:
    """Keep decisions about saved tickets."""
    put(session, Decision, (_row(ticket, decision) for ticket, decision in decided))


def _row(ticket: Ticket, decision: Decided) -> dict[str, Any]:
    return {
        "ticket_id": ticket.id,
        "event": decision.event,
        "inputs": decision.inputs,
        "trace": decision.trace,
        "outcome": decision.outcome,
        "changes": decision.changes,
        "created_at": now(),
    }


def rule_of(decision: Decided | None) -> int | None:
    """Return the rule that had the last word, None if none matched."""
    return decision.outcome["rules"][-1] if decision and decision.outcome["rules"] else None


def reason_of(decision: Decided | None, ticket: Ticket) -> str:
    """Return why the assignee of a ticket has it: `routing`, or else `manual`."""
    picked = decision is not None and decision.outcome["picked"] is not None
    return "routing" if picked and ticket.assignee_id is not None else "manual"


def _standing(ticket: Ticket) -> dict[str, Any]:
    """Return what routing may set, as it stands."""
    return {name: plain(getattr(ticket, name)) for name in DECIDED}


def _before(book: Book, ticket: Ticket) -> Mapping[str, Any]:
    """Return the former values of what was changed and not yet flushed, by field name."""
    state: Any = inspect(ticket)
    if not state.persistent:
        return {}
    former = {
        attribute.key: attribute.history.deleted[0]
        for attribute in state.attrs
        if attribute.key in state.mapper.column_attrs and attribute.history.deleted
    }
    asked = (field for field in book.fields.values() if (CUSTOM if field.custom else field.name) in former)
    return {field.name: field.read(former) for field in asked}
