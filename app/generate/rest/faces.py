"""What an actor sees of a resource in the API, what they may write, and which rows are theirs to reach."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, reduce
from operator import or_
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.access import Actor, ActorKind, hidden, is_hidden, require, visible
from app.core.declare import Can
from app.core.errors import NotFound
from app.fields import Audience, FieldSet, fields_of
from app.generate.keys import keyed
from app.services.seen import discreet

ONCE: Mapping[str, tuple[str, str]] = {
    "webhooks": ("secret", "shown_once"),
    "webhook_deliveries": ("request_body", "sent"),
}
"""Members that are answered once, when a row is made, and the attribute of the new row that holds them."""


@cache
def offered(model: Any) -> Can:
    """Return what the API offers of `model`: what some role may do, writing only where members are for it."""
    resource = model.resource
    if resource.api is None:
        return Can.NOTHING
    some = reduce(or_, (grant.can for grant in resource.allow.values()), Can.NOTHING)
    return some if resource.api.write else some & ~(Can.ADD | Can.EDIT | Can.DELETE)


def shown(session: Session, actor: Actor, model: Any) -> FieldSet:
    """Return the fields of `model` that `actor` reads in the API."""
    picked = _without_hidden(session, actor, model, model.resource.api.show)
    seen = picked.pick(tuple(field.name for field in picked.visible(Audience.API)))
    return discreet(session, actor, Audience.API, seen)


def writable(session: Session, actor: Actor, model: Any, names: tuple[str, ...] = ()) -> FieldSet:
    """Return the fields that `actor` may write: those the declaration names, or of them only `names`."""
    return _without_hidden(session, actor, model, names or model.resource.api.write)


def find(session: Session, actor: Actor, model: Any, key: str, can: Can = Can.READ) -> Any:
    """Return the row of `key` on which the actor may do `can`. Raises NotFound, Forbidden.

    An employee must see it besides, for it is answered; a key that may only write hears what it wrote.
    """
    require(actor, can, model)
    mine = keyed(model, key)
    if mine is None:
        raise NotFound
    reach = [mine, visible(actor, model, can)]
    if actor.kind is not ActorKind.KEY and can is not Can.READ:
        reach.append(visible(actor, model))
    row = session.scalars(select(model).where(*reach)).one_or_none()
    if row is None:
        raise NotFound
    return row


def shown_once(row: Any) -> dict[str, Any]:
    """Return what is answered of `row` this once, because it was made just now."""
    member, attribute = ONCE.get(row.__tablename__, ("", ""))
    return {member: getattr(row, attribute)} if member else {}


def key_of(row: Any) -> int:
    """Return the number of a row."""
    return int(inspect(row).identity[0])


def _without_hidden(session: Session, actor: Actor, model: Any, names: tuple[str, ...]) -> FieldSet:
    picked, hide = fields_of(session, model).pick(names), hidden(actor, model)
    return picked.pick(tuple(name for name in picked if not is_hidden(hide, name))) if hide else picked
