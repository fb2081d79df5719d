"""`/access/`: every role beside the others; against one of them, what differs is marked."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from sqlalchemy import func, select

from app.access import may, visible
from app.core.declare import Can
from app.core.extensions import db
from app.core.i18n import Text, _, _n
from app.fields.live import title_of_role
from app.generate.actions import label_of_adding
from app.generate.pages import Action, FormField, Option
from app.models.access import DeskRole
from app.models.people import Employee
from app.services.matrix import Line, Matrix, matrices
from app.views.access.blueprint import URL, blueprint, reader
from app.views.access.words import grouped, said

MOST = 24
"""Roles shown beside each other."""


@dataclass(frozen=True)
class Head:
    """A role as the head of a column."""

    title: Text
    url: str
    people: Text
    note: Text


@dataclass(frozen=True)
class Cell:
    """What a role may do with a table, in words, and whether that differs from the role compared with."""

    words: Text
    url: str
    differs: bool


@dataclass(frozen=True)
class Row:
    """A table and a cell for each role."""

    title: Text
    table: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    """The roles, and the tables under the headings of the navigation."""

    url: str
    choice: FormField
    heads: tuple[Head, ...]
    groups: tuple[tuple[Text, tuple[Row, ...]], ...]
    actions: tuple[Action, ...]


@blueprint.get(URL)
def overview() -> str:
    """Show all roles; `with` is the number of one that the others are compared with."""
    actor, session = reader(), db.session()
    seen = select(DeskRole).where(visible(actor, DeskRole)).order_by(DeskRole.id).limit(MOST)
    roles = [*session.scalars(seen)]
    known = matrices(session, roles)
    other = request.args.get("with", "")
    base = known.get(int(other)) if other.isdecimal() and len(other) < 9 else None
    groups = tuple(
        (
            title,
            tuple(
                Row(
                    model.resource.plural,
                    model.__tablename__,
                    tuple(_cell(model.__tablename__, one.id, known[one.id], base) for one in roles),
                )
                for model in models
            ),
        )
        for title, models in grouped()
    )
    page = Page(
        url=URL,
        choice=_choice(roles, other),
        heads=tuple(_heads(roles)),
        groups=groups,
        actions=tuple(_actions(may(actor, Can.ADD, DeskRole))),
    )
    return render_template("access/overview.html", page=page)


def _cell(table: str, role: int, matrix: Matrix, base: Matrix | None) -> Cell:
    line = matrix[table]
    return Cell(said(line), f"{URL}{role}#{table}", base is not None and not _same(line, base[table]))


def _same(one: Line, other: Line) -> bool:
    return one.rows == other.rows and (one.is_empty or one.hide == other.hide)


def _heads(roles: list[DeskRole]) -> list[Head]:
    counted = select(Employee.role, func.count()).where(Employee.active.is_(True)).group_by(Employee.role)
    people: dict[str, int] = dict(map(tuple, db.session().execute(counted)))
    return [
        Head(
            title_of_role(role.name, role.title),
            f"{URL}{role.id}",
            _n("%(num)s person", "%(num)s people", people.get(role.name, 0)),
            "" if role.builtin else _("Made here"),
        )
        for role in roles
    ]


def _choice(roles: list[DeskRole], chosen: str) -> FormField:
    options = tuple(Option(value=str(role.id), label=title_of_role(role.name, role.title)) for role in roles)
    return FormField(name="with", kind="select", label=_("Compare with"), value=chosen, options=options)


def _actions(may_add: bool) -> list[Action]:
    found = [Action(label=_("Why can’t someone?"), url=f"{URL}why", icon="circle-help")]
    if may_add:
        label = label_of_adding(DeskRole.resource)
        found.append(Action(label=label, url="/admin/roles/add", icon="plus", primary=True))
    return found
