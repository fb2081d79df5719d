"""Where a row is used: everything that refers to it by a key, and the conditions and actions that name it.

A person is told only of what they may read, counted up to a limit; what will become of it if the row goes is
told before it goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import format_decimal
from sqlalchemy import Select, func, inspect, literal, select, union_all
from sqlalchemy.orm import Session

from app import models
from app.access import Actor, hidden, is_hidden, may, visible
from app.core.declare import Can, Desk
from app.core.i18n import _, _n
from app.core.shape import Member, Shape, Words
from app.fields import Field, FieldSet, fields_of
from app.generate.addresses import with_query
from app.generate.builder.place import Place
from app.generate.builder.say import references_in
from app.generate.cells import page_address, title_of
from app.generate.lines.words import rows_in
from app.generate.pages import Use

CAP = 1_000
"""Rows are counted up to here."""
LOOKED = 500
"""Rows of each table whose conditions and actions are looked through: people write them one by one."""


@dataclass(frozen=True, kw_only=True)
class _Link:
    model: Any
    column: Any
    on_delete: str

    @property
    def name(self) -> str:
        return str(self.column.key)


def uses_of(session: Session, actor: Actor, row: Any) -> tuple[Use, ...]:
    """Return what refers to `row` and the actor may see.

    One statement asks for all keys, and one for each table with conditions that can name such a row.
    """
    model: Any = type(row)
    links = [link for link in _links(model) if _is_open(actor, link)]
    asked = {str(place): _referring(actor, link, row) for place, link in enumerate(links)}
    found = counted(session, asked)
    keyed = [_use(session, links[int(place)], row, count) for place, count in found.items() if count]
    return (*keyed, *_naming(session, actor, row))


def counted(session: Session, statements: Mapping[str, Select[Any]]) -> dict[str, int]:
    """Return how many rows each statement finds, counted up to CAP + 1: one statement for all."""
    if not statements:
        return {}
    capped = {name: one.limit(CAP + 1).subquery() for name, one in statements.items()}
    parts = [select(literal(name), func.count()).select_from(one) for name, one in capped.items()]
    found = {row[0]: row[1] for row in session.execute(union_all(*parts))}
    return {name: found[name] for name in statements}


def count_text(count: int) -> str:
    """Return a capped count in words."""
    return f"{format_decimal(CAP)}+" if count > CAP else str(format_decimal(count))


@cache
def _links(model: Any) -> tuple[_Link, ...]:
    """Return the columns of all tables that refer to rows of `model`."""
    return tuple(
        _Link(model=other, column=getattr(other, attribute.key), on_delete=key.ondelete or "RESTRICT")
        for other in models.load()
        for attribute in inspect(other).column_attrs
        if not getattr(attribute.columns[0], "primary_key", True)
        for key in attribute.columns[0].foreign_keys
        if key.column.table.name == model.__tablename__
    )


def _is_open(actor: Actor, link: _Link) -> bool:
    """Tell whether the actor may know of such references."""
    model = link.model
    shown = model.resource.desk is not Desk.HAND and may(actor, Can.READ, model)
    return shown and "ui" in link.column.info and not is_hidden(hidden(actor, model), link.name)


def _referring(actor: Actor, link: _Link, row: Any) -> Select[Any]:
    return select(literal(1)).select_from(link.model).where(link.column == row.id, visible(actor, link.model))


def _use(session: Session, link: _Link, row: Any, count: int) -> Use:
    resource, field = link.model.resource, fields_of(session, link.model).get(link.name)
    label = field.label if field is not None else link.name
    fates = {
        "CASCADE": _n("is deleted too", "are deleted too", count),
        "SET NULL": _n("stays, without it", "stay, without it", count),
    }
    return Use(
        label=_("%(things)s: %(field)s", things=resource.plural, field=label),
        count=count_text(count),
        url=_listed(link, row),
        fate=fates.get(link.on_delete, _n("forbids it", "forbid it", count)),
    )


def _listed(link: _Link, row: Any) -> str | None:
    """Return where the rows are listed, if their list can be narrowed to them."""
    if link.name not in link.model.resource.filters:
        return None
    table = link.model.__tablename__
    url = f"/console/{table}/" if link.model.resource.desk is Desk.WATCH else f"/admin/{table}/list/"
    return with_query(url, [(link.name, str(row.id))])


def _naming(session: Session, actor: Actor, row: Any) -> Iterator[Use]:
    """Yield the rows whose conditions or actions name `row`."""
    table, wanted = row.__tablename__, (row.__tablename__, row.id)
    for model in models.load():
        if model.resource.desk is Desk.HAND or not may(actor, Can.READ, model):
            continue
        fields = fields_of(session, model)
        trees = [one for one in fields.values() if _may_name(session, one, table)]
        trees = [one for one in trees if not is_hidden(hidden(actor, model), one.name)]
        if not trees:
            continue
        for other in session.scalars(select(model).where(visible(actor, model)).limit(LOOKED)):
            said = [field for field in trees if wanted in _names(session, actor, field, other)]
            for field in said:
                label = _("%(thing)s: %(name)s", thing=model.resource.title, name=title_of(other))
                url = page_address(model, other.id)
                yield Use(label=label, count=str(field.label), url=url, fate=_("stays, and names nothing"))


def _may_name(session: Session, field: Field, table: str) -> bool:
    """Tell whether what is in a field can name rows of `table`."""
    if field.shape is not None:
        return _shape_names(field.shape, table)
    if field.criteria is None:
        return False
    try:
        about: FieldSet = fields_of(session, models.by_table(field.criteria.of))
    except KeyError:
        return True  # another column says which table the conditions are about
    return any(one.reference == table for one in about.values())


def _shape_names(shape: Shape, table: str) -> bool:
    members = shape.of.values() if isinstance(shape, Words) else [shape.of]
    return any(_member_names(member, table) for member in members)


def _member_names(member: Member, table: str) -> bool:
    return member.row == table or any(_member_names(one, table) for one in (member.members or {}).values())


def _names(session: Session, actor: Actor, field: Field, row: Any) -> set[tuple[str, int]]:
    value = field.read(row)
    if field.shape is not None:
        return set(rows_in(field.shape, value))
    if not value:
        return set()
    return set(references_in(value, Place.of(session, actor, field, vars(row))))
