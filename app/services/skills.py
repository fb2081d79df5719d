"""Skills as a table of people and what they can do: read at once, written cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import services
from app.access import Actor, require, visible
from app.core.declare import Can
from app.core.errors import FieldError, Invalid
from app.core.i18n import _
from app.criteria import fold
from app.models.people import Employee
from app.models.teams import Membership, Skill

PEOPLE = 50
"""People on one page."""
COLUMNS = 30
"""Skills shown at most: those that most people have."""
LATE = _("Somebody changed this meanwhile. Save again to put your value in its place.")


@dataclass(frozen=True, slots=True)
class Column:
    """One skill, however it is spelled: how many of all people have it, and the best level."""

    name: str
    count: int
    best: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """A page of people, the skills, and the levels by person and folded name."""

    people: Sequence[Any]
    columns: Sequence[Column]
    levels: Mapping[tuple[int, str], int]
    total: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Cell:
    """What somebody typed into one cell, None for nothing; `was` is what stood there when it was drawn."""

    field: str
    employee_id: int
    skill: str
    was: int | None
    level: int | None


def matrix(session: Session, actor: Actor, team_id: int | None, page: int) -> Matrix:
    """Return a page of the table, of a team or of all. Three statements. Raises NotFound."""
    require(actor, Can.READ, Skill)
    seen = (visible(actor, Employee), Employee.active.is_(True))
    whole = select(Employee.id, Employee.name).where(*seen)
    if team_id is not None:
        members = select(Membership.employee_id).where(Membership.team_id == team_id)
        whole = whole.where(Employee.id.in_(members))
    found = session.execute(
        whole.add_columns(func.count().over().label("total"))
        .order_by(Employee.name, Employee.id)
        .limit(PEOPLE)
        .offset((page - 1) * PEOPLE)
    ).all()
    columns = _columns(session, actor)
    shown = select(Skill.employee_id, Skill.skill_name, Skill.skill_level).where(
        visible(actor, Skill), Skill.employee_id.in_([row.id for row in found])
    )
    levels: dict[tuple[int, str], int] = {}
    for person, name, level in session.execute(shown):
        key = (person, fold(name))
        levels[key] = max(level, levels.get(key, 0))
    total = found[0].total if found else 0
    return Matrix(found, columns[:COLUMNS], levels, total, max(0, len(columns) - COLUMNS))


def _columns(session: Session, actor: Actor) -> list[Column]:
    """Return the skills, those of most people first; spellings that fold alike are one."""
    counted = select(Skill.skill_name, func.count(), func.max(Skill.skill_level)).where(visible(actor, Skill))
    spelled = counted.group_by(Skill.skill_name).order_by(func.count().desc(), Skill.skill_name)
    grouped: dict[str, Column] = {}
    for name, people, best in session.execute(spelled):
        known = grouped.get(fold(name), Column(name, 0, 0))
        grouped[fold(name)] = Column(known.name, known.count + people, max(known.best, best))
    return sorted(grouped.values(), key=lambda one: (-one.count, fold(one.name)))


def save(session: Session, actor: Actor, cells: Iterable[Cell]) -> int:
    """Write the cells that were changed and return how many. Raises NotFound, and Invalid naming cells."""
    changed = [cell for cell in cells if cell.level != cell.was]
    known = _known(session, {cell.employee_id for cell in changed})
    late = [cell for cell in changed if _level(known.get((cell.employee_id, fold(cell.skill)))) != cell.was]
    if late:
        raise Invalid(FieldError(cell.field, "stale", LATE) for cell in late)
    for cell in changed:
        _write(session, actor, known.get((cell.employee_id, fold(cell.skill))), cell)
    return len(changed)


def _known(session: Session, people: Iterable[int]) -> dict[tuple[int, str], Skill]:
    """Return the skills of some people by person and folded name; of two alike the better."""
    rows = session.scalars(select(Skill).where(Skill.employee_id.in_(people)).order_by(Skill.skill_level))
    return {(row.employee_id, fold(row.skill_name)): row for row in rows}


def _level(row: Skill | None) -> int | None:
    return None if row is None else row.skill_level


def _write(session: Session, actor: Actor, row: Skill | None, cell: Cell) -> None:
    if row is None:
        whose = {"employee_id": cell.employee_id, "skill_name": cell.skill}
        services.add(session, actor, Skill, whose | {"skill_level": cell.level})
    elif cell.level is None:
        services.delete(session, actor, row)
    else:
        services.edit(session, actor, row, {"skill_level": cell.level})
