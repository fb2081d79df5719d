"""Tables filled by SQL with a million rows as a desk has them: of each column a common value and a rare one.

Three rows of five have the common value, one of 50,021 the rare one, and the others share some hundreds. Of
a choice the next value has most of the others: few things fail.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    String,
    UniqueConstraint,
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app import models, services
from app.access import SYSTEM
from app.fields import CUSTOM, Field, Kind
from app.fields.kinds import NUMBERS
from app.fields.search import has_search
from app.models.fields import FieldDefinition
from app.record import act_as

OFTEN, SELDOM = "everyday", "nowhere"
FIRST, NOBODY = 1, 987_654_321
USUAL = {"state": "done", "status": "closed"}
"""What most rows of a choice are where that is not the first of the list."""
BEGAN, APART = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.timedelta(seconds=30)
"""When the first row was made, and how far two rows are apart that follow each other."""
MADE_AT = f"timestamptz '{BEGAN.isoformat()}' + n * interval '{APART.seconds} seconds'"
IS_RARE, IS_COMMON = "n % 50021 = 7", "n % 5 < 3"
NAME = " || ' ' || ".join(
    f"translate(substr(md5(n::text), {place}, 7), '0123456789', 'ghijklmopq')" for place in (1, 9)
)
"""Two words, hardly ever the same, of the letters a to q; only the rare word begins with an n."""
SELDOM_SET = 10
"""One row of so many has a moment that can be missing."""
CHILDREN = 3
"""Rows that lead to the same row of a large table, a ticket say."""


def fill(connection: Connection, model: Any, rows: int) -> None:
    """Fill the table of `model`, which is emptied first, without its checks and references."""
    table = model.__table__
    connection.execute(text("SET session_replication_role = replica"))
    empty(connection, model)
    checks = text("SELECT conname FROM pg_constraint WHERE conrelid = :table ::regclass AND contype = 'c'")
    for check in connection.scalars(checks, {"table": table.name}).all():
        connection.execute(text(f'ALTER TABLE {table.name} DROP CONSTRAINT "{check}"'))
    columns = {one.name: made for one in table.columns if (made := _value(one, model)) is not None}
    names, values = ", ".join(columns), ", ".join(columns.values())
    statement = f"INSERT INTO {table.name} ({names}) SELECT {values} FROM generate_series(1, :rows) AS n"  # noqa: S608
    if has_search(model):  # a trigger writes that column
        connection.execute(text(f"ALTER TABLE {table.name} ENABLE ALWAYS TRIGGER search"))
    connection.execute(text(statement), {"rows": rows})  # the names are those of declared tables
    connection.execute(text(f"VACUUM ANALYZE {table.name}"))


def empty(connection: Connection, model: Any) -> None:
    """Take all rows of a table away."""
    connection.execute(text(f"TRUNCATE {model.__tablename__} CASCADE"))


def common(field: Field, rows: int) -> dict[str, Any]:
    """Return a condition that most rows meet; of times, the older half."""
    return _condition(field, rows // 2, {Kind.BOOLEAN: False, **dict.fromkeys(NUMBERS, FIRST)}, _usual, OFTEN)


def rare(field: Field, rows: int) -> dict[str, Any]:
    """Return a condition that hardly any row meets; of times, the oldest twenty of a million rows."""
    values = {Kind.BOOLEAN: True, **dict.fromkeys(NUMBERS, NOBODY)}
    return _condition(field, rows // 50_000 + 1, values, _unusual, SELDOM)


def _condition(
    field: Field,
    oldest: int,
    values: Mapping[Kind, Any],
    choose: Callable[[str, Sequence[str]], str],
    word: str,
) -> dict[str, Any]:
    operator, value = "is", values.get(field.kind, word)
    match field.kind:
        case Kind.DATE:
            operator, value = "before", (BEGAN + oldest * APART + dt.timedelta(days=1)).date().isoformat()
        case Kind.DATETIME:
            operator, value = "before", (BEGAN + oldest * APART).isoformat()
        case Kind.SELECT:
            value = choose(field.name, field.values)
        case Kind.TAGS | Kind.MULTI_SELECT:
            operator = "contains"
    return {"field": field.name, "op": operator, "value": value}


def _value(column: Column[Any], model: Any) -> str | None:
    """Return what row `n` has in a column, None for what the database fills in itself."""
    if column.computed is not None:
        return None
    if column.primary_key or _is_unique(column, model.__table__):
        return "md5(n::text) || '@example.com'" if isinstance(column.type, String) else "n"
    if choices := getattr(column.type, "enums", None):
        return _choice(column.name, choices)
    made = next((made for kind, made in MADE.items() if isinstance(column.type, kind)), _nothing)
    return made(column, model)


def _choice(name: str, values: Sequence[str]) -> str:
    often, seldom = _usual(name, values), _unusual(name, values)
    next_, *others = [one for one in values if one not in {often, seldom}] or [often]
    words = ", ".join(f"'{one}'" for one in others or [next_])
    some = f"CASE WHEN n % 97 = 4 THEN (ARRAY[{words}])[1 + n % {len(others) or 1}] ELSE '{next_}' END"
    return _mixed(f"'{seldom}'", f"'{often}'", some)


def _mixed(seldom: str, often: str, else_: str) -> str:
    return f"CASE WHEN {IS_RARE} THEN {seldom} WHEN {IS_COMMON} THEN {often} ELSE {else_} END"


def _number(column: Column[Any], _model: Any) -> str:
    if _leads_to_many(column):
        return f"CASE WHEN {IS_RARE} THEN {NOBODY} ELSE 1 + n / {CHILDREN} END"
    return _mixed(str(NOBODY), str(FIRST), "2 + n % 997")


def _moment(column: Column[Any], model: Any) -> str:
    if column.nullable and column.name != model.resource.order_column:
        return f"CASE WHEN n % {SELDOM_SET} = 0 THEN {MADE_AT} END"
    return MADE_AT


def _day(column: Column[Any], model: Any) -> str:
    return f"({_moment(column, model)})::date"


def _json(column: Column[Any], _model: Any) -> str:
    facts = column.info.get("ui")
    if column.name == CUSTOM:
        return CUSTOM_FIELDS
    if facts is None or not facts.tags:
        return "'{}'"
    few = "jsonb_build_array('tag ' || n % 499, 'tag ' || n % 83)"
    return _mixed(f"'[\"{SELDOM}\"]'", f"jsonb_build_array('{OFTEN}', 'tag ' || n % 499)", few)


def _text(column: Column[Any], model: Any) -> str:
    facts = model.resource
    if column.name in facts.search and column.name not in facts.filters:
        return f"CASE WHEN {IS_RARE} THEN '{SELDOM}' ELSE {NAME} END"
    return _mixed(f"'{SELDOM}'", f"'{OFTEN}'", "'word ' || n % 997")


def _truth(_column: Column[Any], _model: Any) -> str:
    return f"({IS_RARE})"


def _nothing(_column: Column[Any], _model: Any) -> str:
    return "''"


MADE: dict[Any, Callable[[Column[Any], Any], str]] = {
    Boolean: _truth,
    Integer: _number,
    DateTime: _moment,
    Date: _day,
    JSONB: _json,
    String: _text,
}
"""What rows have in a column of a type; else the empty text."""


def _leads_to_many(column: Column[Any]) -> bool:
    """Tell whether a number is the key of a row of a large table."""
    targets = {key.column.table.name for key in column.foreign_keys}
    facts = column.info.get("ui")
    return bool(facts and facts.row_of) or any(models.by_table(one).resource.grows for one in targets)


def _usual(name: str, values: Sequence[str]) -> str:
    usual = USUAL.get(name, "")
    return usual if usual in values else values[0]


def _unusual(name: str, values: Sequence[str]) -> str:
    return [one for one in values if one != _usual(name, values)][-1]


def _is_unique(column: Column[Any], table: Any) -> bool:
    """Tell whether all rows must differ in a column; of several it is the last that does."""
    constraints = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    unique = [*constraints, *(index for index in table.indexes if index.unique)]
    return bool(column.unique) or any([*one.columns][-1] is column for one in unique)


CUSTOM_KINDS: dict[Kind, tuple[str, str, str]] = {
    Kind.TEXT: (f"'{SELDOM}'", f"'{OFTEN}'", "'word ' || n % 997"),
    Kind.INTEGER: (str(NOBODY), str(FIRST), "2 + n % 997"),
    Kind.BOOLEAN: ("true", "false", "false"),
    Kind.DATE: (f"to_char({MADE_AT}, 'YYYY-MM-DD')",) * 3,
    Kind.SELECT: (f"'{SELDOM}'", f"'{OFTEN}'", "'between'"),
    Kind.MULTI_SELECT: (f"'[\"{SELDOM}\"]'::jsonb", f"'[\"{OFTEN}\"]'::jsonb", "'[\"between\"]'::jsonb"),
    Kind.REFERENCE: (str(NOBODY), str(FIRST), "2 + n % 997"),
}
"""Kinds of custom fields that tables with such fields are given, `bench_…`, and their values."""
CUSTOM_FIELDS = "jsonb_build_object({})".format(
    ", ".join(f"'bench_{kind}', {_mixed(*values)}" for kind, values in CUSTOM_KINDS.items())
)


MORE: dict[str, Any] = {
    "select": {"options": [{"value": one} for one in (OFTEN, "between", SELDOM)]},
    "multi_select": {"options": [{"value": one} for one in (OFTEN, "between", SELDOM)]},
    "reference": {"validation": {"table": "customers"}},
}


def define(session: Session) -> None:
    """Give tables with custom fields one of each kind."""
    act_as(session, SYSTEM, source="bench")
    for model in models.load():
        for kind in CUSTOM_KINDS if CUSTOM in inspect(model).column_attrs else ():
            values = {
                "field_name": f"bench_{kind}",
                "field_type": kind.value,
                "applies_to": model.__tablename__,
            }
            services.add(session, SYSTEM, FieldDefinition, values | MORE.get(kind.value, {}))
    session.commit()
