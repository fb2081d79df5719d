"""Whether a rule's action can be carried out: it is formed as `ACTION` says, and those it names take work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import BigInteger, literal, select
from sqlalchemy.orm import Session

from app.core.errors import FieldError
from app.core.i18n import _
from app.fields import Refused, read
from app.models.people import Employee
from app.models.routing import ACTION
from app.models.teams import Team


def action_errors(session: Session, action: Any) -> list[FieldError]:
    """Return what is wrong with an action, each with its path: `action.agent.skill`."""
    if not isinstance(action, Mapping) or not action:
        words = ", ".join(ACTION.of)
        return [FieldError("action", "not_an_action", _("Say at least one of: %(words)s.", words=words))]
    try:
        read(ACTION, action)
    except Refused as problem:
        return list(problem.every("action"))
    return list(_idle(session, action))


def _idle(session: Session, action: Mapping[str, Any]) -> Iterator[FieldError]:
    """Yield an error for a team or an agent who takes no work."""
    team, agent = action.get("team"), action.get("agent")
    if team is not None and not getattr(session.get(Team, team), "is_active", False):
        yield FieldError("action.team", "not_allowed", _("Choose an active team."))
    # A number that is asked for may be greater than any employee's can be.
    named = (
        select(Employee).where(Employee.id == literal(agent, BigInteger)) if isinstance(agent, int) else None
    )
    if named is not None and not getattr(session.scalar(named), "active", False):
        text = _("Choose an active employee, or describe one by skill and min_level.")
        yield FieldError("action.agent", "not_allowed", text)
