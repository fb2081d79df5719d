"""The order and the sections of the fields a desk defined, as one layout that is changed as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from app import models
from app.access import Actor, require, visible
from app.core.declare import Can
from app.core.errors import FieldError, Invalid, NotFound, Stale
from app.core.i18n import _
from app.fields import CUSTOM
from app.models.fields import FieldDefinition
from app.record import flush

STEP = 10
"""Between two positions, so that a program can put a field in between."""
LOOKED = 10_000
"""Newest rows in which values are counted: a figure for people costs the same however many rows there are."""


@dataclass(frozen=True)
class Block:
    """A section and the numbers of the definitions in it, in their order; None stands for no section."""

    section: str | None
    keys: tuple[int, ...]


@dataclass(frozen=True)
class Usage:
    """How many of the newest `looked` rows hold a value, by the name of the field."""

    looked: int
    counts: Mapping[str, int]


def layouts() -> list[Any]:
    """Return the models that have custom fields."""
    return [model for model in models.load() if CUSTOM in inspect(model).column_attrs]


def definitions(session: Session, actor: Actor, model: Any) -> list[FieldDefinition]:
    """Return the definitions of custom fields of a table that the actor may see, in their order."""
    of_table = (FieldDefinition.applies_to == model.__tablename__, visible(actor, FieldDefinition))
    order = (FieldDefinition.position, FieldDefinition.field_name)
    found = session.scalars(select(FieldDefinition).where(*of_table).order_by(*order))
    return [one for one in found if one.field_name not in inspect(model).column_attrs]


def blocks_of(present: Iterable[FieldDefinition]) -> list[Block]:
    """Return the sections in the order in which they begin, with the fields that are asked for."""
    grouped: dict[str | None, list[int]] = {}
    for one in present:
        if one.deprecated_at is None:
            grouped.setdefault(one.section or None, []).append(one.id)
    return [Block(section, tuple(keys)) for section, keys in grouped.items()]


def seen_as(present: Iterable[FieldDefinition]) -> str:
    """Return what a layout is known by: it changes with every definition."""
    text = ",".join(f"{one.id}.{one.version}" for one in sorted(present, key=lambda one: one.id))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def arrange(session: Session, actor: Actor, model: Any, blocks: Iterable[Block], seen: str) -> int:
    """Put the fields in this order and these sections; return how many changed.

    `seen` is what the layout was known by. Raises NotFound, Stale, and Invalid for a section's name.
    """
    require(actor, Can.EDIT, FieldDefinition)
    session.scalars(select(FieldDefinition.id).with_for_update()).all()
    session.expire_all()
    present = definitions(session, actor, model)
    if seen_as(present) != seen:
        raise Stale
    known = {one.id: one for one in present if one.deprecated_at is None}
    placed = [(key, block.section) for block in blocks for key in block.keys]
    if sorted(key for key, _section in placed) != sorted(known):
        raise NotFound
    _refuse_names(section for _key, section in placed)
    changed = 0
    for place, (key, section) in enumerate(placed, start=1):
        wanted = (place * STEP, section)
        changed += (known[key].position, known[key].section or None) != wanted
        known[key].position, known[key].section = wanted
    flush(session)
    return changed


def last_position(session: Session, definition: FieldDefinition) -> int:
    """Return where a new definition is the last of its section; a new section is the last of all."""
    table = FieldDefinition.__table__.c
    mine = func.coalesce(table.section, "") == (definition.section or "")
    last = (func.max(table.position).filter(mine), func.max(table.position))
    statement = select(*last).where(table.applies_to == definition.applies_to)
    in_section, of_all = session.execute(statement).one()
    if in_section is not None:
        return int(in_section) + 1
    return int(of_all) + STEP if of_all is not None else STEP


def usage(session: Session, model: Any, names: Iterable[str]) -> Usage:
    """Count which of the newest rows hold a value of each field: one statement."""
    newest = select(model.custom_fields).order_by(model.id.desc()).limit(LOOKED).subquery()
    names = [*names]
    counts = [func.count().filter(newest.c.custom_fields.has_key(name)) for name in names]
    looked, *found = session.execute(select(func.count(), *counts).select_from(newest)).one()
    return Usage(looked, dict(zip(names, found, strict=True)))


def _refuse_names(sections: Iterable[str | None]) -> None:
    longest = FieldDefinition.__table__.c.section.type.length
    if any(section and len(section) > longest for section in sections):
        text = _("Write at most %(count)s characters.", count=longest)
        raise Invalid((FieldError("section", "too_long", text),))
