"""The words of a rule's action, each with what may stand under it; checked when a rule is saved.

`{"team": 1, "agent": {"skill": "Billing", "min_level": 5}, "priority": "high", "add_tags": ["refund"],
"status": "open"}`; `agent` may also be the number of an employee.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.core.errors import FieldError
from app.core.i18n import Text, _
from app.models.people import Employee
from app.models.teams import Team
from app.models.tickets import ACTIVE, Priority

Faults = Iterator[tuple[str, Text]]
"""Where below the word, and what to do about it."""
LEVELS = range(1, 11)
MOST_TAGS, LONGEST_TAG = 20, 100


def action_errors(session: Session, action: Any) -> list[FieldError]:
    """Return what is wrong with an action, each with its path: `action.agent.skill`."""
    if not isinstance(action, Mapping) or not action:
        words = ", ".join(WORDS)
        return [FieldError("action", "not_an_action", _("Write at least one of: %(words)s.", words=words))]
    return [
        FieldError(f"action.{word}{place}", "not_allowed", message)
        for word, said in action.items()
        for place, message in _faults(session, word, said)
    ]


def _faults(session: Session, word: str, said: Any) -> Faults:
    if word in WORDS:
        yield from WORDS[word](session, said)
    else:
        yield "", _("There is no such action. Use: %(words)s.", words=", ".join(WORDS))


def _team(session: Session, said: Any) -> Faults:
    team = session.get(Team, said) if _is_number(said) else None
    if team is None or not team.is_active:
        yield "", _("Choose an active team.")


def _agent(session: Session, said: Any) -> Faults:
    if isinstance(said, Mapping):
        yield from _wish(said)
        return
    employee = session.get(Employee, said) if _is_number(said) else None
    if employee is None or not employee.active:
        yield "", _("Choose an active employee, or describe one by skill and min_level.")


def _wish(said: Mapping[str, Any]) -> Faults:
    for word in said.keys() - {"by", "skill", "min_level"}:
        yield f".{word}", _("An agent is described by skill and min_level only.")
    if said.get("by", "least_busy") != "least_busy":
        yield ".by", _("Agents are chosen by least_busy.")
    skill, level = said.get("skill"), said.get("min_level")
    if skill is not None and not (isinstance(skill, str) and skill.strip()):
        yield ".skill", _("Write the name of a skill.")
    if level is not None and (not _is_number(level) or level not in LEVELS):
        yield ".min_level", _("Write a level from 1 to 10.")


def _priority(_session: Session, said: Any) -> Faults:
    if said not in list(Priority):
        yield "", _("Choose one of: %(options)s.", options=", ".join(Priority))


def _status(_session: Session, said: Any) -> Faults:
    if said not in ACTIVE:
        yield "", _("Choose one of: %(options)s.", options=", ".join(ACTIVE))


def _add_tags(_session: Session, said: Any) -> Faults:
    good = isinstance(said, list) and 0 < len(said) <= MOST_TAGS
    if not good or not all(isinstance(tag, str) and 0 < len(tag.strip()) <= LONGEST_TAG for tag in said):
        yield "", _("Write a list of up to %(most)s short texts.", most=MOST_TAGS)


def _is_number(said: Any) -> bool:
    return isinstance(said, int) and not isinstance(said, bool)


WORDS: Mapping[str, Callable[[Session, Any], Faults]] = {
    "team": _team,
    "agent": _agent,
    "priority": _priority,
    "add_tags": _add_tags,
    "status": _status,
}
