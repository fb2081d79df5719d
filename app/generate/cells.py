"""A value of a row as a person sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

from app.access import Actor, may
from app.core.declare import Can, Desk
from app.core.i18n import Text
from app.fields import Field, Kind
from app.fields.display import in_words
from app.fields.kinds import LISTS
from app.generate.lines.words import Titles, chips
from app.generate.parts import NOTHING, Cell, Show
from app.models import by_table
from app.models.base import Declared
from app.models.tickets import Priority, Status

SHOWS: dict[Kind, Show] = {
    Kind.LONG_TEXT: Show.LONG_TEXT,
    Kind.EMAIL: Show.EMAIL,
    Kind.PHONE: Show.PHONE,
    Kind.SELECT: Show.BADGE,
    Kind.MULTI_SELECT: Show.TAGS,
    Kind.TAGS: Show.TAGS,
    Kind.DATETIME: Show.TIME,
    Kind.DATE: Show.DATE,
    Kind.INTEGER: Show.NUMBER,
    Kind.DECIMAL: Show.NUMBER,
    Kind.BOOLEAN: Show.BOOLEAN,
    Kind.REFERENCE: Show.LINK,
    Kind.URL: Show.LINK,
    Kind.JSON: Show.JSON,
}
STATES: dict[type[Any], Show] = {Status: Show.STATUS, Priority: Show.PRIORITY}
"""Closed lists that are drawn with a shape of their own."""


DRAWN_FROM_VALUE = {Show.JSON, Show.TIME, Show.DATE}
"""Kinds whose words the template makes itself."""


def cell(field: Field, value: Any) -> Cell:
    """Return how `value` of `field` is drawn: words in the person's language and zone, and a kind."""
    return _cell(field, {option.value: option.label for option in field.options}, value)


def named_cell(field: Field, value: Any, titles: Titles) -> Cell:
    """Return how `value` is drawn; a reference by the name of its row, if that is among `titles`."""
    drawn = cell(field, value)
    known = titles.get((field.reference, value)) if field.reference and isinstance(value, int) else None
    if field.shape is not None and value:
        return replace(drawn, value=list(chips(field.shape, value, titles)))
    return replace(drawn, text=known) if known else drawn


def cells_of(field: Field) -> Callable[[Any], Cell]:
    """Return what draws the values of one column of a page. A value seen before is the same cell."""
    labels = {option.value: str(option.label) for option in field.options}
    draw = partial(_cell, field, labels)
    return draw if field.kind in LISTS | {Kind.JSON} else cache(draw)


def _cell(field: Field, labels: Mapping[str, Text], value: Any) -> Cell:
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, float):
        value = round(value, 2)
    if field.shape is not None:
        return Cell(kind=Show.TAGS, value=list(chips(field.shape, value, {})))
    kind = STATES.get(type(value)) or SHOWS.get(field.kind, Show.TEXT)
    return Cell(
        kind=kind,
        text="" if kind in DRAWN_FROM_VALUE else in_words(field.kind, value, labels),
        value=_drawn_value(field, kind, labels, value),
        url=_url(field, value),
    )


def plain_cell(value: Text | dt.datetime | Mapping[str, Any] | None) -> Cell:
    """Return how a value that is of no field is drawn: a moment, an object as JSON, else a text."""
    if value is None:
        return NOTHING
    if isinstance(value, dt.datetime):
        return Cell(kind=Show.TIME, value=value)
    return Cell(kind=Show.JSON, value=value) if isinstance(value, Mapping) else Cell(text=value)


def _drawn_value(field: Field, kind: Show, labels: Mapping[str, Text], value: Any) -> Any:
    if kind in {Show.STATUS, Show.PRIORITY}:
        return value.value
    if kind is Show.TAGS:
        return [str(labels.get(tag, tag)) for tag in value]
    if field.kind is Kind.SELECT:
        return next((option.tone for option in field.options if option.value == value), "")
    return value


def _url(field: Field, value: Any) -> str | None:
    if field.kind is Kind.URL:
        return str(value) if str(value).startswith(("http://", "https://")) else None
    if field.kind is not Kind.REFERENCE or field.reference is None:
        return None
    return page_address(by_table(field.reference), value)


def page_address(model: Any, key: Any) -> str | None:
    """Return the address of the page of a row, or None where its kind has none."""
    if model.resource.page:
        return str(model.resource.page.format(id=key))
    table = model.__tablename__
    pages = {Desk.MANAGE: f"/admin/{table}/show/{key}", Desk.WATCH: f"/console/{table}/details/?id={key}"}
    return pages.get(model.resource.desk)


def named(row: Any, attribute: str, actor: Actor) -> Cell:
    """Return a related row by one of its attributes, as a link where it has a page.

    One that the actor may not see is known by its number only.
    """
    if row is None:
        return NOTHING
    if isinstance(row, Declared) and not may(actor, Can.READ, row):
        return Cell(text=f"#{row.id}")
    url = address_of(row, actor) if isinstance(row, Declared) else None
    return Cell(kind=Show.LINK, text=str(getattr(row, attribute)), url=url)


def title_of(row: Any) -> str:
    """Return what a row is called: the attribute its declaration names."""
    resource = row.resource
    name = resource.name_column or "id"
    value = getattr(row, name, None)
    return f"{resource.title} {row.id}" if name == "id" or value in (None, "") else str(value)


def address_of(row: Any, actor: Actor) -> str | None:
    """Return the address of a row's own page, or None where there is none for this actor."""
    return page_address(type(row), row.id) if may(actor, Can.READ, type(row)) else None
