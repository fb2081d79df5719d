"""Rows of every kind by word or number, as far as an actor may see them: what the palette finds.

One statement for all kinds. Each looks at few rows, found by an index and in no order, before it takes the
newest of those: walking a million rows from the newest on would find a rare word late.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, Text, cast, literal, select, union_all
from sqlalchemy.orm import Session

from app.access import Actor, may, visible
from app.core.declare import Can, Desk
from app.fields import Audience
from app.models import in_menu_order
from app.services.finding import holds

MOST = 5
"""Rows of each kind."""
LOOKED_AT = 200
"""Rows of each kind among which the newest are taken."""
NUMBER = re.compile(r"#?([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True)
class Hit:
    """A row that was found; `name` is what it is called, empty for one that only has its number."""

    model: Any
    id: int
    name: str


def find(session: Session, actor: Actor, words: str) -> Mapping[Any, list[Hit]]:
    """Return the rows found by `words`, by kind in the order of the menu."""
    parts = {str(at): part for at, part in enumerate(_parts(session, actor, words))}
    if not parts:
        return {}
    found: dict[Any, dict[int, Hit]] = {model: {} for model, _part in parts.values()}
    each = [part.add_columns(literal(key).label("part")) for key, (_model, part) in parts.items()]
    for number, name, key in session.execute(union_all(*(one.subquery().select() for one in each))):
        model = parts[key][0]
        found[model].setdefault(number, Hit(model, number, name or ""))
    return {model: list(hits.values())[:MOST] for model, hits in found.items() if hits}


def _parts(session: Session, actor: Actor, words: str) -> Iterator[tuple[Any, Select[Any]]]:
    """Yield each kind with the statement of what is found of it: by its number, then by its words."""
    number = NUMBER.fullmatch(words)
    for model in _reachable(actor):
        if number:
            yield (
                model,
                _newest(model, visible(actor, model), model.id == literal(int(number[1]), BigInteger)),
            )
        if model.resource.search and not words.startswith("#"):
            hit = holds(session, actor, model, Audience.AGENT, words)
            yield model, _newest(model, visible(actor, model), hit)


def _reachable(actor: Actor) -> list[Any]:
    """Return the kinds that have pages the actor may open, in the order of the menu."""
    return [
        model
        for model in in_menu_order()
        if (model.resource.desk is not Desk.HAND or model.resource.page)
        and hasattr(model, "id")
        and may(actor, Can.READ, model)
    ]


def _newest(model: Any, *conditions: Any) -> Select[Any]:
    name = getattr(model, model.resource.name_column or "id")
    called = cast(name, Text) if name.key != "id" else literal("")
    some = select(model.id.label("id"), called.label("name")).where(*conditions).limit(LOOKED_AT).subquery()
    return select(some.c.id, some.c.name).order_by(some.c.id.desc()).limit(MOST)
