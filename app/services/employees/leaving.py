"""Somebody leaves: their work is handed over, and what let them in ends, in one step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.access import SYSTEM, Actor, require, visible
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict
from app.core.i18n import Text, _, _n
from app.models.jobs import JobKind
from app.models.keys import ApiKey
from app.models.people import Employee
from app.models.teams import Membership, Team
from app.models.tickets import ACTIVE, Ticket
from app.record import flush, log
from app.services import api_keys, jobs, links, login_sessions, tickets
from app.services.employees import guard

AT_ONCE = 100
"""Tickets handed over within the request; more go on as a job."""
OFFERED = 500
"""Teams, and people, that are offered."""
QUEUE = "queue"
"""The answer that leaves each ticket to its own team."""


def heirs(session: Session, actor: Actor, employee: Employee) -> list[tuple[str, Text]]:
    """Return who can take the open tickets of somebody who leaves, as values and labels."""
    team = select(Team.id, Team.name).where(Team.is_active, visible(actor, Team)).order_by(Team.name)
    others = (Employee.active.is_(True), Employee.id != employee.id, visible(actor, Employee))
    person = select(Employee.id, Employee.name).where(*others).order_by(Employee.name, Employee.id)
    return [
        (QUEUE, _("The queue of each ticket's team")),
        *(
            (f"team:{row.id}", _("Team %(name)s", name=row.name))
            for row in session.execute(team.limit(OFFERED))
        ),
        *((f"employee:{row.id}", row.name) for row in session.execute(person.limit(OFFERED))),
    ]


def consequences(session: Session, employee: Employee, verb: str) -> Iterator[Text]:
    """Yield what the deactivation of somebody would do, in sentences with numbers."""
    if verb != "deactivate":
        return
    open_ = _count(session, Ticket, _open(employee))
    yield _n("%(num)s open ticket is handed over.", "%(num)s open tickets are handed over.", open_)
    if open_ > AT_ONCE:
        yield _("That goes on in the background.")
    ended = _count(session, Membership, Membership.employee_id == employee.id)
    if ended:
        yield _n("%(num)s membership in a team ends.", "%(num)s memberships in teams end.", ended)
    keys = _count(session, ApiKey, _keys(employee))
    if keys:
        yield _n("%(num)s API key is revoked.", "%(num)s API keys are revoked.", keys)
    yield _("All sessions end at once, and no link lets them in.")


def deactivate(session: Session, actor: Actor, employee: Employee, heir: str) -> Any:
    """End an account and hand its open tickets to `heir`: `queue`, `team:3` or `employee:5`.

    Memberships, sessions, links and API keys of the person end with it, in this transaction. Returns the job
    that hands many tickets over, else the employee. Raises NotFound, Conflict, Invalid.
    """
    require(actor, Can.EDIT, employee)
    if not employee.active:
        raise Conflict(_("This account is not active any more."))
    guard.refuse_own(actor, employee, {"active": False})
    guard.keep_an_administrator(session, employee, {"active": False})
    guard.refuse_higher(session, actor, employee)
    employee.active = False
    login_sessions.end_all(session, employee)
    links.forget(session, "employee", employee.id)
    for membership in session.scalars(select(Membership).where(Membership.employee_id == employee.id)):
        session.delete(membership)
    for key in session.scalars(select(ApiKey).where(_keys(employee))):
        api_keys.revoke(session, SYSTEM, key)
    flush(session)
    log(session, "HAND_OVER", employee, {"to": heir, "tickets": _count(session, Ticket, _open(employee))})
    return _hand_over(session, actor, employee, _place(heir)) or employee


def _hand_over(session: Session, actor: Actor, employee: Employee, place: dict[str, int | None]) -> Any:
    """Give every open ticket its new place; return the job where there are many."""
    count = _count(session, Ticket, _open(employee))
    if count > AT_ONCE:
        said = {"selection": {"tree": _tree(employee)}, "typed": {n: _typed(v) for n, v in place.items()}}
        spoken = {**said, "zone": "UTC"}
        return jobs.start(session, actor, JobKind.BULK, Ticket, "edit", arguments=spoken, total=count)
    for ticket in session.scalars(select(Ticket).where(_open(employee)).order_by(Ticket.id)):
        team = place.get("team_id", tickets.KEEP)
        tickets.assign(session, SYSTEM, ticket, place["assignee_id"], team_id=team, reason="handed over")
    return None


def _place(heir: str) -> dict[str, int | None]:
    """Return the columns that an answer sets."""
    kind, _colon, number = heir.partition(":")
    if kind == "employee":
        return {"assignee_id": int(number)}
    return {"team_id": int(number), "assignee_id": None} if kind == "team" else {"assignee_id": None}


def _typed(value: int | None) -> str:
    return "" if value is None else str(value)


def _open(employee: Employee) -> ColumnElement[bool]:
    return and_(Ticket.assignee_id == employee.id, Ticket.status.in_(ACTIVE), Ticket.archived_at.is_(None))


def _tree(employee: Employee) -> dict[str, Any]:
    return {
        "all": [
            {"field": "assignee_id", "op": "is", "value": employee.id},
            {"any": [{"field": "status", "op": "is", "value": status.value} for status in ACTIVE]},
        ]
    }


def _keys(employee: Employee) -> ColumnElement[bool]:
    living = ApiKey.revoked_at.is_(None) | (ApiKey.revoked_at > now())
    return and_(ApiKey.owner_id == employee.id, living)


def _count(session: Session, model: Any, where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(model).where(where)) or 0
