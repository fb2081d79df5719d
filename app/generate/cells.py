"""A value of a row as a person sees it."""

from __future__ import annotations

from typing import Any

from app.access import Actor, may
from app.core.declare import Can, Desk
from app.fields import Field, Kind
from app.fields.display import in_words
from app.generate.parts import Cell, Show
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


def cell(field: Field, value: Any) -> Cell:
    """Return how `value` of `field` is drawn: words in the person's language and zone, and a kind."""
    if value is None or value in ("", [], {}):
        return Cell()
    labels = {option.value: option.label for option in field.options}
    if type(value) in STATES:
        return Cell(kind=STATES[type(value)], text=in_words(field.kind, value, labels), value=value.value)
    if isinstance(value, float):
        value = round(value, 2)
    return Cell(
        kind=SHOWS.get(field.kind, Show.TEXT),
        text="" if field.kind is Kind.JSON else in_words(field.kind, value, labels),
        value=None
        if field.kind is Kind.SELECT
        else [str(labels.get(tag, tag)) for tag in value]
        if field.kind in {Kind.TAGS, Kind.MULTI_SELECT}
        else value,
        url=_url(field, value),
    )


def _url(field: Field, value: Any) -> str | None:
    if field.kind is Kind.URL:
        return str(value) if str(value).startswith(("http://", "https://")) else None
    if field.kind is not Kind.REFERENCE or field.reference is None:
        return None
    return page_address(by_table(field.reference), value)


def page_address(model: Any, key: Any) -> str | None:
    """Return the address of the generated page of a row, or None where its kind has none."""
    table = model.__tablename__
    pages = {Desk.MANAGE: f"/admin/{table}/show/{key}", Desk.WATCH: f"/console/{table}/details/?id={key}"}
    return pages.get(model.resource.desk)


def named(row: Any, attribute: str, actor: Actor) -> Cell:
    """Return a related row by one of its attributes, as a link where the actor may open it."""
    if row is None:
        return Cell()
    url = address_of(row, actor) if isinstance(row, Declared) else None
    return Cell(kind=Show.LINK, text=str(getattr(row, attribute)), url=url)


def title_of(row: Any) -> str:
    """Return what a row is called: the attribute its declaration names."""
    resource = row.resource
    name = resource.label or (resource.columns[0] if resource.columns else "id")
    value = getattr(row, name, None)
    return f"{resource.title} {row.id}" if name == "id" or value in (None, "") else str(value)


def address_of(row: Any, actor: Actor) -> str | None:
    """Return the address of a row's own page, or None where there is none for this actor."""
    return page_address(type(row), row.id) if may(actor, Can.READ, type(row)) else None
