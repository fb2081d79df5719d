"""`demo`: the whole desk, in one go."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict

from sqlalchemy import exists, select, text, update
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.access.grants import read_grants
from app.core.clock import frozen, now
from app.demo import hours, knowledge, people, setup
from app.demo.life import DAYS, Life
from app.models.effects import State
from app.models.mails import Mail
from app.models.people import Employee
from app.models.teams import Membership
from app.record import act_as, plainly

TICKETS = 400


def is_empty(session: Session) -> bool:
    """Tell whether nobody works here yet."""
    return not session.scalar(select(exists().where(Employee.id.is_not(None))))


def build(session: Session, seed: int) -> None:
    """Make the desk. Nothing leaves it: events are already published, mails already kept."""
    dice = random.Random(seed)
    session.info["published"] = True
    act_as(session, SYSTEM, source="demo")
    session.execute(text("SET plan_cache_mode TO auto"))  # the same few statements, thousands of times
    today = now().replace(second=0, microsecond=0)
    with frozen(today - dt.timedelta(days=DAYS + 1)):
        teams, employees = people.hire(session)
        hours.plan(session, teams, employees)
        customers = people.welcome(session, dice, seed)
        setup.prepare(session, teams, employees[2])
        knowledge.write(session, employees[2:])
        session.commit()
    Life(
        session=session,
        dice=dice,
        employees={employee.id: employee for employee in employees},
        teams_of=_teams_of(session),
        customers=customers,
        grants=read_grants(session),
        today=today,
    ).run(TICKETS)
    _settle(session)


def _teams_of(session: Session) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for membership in session.scalars(select(Membership)):
        found[membership.employee_id].add(membership.team_id)
    return {key: frozenset(teams) for key, teams in found.items()}


def _settle(session: Session) -> None:
    """Mark mails as kept and refresh what is computed, as the jobs would have by now."""
    done = {"state": State.DONE, "was_kept": True, "done_at": Mail.created_at}
    session.execute(update(Mail).values(done), execution_options={**plainly, "synchronize_session": False})
    session.execute(text("REFRESH MATERIALIZED VIEW employee_metrics"))
    session.execute(text("RESET plan_cache_mode"))
    session.commit()
    session.info.pop("published")
