"""`/people/skills`: people and what they can do, with what nobody can; each cell is an input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from app.access import may, require
from app.core.declare import Can
from app.core.errors import FieldError, Invalid
from app.core.extensions import db
from app.core.i18n import Text, _, _n
from app.criteria import fold
from app.fields import Refused, fields_of
from app.fields.refusal import error
from app.generate import forms
from app.generate.addresses import with_query
from app.generate.errors import answer
from app.generate.identity import current_actor
from app.generate.pages import FormField
from app.models.teams import Skill
from app.services import skills
from app.views.people.blueprint import blueprint, team_choice, teams_of

URL = "/people/skills"
NEW = "new"
"""The place of the column for a skill that nobody has yet."""


@dataclass(frozen=True, kw_only=True)
class Input:
    """One cell: what it is called in the form, what stands in it, and what stood there."""

    name: str
    label: Text
    value: str
    was: str
    wrong: bool


@dataclass(frozen=True, kw_only=True)
class Head:
    """One skill: its name, how many have it, and whether that is too few."""

    place: str
    name: str
    facts: Text
    scarce: bool


@dataclass(frozen=True, kw_only=True)
class Page:
    """The table."""

    url: str
    team: FormField
    heads: tuple[Head, ...]
    rows: tuple[tuple[str, str, tuple[Input, ...]], ...]
    new_name: str
    counted: Text
    left_out: Text
    previous_url: str | None
    next_url: str | None
    errors: tuple[FieldError, ...]
    may_edit: bool


@blueprint.get("/skills")
def show() -> Response:
    """Show a page of people and their skills."""
    require(current_actor(), Can.READ, Skill)
    return _page()


@blueprint.post("/skills")
def save() -> Response:
    """Keep the cells that were changed; what is wrong is marked, and all stays typed."""
    require(current_actor(), Can.EDIT, Skill)
    session = db.session()
    try:
        changed = skills.save(session, current_actor(), _typed())
        session.commit()
    except Invalid as problem:
        session.rollback()
        return _page(problem)
    flash(_n("%(num)s level was saved.", "%(num)s levels were saved.", changed), "success")
    return redirect(_address(_team(), _number()))


def _typed() -> list[skills.Cell]:
    """Return the cells of the form. Raises Invalid naming each that is no level."""
    field, cells, errors = fields_of(db.session(), Skill)["skill_level"], [], []
    for name, raw in request.form.items():
        kind, _dot, rest = name.partition(".")
        person, _dot, place = rest.partition(".")
        skill = request.form.get(f"skill.{place}", "").strip()
        if kind != "level" or not _is_number(person) or not (skill or raw.strip()):
            continue
        was = request.form.get(f"was.{rest}", "")
        try:
            level = field.parse(raw)
        except Refused as refused:
            errors.append(refused.at(name))
            continue
        if not skill:
            errors.append(error(f"skill.{place}", "required"))
            continue
        cells.append(skills.Cell(name, int(person), skill, int(was) if _is_number(was) else None, level))
    if errors:
        raise Invalid(errors)
    return cells


def _page(problem: Invalid | None = None) -> Response:
    session, actor, team, page = db.session(), current_actor(), _team(), _number()
    found = skills.matrix(session, actor, int(team) if team else None, page)
    wrong = {error.field for error in problem.errors} if problem else set()
    typed = request.form if problem else {}
    places = [(str(place), column.name) for place, column in enumerate(found.columns)]
    rows = tuple(
        (str(person.id), person.name, tuple(_inputs(person, places, found.levels, typed, wrong)))
        for person in found.people
    )
    page_ = Page(
        url=URL,
        team=team_choice(teams_of(session, actor), team, _("All teams")),
        heads=tuple(_head(str(place), column) for place, column in enumerate(found.columns)),
        rows=rows,
        new_name=typed.get(f"skill.{NEW}", ""),
        counted=_n("%(num)s person", "%(num)s people", found.total),
        left_out=_n(
            "%(num)s rarer skill is not shown.", "%(num)s rarer skills are not shown.", found.left_out
        )
        if found.left_out
        else "",
        previous_url=_address(team, page - 1) if page > 1 else None,
        next_url=_address(team, page + 1) if page * skills.PEOPLE < found.total else None,
        errors=_summary(problem, rows),
        may_edit=may(actor, Can.EDIT, Skill),
    )
    return answer("people/skills.html", problem, page=page_)


def _inputs(
    person: Any, places: list[tuple[str, str]], levels: Mapping[tuple[int, str], int],
    typed: Mapping[str, str], wrong: set[str],
) -> list[Input]:  # fmt: skip
    cells = []
    for place, name in [*places, (NEW, "")]:
        key = f"{person.id}.{place}"
        was = str(levels.get((person.id, fold(name)), "")) if name else ""
        label = f"{person.name}, {name}" if name else _("%(name)s, the new skill", name=person.name)
        value = typed.get(f"level.{key}", was)
        cells.append(
            Input(name=f"level.{key}", label=label, value=value, was=was, wrong=f"level.{key}" in wrong)
        )
    return cells


def _head(place: str, column: skills.Column) -> Head:
    have = _n("%(num)s person", "%(num)s people", column.count)
    facts = _("%(have)s, best %(best)s", have=have, best=column.best)
    return Head(place=place, name=column.name, facts=facts, scarce=column.count < 2)


def _summary(problem: Invalid | None, rows: Any) -> tuple[FieldError, ...]:
    labels = {cell.name: cell.label for _key, _name, cells in rows for cell in cells}
    told = forms.by_field(problem, labels)
    return tuple(
        FieldError(field=name, code="", message=f"{labels[name]}: {text}" if name else text)
        for name, texts in told.items()
        for text in texts
    )


def _team() -> str:
    chosen = request.values.get("team", "")
    return chosen if _is_number(chosen) else ""


def _number() -> int:
    asked = request.values.get("page", "")
    return max(1, int(asked)) if _is_number(asked) else 1


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _address(team: str, page: int) -> str:
    pairs = [("team", team), ("page", str(page) if page > 1 else "")]
    return with_query(URL, [(name, value) for name, value in pairs if value])
