"""Words in the search column of a table, and who may find what by them.

The words of searchable custom fields stand there beside those of the columns (a trigger writes them),
weighted by who may see them, so that one index serves all and nobody finds a row by what they may not see.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column
from sqlalchemy.dialects.postgresql import TSVECTOR

from app.fields.access import Audience
from app.fields.field import Field
from app.fields.fieldset import FieldSet

EVERYBODY, AGENTS, PROGRAMS = "D", "B", "C"
"""Weights of words: for agents and API alike, for agents alone, for the API alone."""
SEEN: Mapping[Audience, str] = {Audience.AGENT: "{d,b}", Audience.API: "{d,c}"}
"""The weights each may find by. Customers search no tickets."""


def weight_of(field: Field) -> str:
    """Return the weight under which the words of a field are kept, the empty text if they are not."""
    if not field.searchable:
        return ""
    agents, programs = field.visible_to(Audience.AGENT), field.visible_to(Audience.API)
    if agents:
        return EVERYBODY if programs else AGENTS
    return PROGRAMS if programs else ""


def has_search(model: Any) -> bool:
    """Tell whether the table of `model` has a search column."""
    return isinstance(getattr(model.__table__.c.get("search"), "type", None), TSVECTOR)


def found(model: Any, fields: FieldSet, audience: Audience, words: str) -> ColumnElement[bool]:
    """Return the condition that `audience` finds a row by `words`: web search syntax, an index scan.

    `fields` are all fields of the table.
    """
    column = model.__table__.c.search
    query = func.websearch_to_tsquery("simple", func.frontdesk_unaccent(words))
    hit: ColumnElement[bool] = column.op("@@")(query)
    seen = SEEN[audience]
    if all(field.visible_to(audience) for field in fields.custom if field.searchable):
        return hit
    weights: ColumnElement[Any] = literal_column(f"'{seen}'::\"char\"[]")
    return and_(hit, func.ts_filter(column, weights).op("@@")(query))
