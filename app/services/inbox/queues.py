"""The queues of the inbox: which tickets each holds, and how many wait there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    and_,
    false,
    func,
    literal,
    literal_column,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from app.access import Actor, per_actor, scope_of, visible
from app.core.declare import Can, Scope
from app.core.errors import NotFound
from app.core.i18n import Text, _
from app.core.prepared import one_plan
from app.models.teams import Team
from app.models.tickets import Status, Ticket
from app.services import saved_views
from app.services.inbox.order import NEWEST, Order

CAP = 99
"""Tickets of each queue are counted up to here, for every page and however many there are."""

TEAM, VIEW = "team-", "view-"
"""What the names of the queues of teams and saved views begin with."""
VIEWS = 9
"""Saved views that stand beside the queues; the others are found above the list of tickets."""

OPEN = (Status.NEW, Status.OPEN)
STATES: Mapping[str, tuple[Status, ...]] = {
    "open": OPEN,
    "pending": (Status.PENDING,),
    "resolved": (Status.RESOLVED, Status.CLOSED),
    "all": tuple(Status),
}
"""The groups of states one can look at: what asks for work, what waits for the customer, what is done."""


@dataclass(frozen=True)
class Queue:
    """One view: its name in the address, its title, whose tickets it holds, in which states at first."""

    key: str
    title: Text
    where: ColumnElement[bool]
    state: str = "open"
    fixed: bool = False
    """Whether the view is all about one group of states."""
    order: Order = NEWEST
    archived_too: bool = False
    """Whether tickets that were archived are among them."""
    notice: Text = ""
    """What of the view is not as it says."""

    @property
    def team(self) -> int | None:
        """Return the team whose queue this is."""
        return team_of(self.key)


@dataclass(frozen=True)
class Kept:
    """A saved view of tickets: its name, and what it shows, as the address of their list says it."""

    name: str
    query: str


@dataclass(frozen=True)
class Places:
    """How many tickets wait in each queue, up to CAP + 1, the actor's teams by name, and their views."""

    counts: Mapping[str, int]
    teams: Mapping[int, str]
    views: Mapping[int, Kept]
    least: frozenset[str] = frozenset()
    """Queues in which there can be more than were counted."""
    crowded: bool = False
    """Whether the view that is open holds more tickets than can be sorted as it says."""


def places(session: Session, actor: Actor) -> Places:
    """Return the counts of all queues of an actor, and the views of tickets they are offered: one statement.

    What is in the views is not counted: that is for `with_views`.
    """
    with one_plan(session):
        rows = session.execute(_counts(actor)).all()
    teams = sorted((row for row in rows if row.name is not None), key=_name)
    views = saved_views.of_list(session, actor, Ticket.__tablename__)[:VIEWS]
    return Places(
        counts={row.key: row.number for row in rows},
        teams={team: row.name for row in teams if (team := team_of(row.key)) is not None},
        views={view.id: Kept(view.name, view.query) for view in sorted(views, key=_name)},
    )


def _name(row: Any) -> str:
    name: str = row.name
    return name.casefold()


@per_actor
def _counts(actor: Actor) -> CompoundSelect[Any]:
    fixed = {name: _queue(actor, name).where for name in ("mine", "unassigned", "open")}
    parts = [
        select(literal(key).label("key"), null().label("name"), _count(actor, where).label("number"))
        for key, where in fixed.items()
    ]
    own = Ticket.team_id == Team.id
    teams = select(func.concat(TEAM, Team.id), Team.name, _count(actor, own)).where(
        _works_for(actor), Team.is_active.is_(True)
    )
    return union_all(*parts, teams)


def queue(actor: Actor, key: str, teams: Mapping[int, str]) -> Queue:
    """Return the queue named `key` in an address. Raises NotFound for another's team, or none."""
    team = team_of(key)
    if team is None:
        return _queue(actor, key)
    if team not in teams:
        raise NotFound
    return Queue(key, teams[team], Ticket.team_id == team)


def team_of(key: str) -> int | None:
    """Return the number in `team-3`, None for another queue."""
    return _number_of(key, TEAM)


def view_of(key: str) -> int | None:
    """Return the number in `view-3`, None for another queue."""
    return _number_of(key, VIEW)


def _number_of(key: str, kind: str) -> int | None:
    number = key.removeprefix(kind)
    return int(number) if key.startswith(kind) and number.isdecimal() and len(number) < 10 else None


def _queue(actor: Actor, key: str) -> Queue:
    mine = Ticket.assignee_id == actor.id if actor.is_employee else false()
    known = {
        "mine": Queue("mine", _("My inbox"), mine),
        "unassigned": Queue("unassigned", _("Unassigned"), Ticket.assignee_id.is_(None)),
        "open": Queue("open", _("Open"), true(), "open", fixed=True),
        "pending": Queue("pending", _("Pending"), true(), "pending", fixed=True),
        "resolved": Queue("resolved", _("Resolved"), true(), "resolved", fixed=True),
    }
    if key not in known:
        raise NotFound
    return known[key]


def _count(actor: Actor, where: ColumnElement[bool]) -> Any:
    inner = select(literal(1)).where(and_(visible(actor, Ticket), where, waiting()))
    counted = inner.limit(literal_column(str(CAP + 1))).select_from(Ticket).correlate(Team).subquery()
    return select(func.count()).select_from(counted).scalar_subquery()


def _works_for(actor: Actor) -> ColumnElement[bool]:
    """Return the criterion of teams whose tickets the actor sees: their own, unless they see all."""
    sees_all = scope_of(actor, Can.READ, Ticket) is Scope.ALL
    return visible(actor, Team) if sees_all else Team.id.in_(sorted(actor.teams))


def waiting() -> ColumnElement[bool]:
    """Return the criterion of tickets that ask for work, with its values in it: an index holds just these."""
    states = [literal(state, Ticket.status.type, literal_execute=True) for state in OPEN]
    return and_(Ticket.status.in_(states), Ticket.archived_at.is_(None))
