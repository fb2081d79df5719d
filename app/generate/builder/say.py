"""What conditions mean, in words and in figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask_babel import format_decimal
from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.orm import Session

from app import models
from app.access import Actor, visible
from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import gettext
from app.criteria import Node, compile_tree, conditions, describe, parse
from app.fields import Field
from app.generate.builder.place import Place
from app.generate.cells import title_of
from app.generate.parts import Cell
from app.services.coverage import moment_of

DAYS = 30
"""How far back rows are counted."""
CAP = 10_000
"""Rows that are looked at most."""


def sentence(session: Session, actor: Actor, place: Place, tree: Any) -> str:
    """Return criteria in words, with the names of what they refer to; empty where they are not right."""
    return sentences(session, actor, place, [tree])[0]


def sentences(session: Session, actor: Actor, place: Place, trees: Iterable[Any]) -> list[str]:
    """Return several criteria in words, as `sentence` does: one statement a table, however many there are."""
    read = [_read(place, tree) for tree in trees]
    titles = titles_of(session, actor, (one for tree in read if tree for one in referred(tree)))
    return [describe(tree, titles) if tree else "" for tree in read]


def cell_of(session: Session, actor: Actor, field: Field, tree: Any, raw: Mapping[str, Any]) -> Cell | None:
    """Return criteria as a cell in words; None where the field holds none, or none that can be read."""
    if field.criteria is None or tree is None:
        return None
    said = sentence(session, actor, Place.of(session, actor, field, raw), tree)
    return Cell(text=said) if said else None


def counted(session: Session, actor: Actor, place: Place, tree: Any) -> str:
    """Say how many of the newest rows the actor sees would meet the criteria; empty where SQL cannot tell."""
    read = _read(place, tree)
    model = place.model
    if read is None or model is None or not hasattr(model, "created_at"):
        return ""
    where = compile_tree(read, model, moment_of(session, me=actor.id))
    if not where.exact or any(one.operator.name.startswith("changed") for one in conditions(read)):
        return ""
    recent = model.created_at >= now() - dt.timedelta(days=DAYS)
    inner = (
        select(func.coalesce(where.clause, False).label("meets"))
        .select_from(model)
        .where(visible(actor, model), recent)
        .limit(CAP)
        .subquery()
    )
    found, total = session.execute(select(func.count().filter(inner.c.meets), func.count())).one()
    figures = {"found": format_decimal(found), "total": format_decimal(total), "days": DAYS}
    if total >= CAP:
        return str(
            gettext("Matches %(found)s of %(total)s looked at, from the last %(days)s days.", **figures)
        )
    return str(gettext("Matches %(found)s of the %(total)s from the last %(days)s days.", **figures))


def titles_of(session: Session, actor: Actor, keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return what the rows are called that the actor may see: one statement for each table."""
    by_table: dict[str, set[int]] = {}
    for table, key in keys:
        by_table.setdefault(table, set()).add(key)
    return {
        (table, row.id): title_of(row)
        for table, wanted in by_table.items()
        for row in _rows(session, actor, table, wanted)
    }


def references_in(tree: Any, place: Place) -> Iterator[tuple[str, int]]:
    """Yield table and id of what an unfinished tree refers to."""
    if isinstance(tree, list):
        for part in tree:
            yield from references_in(part, place)
    elif isinstance(tree, Mapping):
        known = place.fields.get(tree["field"]) if isinstance(tree.get("field"), str) else None
        if known is not None and known.reference:
            yield from ((known.reference, one) for one in _numbers(tree.get("value")))
        for word in ("all", "any", "not"):
            yield from references_in(tree.get(word), place)


def _numbers(value: Any) -> Iterator[int]:
    if isinstance(value, Mapping):
        value = list(value.values())
    yield from (one for one in (value if isinstance(value, list) else [value]) if type(one) is int)


def referred(tree: Node) -> Iterator[tuple[str, int]]:
    """Yield table and id of what a tree refers to."""
    for condition in conditions(tree):
        if condition.field.reference:
            yield from ((condition.field.reference, one) for one in _numbers(condition.value))


def _rows(session: Session, actor: Actor, table: str, keys: set[int]) -> Iterable[Any]:
    model: Any = models.by_table(table)
    wanted = bindparam(
        "keys", keys, BigInteger, expanding=True
    )  # a number too large for a key is none of them
    return session.scalars(select(model).where(model.id.in_(wanted), visible(actor, model))).unique()


def _read(place: Place, tree: Any) -> Node | None:
    try:
        return parse(tree or {}, place.fields, changes=place.changes, me=place.me)
    except Invalid:
        return None
