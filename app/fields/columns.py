"""Fields from mapped columns: what the model states, in the words of the registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Integer,
    Numeric,
    SmallInteger,
    String,
    Text,
    inspect,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import ColumnProperty

from app.core.declare import Choice, Resource, Ui
from app.core.shape import Words
from app.fields.field import CUSTOM, Field, Option
from app.fields.kinds import LISTS, Kind
from app.fields.rules import Rules

_BY_TYPE: tuple[tuple[type[Any], Kind], ...] = (
    (Enum, Kind.SELECT),
    (Text, Kind.LONG_TEXT),
    (String, Kind.TEXT),
    (Boolean, Kind.BOOLEAN),
    (Integer, Kind.INTEGER),
    (Numeric, Kind.DECIMAL),
    (DateTime, Kind.DATETIME),
    (Date, Kind.DATE),
    (JSONB, Kind.JSON),
)
"""Column types, the special before the general: Text is a String to SQLAlchemy."""
NO_LISTS: Mapping[str, tuple[Option, ...]] = MappingProxyType({})
_BY_NAME = {"email": Kind.EMAIL, "url": Kind.URL}
_STAMPS = frozenset({"id", "version", "created_at", "updated_at"})
_LIMITS: tuple[tuple[type[Any], int], ...] = (
    (BigInteger, 2**63 - 1),
    (SmallInteger, 2**15 - 1),
    (Integer, 2**31 - 1),
)


def column_fields(model: type[Any], lists: Mapping[str, tuple[Option, ...]] = NO_LISTS) -> Iterator[Field]:
    """Yield a field for each column of `model` that has a label or is named in its declaration.

    `lists` are the options that are data, by the names columns call them.
    """
    declared = _declared(getattr(model, "resource", None))
    for attribute in inspect(model).column_attrs:
        if attribute.key != CUSTOM and (facts_of(attribute) or attribute.key in declared):
            made = _field(attribute, lists)
            if made is not None:
                yield made


def default_of(model: type[Any], name: str) -> Any:
    """Return the value that the column `name` of a new row has by itself, None if it has none."""
    attribute = inspect(model).column_attrs.get(name)
    default = getattr(attribute.columns[0], "default", None) if attribute is not None else None
    return default.arg if default is not None and default.is_scalar else None


def _declared(resource: Resource | None) -> frozenset[str]:
    if resource is None:
        return frozenset()
    shown = (*resource.columns, *resource.show, *resource.form, *resource.create)
    return frozenset(shown) | frozenset((*resource.api.show, *resource.api.write) if resource.api else ())


def facts_of(attribute: ColumnProperty[Any]) -> Ui | None:
    """Return what a mapped column says of itself, or what is computed as it is read; None if nothing."""
    column = attribute.columns[0]
    found: Ui | None = (column.info if isinstance(column, Column) else attribute.info).get("ui")
    return found


def may_be_empty(attribute: ColumnProperty[Any]) -> bool:
    """Tell whether a row can be without a value; what is computed has one."""
    return bool(getattr(attribute.columns[0], "nullable", False))


def _field(attribute: ColumnProperty[Any], lists: Mapping[str, tuple[Option, ...]]) -> Field | None:
    facts = facts_of(attribute) or Ui(label=attribute.key.replace("_", " ").capitalize())
    column = attribute.columns[0]
    if not isinstance(column, Column):
        return _computed(attribute, facts)
    kind = _kind(attribute.key, column, facts)
    if kind is None:
        return None
    choices = _choices(column, facts)
    needed = isinstance(facts.shape, Words) and facts.shape.least > 0
    return Field(
        name=attribute.key,
        kind=kind,
        label=facts.label,
        help=facts.help,
        required=_required(column) or needed,
        options=_options(choices, facts, lists),
        choices=choices,
        offers=facts.offers,
        rules=_rules(kind, column, facts),
        empty=_empty(kind, column),
        nullable=not needed and (bool(column.nullable) or _empty(kind, column) is not None),
        reference=_target(column),
        readonly=attribute.key in _STAMPS or column.primary_key or column.computed is not None,
        secret=facts.secret,
        markdown=facts.markdown,
        framed=facts.framed,
        grid=facts.grid,
        members=facts.members,
        shape=facts.shape,
        criteria=facts.criteria,
        tells=facts.tells,
    )


def _computed(attribute: ColumnProperty[Any], facts: Ui) -> Field:
    """Return the field of what is computed as it is read: nobody writes it."""
    kind = next(kind for type_, kind in _BY_TYPE if isinstance(attribute.columns[0].type, type_))
    return Field(
        name=attribute.key, kind=kind, label=facts.label, help=facts.help, nullable=False, readonly=True
    )


def _options(
    choices: type[Choice] | None, facts: Ui, lists: Mapping[str, tuple[Option, ...]]
) -> tuple[Option, ...]:
    if facts.options:
        return lists.get(facts.options, ())
    return tuple(Option(choice.value, choice.label) for choice in choices or ())


def _kind(name: str, column: Column[Any], facts: Ui) -> Kind | None:
    if facts.tags:
        return Kind.TAGS
    if facts.options and isinstance(column.type, JSONB):
        return Kind.MULTI_SELECT
    if facts.plain:
        return Kind.VALUE
    if _choices(column, facts) or facts.options:
        return Kind.SELECT
    if _target(column):
        return Kind.REFERENCE
    found = next((kind for type_, kind in _BY_TYPE if isinstance(column.type, type_)), None)
    return _BY_NAME.get(name, found) if found is Kind.TEXT else found


def _choices(column: Column[Any], facts: Ui) -> type[Choice] | None:
    enum = column.type.enum_class if isinstance(column.type, Enum) else None
    return facts.choices or (enum if enum is not None and issubclass(enum, Choice) else None)


def _target(column: Column[Any]) -> str | None:
    if column.primary_key:
        return None
    return next((key.column.table.name for key in column.foreign_keys), None)


def _required(column: Column[Any]) -> bool:
    given = column.default is None and column.server_default is None
    return given and not column.nullable and not column.primary_key and column.computed is None


def _empty(kind: Kind, column: Column[Any]) -> Any:
    """Return what a column without NULL keeps for nothing, None if it must have a value."""
    default = getattr(column.default, "arg", None)
    if column.nullable or default == "":
        return "" if default == "" else None
    if kind is Kind.JSON and column.server_default is not None:
        return {} if str(getattr(column.server_default, "arg", "")) == "{}" else []
    return [] if kind in LISTS else None


def _rules(kind: Kind, column: Column[Any], facts: Ui) -> Rules:
    if kind is Kind.INTEGER:
        limit = next(limit for type_, limit in _LIMITS if isinstance(column.type, type_))
        low = -limit if facts.minimum is None else facts.minimum
        return Rules(minimum=low, maximum=limit if facts.maximum is None else facts.maximum)
    length = column.type.length if isinstance(column.type, String) and kind is not Kind.SELECT else None
    return Rules(minimum=facts.minimum, maximum=facts.maximum, max_length=length)
