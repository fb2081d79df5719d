"""What a reader never sees of a thing, and other things told without it.

A change in a ticket's history, or what routing looked at, holds values of the ticket. They are no more to be
seen there than on the ticket: which columns tell of which tables, the declaration says (`ui(…, tells=…)`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, hidden, is_hidden
from app.core.declare import ANY
from app.fields import Audience, FieldSet, fields_of
from app.models import by_table, load


def unseen(session: Session, actor: Actor, model: Any, audience: Audience) -> frozenset[str]:
    """Return the names of the fields of `model` that neither the actor nor their audience may read."""
    return hidden(actor, model) | fields_of(session, model).invisible(audience)


def without(value: Any, names: Collection[str]) -> Any:
    """Return JSON without what it says of the fields in `names`: members called so, and what is about one.

    `{"tags": …}` is a member called so, `{"field": "tags", "seen": …}` is about it.
    """
    if not names:
        return value
    if isinstance(value, dict):
        return {
            name: without(one, names)
            for name, one in value.items()
            if not (is_hidden(names, name) or _is_about(one, names))
        }
    if isinstance(value, list):
        return [without(one, names) for one in value if not _is_about(one, names)]
    return value


def discreet(session: Session, actor: Actor, audience: Audience, fields: FieldSet) -> FieldSet:
    """Return the fields, those that tell of other tables read without what is unseen there."""
    if not any(field.tells for field in fields.values()):
        return fields
    masked = []
    for field in fields.values():
        models = _told_of(field.tells)
        names = frozenset[str]().union(*(unseen(session, actor, model, audience) for model in models))
        masked.append(replace(field, mask=partial(without, names=names)) if names else field)
    return FieldSet(fields.table, fields.version, masked)


def _told_of(tables: tuple[str, ...]) -> Iterator[Any]:
    """Yield the classes of `tables`. What is hidden in one of them is told of none."""
    if tables == ANY:
        return (model for model in load() if model.resource.audit)
    return map(by_table, tables)


def _is_about(value: Any, names: Collection[str]) -> bool:
    field = value.get("field") if isinstance(value, dict) else None
    return isinstance(field, str) and is_hidden(names, field)
