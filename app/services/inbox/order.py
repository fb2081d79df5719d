"""In which order a queue stands, and how its pages follow each other by keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, tuple_

from app.core.errors import Invalid
from app.core.i18n import _
from app.models.tickets import Ticket


@dataclass(frozen=True, kw_only=True)
class Order:
    """What tickets are put in order `by`, the key last.

    `value` is read with each ticket; `cursor` makes the cursor of the page after a ticket from it and the
    ticket's number, and `after` the criterion of what stands there. That one raises Invalid for no cursor.
    """

    by: tuple[Any, ...]
    value: Any
    after: Callable[[str], ColumnElement[bool]]
    cursor: Callable[[Any, int], str]


def _after(cursor: str) -> ColumnElement[bool]:
    moment, _mark, number = cursor.rpartition("_")
    try:
        when = dt.datetime.fromisoformat(moment)
    except ValueError:
        when = None
    if when is None or when.tzinfo is None or not number.isdecimal() or len(number) > 18:
        message = _("This page of the list is not there. Start from the top.")
        raise Invalid.one("cursor", "malformed", message)
    return tuple_(Ticket.last_activity_at, Ticket.id) < tuple_(when, int(number))


NEWEST = Order(
    by=(Ticket.last_activity_at.desc(), Ticket.id.desc()),
    value=Ticket.last_activity_at,
    after=_after,
    cursor=lambda moment, number: f"{moment.isoformat()}_{number}",
)
"""Newest activity first: how every queue of the inbox stands that does not say otherwise."""
