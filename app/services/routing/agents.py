"""Who could take a ticket: the members of a team with skill, load and availability, and who is chosen.

The least busy is the one with the smallest share of the own capacity in use; among equals the one who
was given nothing for the longest time, then the lowest number, so that the choice is reproducible.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.criteria import fold
from app.models.people import Availability, Employee, effective
from app.models.teams import Membership, Skill
from app.models.tickets import Assignment
from app.record.changes import plain
from app.services.coverage import duty, present


@dataclass(frozen=True, slots=True)
class Wish:
    """What an agent must be able to do."""

    skill: str | None = None
    min_level: int = 1

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Wish:
        """Return the wish that a rule's `agent` states."""
        return cls(said.get("skill"), said.get("min_level") or 1)


NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


class Candidate(NamedTuple):
    """One employee as routing saw them; `skipped` says why they could not be chosen."""

    employee_id: int
    availability: Availability
    load: int
    capacity: int
    idle_since: dt.datetime | None
    skill: int | None
    skipped: str | None = None

    @property
    def rank(self) -> tuple[float, dt.datetime, int]:
        """Return the order in which candidates are chosen."""
        return self.load / max(self.capacity, 1), self.idle_since or NEVER, self.employee_id

    def as_json(self) -> dict[str, Any]:
        """Return the candidate as a decision keeps it."""
        return {name: plain(value) for name, value in zip(self._fields, self, strict=True)}


class Staff:
    """Who works for which team, read once for all tickets that are routed together.

    What these tickets gave to whom is not saved yet, so it is counted here.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._teams: dict[int, Sequence[Any]] = {}
        self._able: dict[tuple[int, Wish], list[tuple[Any, int | None, str | None]]] = {}
        self._given: Counter[int] = Counter()
        self._last: dict[int, dt.datetime] = {}

    def candidates(self, team_id: int, wish: Wish) -> list[Candidate]:
        """Return the members of a team, the best first, then those who were skipped. One statement a team."""
        found = [self._candidate(*one) for one in self._ability(team_id, wish)]
        return sorted(found, key=lambda one: (one.skipped is not None, one.rank))

    def give(self, employee_id: int) -> None:
        """Remember that an employee got a ticket."""
        self._given[employee_id] += 1
        self._last[employee_id] = now()

    def _ability(self, team_id: int, wish: Wish) -> list[tuple[Any, int | None, str | None]]:
        """Return the members of a team, each with their level and why they cannot, whatever their load."""
        if team_id not in self._teams:
            self._teams[team_id] = self._session.execute(_members(), {"team": team_id}).all()
        if (team_id, wish) not in self._able:
            levels = ((row, _level(row.skills or {}, wish)) for row in self._teams[team_id])
            self._able[team_id, wish] = [(row, level, _why_not(row, wish, level)) for row, level in levels]
        return self._able[team_id, wish]

    def _candidate(self, row: Any, level: int | None, unable: str | None) -> Candidate:
        load = row.load + self._given[row.id]
        skipped = "full" if load >= row.capacity and unable not in BEFORE_FULL else unable
        last = self._last.get(row.id, row.idle_since)
        return Candidate(row.id, row.availability, load, row.capacity, last, level, skipped)


def candidates(session: Session, team_id: int, wish: Wish) -> list[Candidate]:
    """Return the members of a team as they are now, the best first, then those who were skipped."""
    return Staff(session).candidates(team_id, wish)


def chosen(found: Iterable[Candidate]) -> int | None:
    """Return the employee who gets the ticket, None if nobody can take it."""
    return next((one.employee_id for one in found if one.skipped is None), None)


BEFORE_FULL = frozenset({"inactive", "unavailable", "off_shift"})
"""Reasons that are told rather than that somebody has enough to do."""


def _why_not(row: Any, wish: Wish, level: int | None) -> str | None:
    reasons = (
        ("inactive", not row.active),
        ("unavailable", row.availability is not Availability.AVAILABLE),
        ("off_shift", not present(row.availability, row.follows_shifts, row.shifts, now())),
        ("unskilled", wish.skill is not None and level is None),
        ("skill_too_low", level is not None and level < wish.min_level),
    )
    return next((reason for reason, holds in reasons if holds), None)


def _level(skills: Mapping[str, int], wish: Wish) -> int | None:
    if wish.skill is None:
        return None
    wanted = fold(wish.skill)
    return max((level for name, level in skills.items() if fold(name) == wanted), default=None)


@cache
def _members() -> Select[Any]:
    """Return the statement, built once: building it costs more than asking it."""
    employee, login = Employee.__table__, User.__table__
    mine = Assignment.employee_id == employee.c.id
    load = select(func.count()).where(mine, Assignment.unassigned_at.is_(None)).scalar_subquery()
    last = select(func.max(Assignment.assigned_at)).where(mine).scalar_subquery()
    skills = select(func.jsonb_object_agg(Skill.skill_name, Skill.skill_level)).where(
        Skill.employee_id == employee.c.id
    )
    statement: Select[Any] = (
        select(
            employee.c.id,
            login.c.active,
            employee.c.availability,
            effective(employee.c.capacity, employee.c.own_capacity, employee.c.own_capacity_until).label(
                "capacity"
            ),
            employee.c.follows_shifts,
            duty(employee.c.id, Membership.team_id).label("shifts"),
            load.label("load"),
            last.label("idle_since"),
            skills.scalar_subquery().label("skills"),
        )
        .select_from(Membership)
        .join(employee, employee.c.id == Membership.employee_id)
        .join(login, login.c.id == employee.c.id)
        .where(Membership.team_id == bindparam("team"))
    )
    return statement
