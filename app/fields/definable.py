"""What a definition must keep to before it may rule anything: name, options, bounds, default."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import re2
from sqlalchemy import inspect

from app.core.errors import FieldError
from app.core.i18n import Text, _
from app.core.regex import compiled
from app.core.shape import Shape
from app.fields.access import Audience
from app.fields.columns import column_fields
from app.fields.definitions import Row, offered_of, with_definitions
from app.fields.field import CUSTOM, Field
from app.fields.kinds import CHOICES, LISTS, WORDS, Kind
from app.fields.parse import date, decimal
from app.fields.refusal import Refused
from app.fields.shaped import read
from app.models import by_table
from app.models.fields import OPTIONS, TRANSLATIONS

RESERVED = frozenset({"q", "sort", "limit", "cursor", "total", "updated_since", CUSTOM})
"""Words that mean something else in the address of a list."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_BOUNDS = {
    **dict.fromkeys((Kind.INTEGER, Kind.DECIMAL), ("min", "max")),
    **dict.fromkeys((Kind.DATE, Kind.DATETIME), ("min", "max")),
    **dict.fromkeys(WORDS, ("min_length", "max_length", "pattern")),
    **dict.fromkeys(LISTS, ("min_length", "max_length")),
    Kind.REFERENCE: ("table",),
}


def definition_errors(row: Row) -> list[FieldError]:
    """Return what is wrong with a whole row of `schema_definitions`: nothing, or it may be saved."""
    kind = Kind(row["field_type"])
    errors = [*_name(row), *_place(row, kind), *_options(row, kind), *_bounds(row["validation"], kind)]
    errors += [*_audiences(row["audiences"]), *_shaped("translations", TRANSLATIONS, row["translations"])]
    return errors or list(_default(row))


def _name(row: Row) -> Iterator[FieldError]:
    if not _NAME.fullmatch(row["field_name"]) or row["field_name"] in RESERVED:
        yield _wrong(
            "field_name", _("Use a to z, 0 to 9 and _, starting with a letter; some words are reserved.")
        )


def _place(row: Row, kind: Kind) -> Iterator[FieldError]:
    try:
        model = by_table(row["applies_to"])
    except KeyError:
        yield _wrong("applies_to", _("There is no table of this name."))
        return
    column = next((one for one in column_fields(model) if one.name == row["field_name"]), None)
    if column is None and CUSTOM not in inspect(model).column_attrs:
        yield _wrong("applies_to", _("This table has no custom fields."))
    elif column is not None:
        yield from _of_column(column, row, kind)


def _of_column(column: Field, row: Row, kind: Kind) -> Iterator[FieldError]:
    if kind is not column.kind and (column.kind, kind) != (Kind.TEXT, Kind.SELECT):
        message = _("This column is of type %(kind)s. Only a text may become a list.", kind=column.kind)
        yield _wrong("field_type", message)
    if row["searchable"]:
        yield _wrong("searchable", _("Only fields you define can be made searchable; leave this off."))
    if row["default"] is not None:
        yield _wrong("default", _("A column has a default of its own; leave this empty."))


def _options(row: Row, kind: Kind) -> Iterator[FieldError]:
    yield from _shaped("options", OPTIONS, row["options"])
    if kind in CHOICES and not offered_of(row["options"]):
        yield Refused("required").at("options")


def _shaped(name: str, shape: Shape, value: Any) -> tuple[FieldError, ...]:
    try:
        read(shape, value)
    except Refused as problem:
        return problem.every(name)
    return ()


def _bounds(said: Mapping[str, Any], kind: Kind) -> Iterator[FieldError]:
    for word, value in said.items():
        if word not in _BOUNDS.get(kind, ()):
            yield Refused("unknown_field").at(f"validation.{word}")
        elif not _fits(_CHECKS[word], value, kind):
            yield _wrong(f"validation.{word}", _("This is not a possible bound for this type."))
    for low, high in (("min", "max"), ("min_length", "max_length")):
        if low in said and high in said and _crossed(said[low], said[high], kind):
            yield _wrong(f"validation.{high}", _("The greatest must not be less than the least."))


def _crossed(low: Any, high: Any, kind: Kind) -> bool:
    return _fits(lambda value, _kind: _bound(value, kind) > _bound(high, kind), low, kind)


def _fits(check: Callable[[Any, Kind], Any], value: Any, kind: Kind) -> bool:
    try:
        return check(value, kind) is not False
    except (Refused, re2.error, KeyError, TypeError):
        return False


def _bound(value: Any, kind: Kind) -> Any:
    return date(value) if kind in {Kind.DATE, Kind.DATETIME} else decimal(value)


def _length(value: Any, _kind: Kind) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


_CHECKS: Mapping[str, Callable[[Any, Kind], Any]] = {
    "min": _bound,
    "max": _bound,
    "min_length": _length,
    "max_length": _length,
    "pattern": lambda value, _kind: compiled(value),
    "table": lambda value, _kind: by_table(value),
}


def _audiences(said: Mapping[str, Any]) -> Iterator[FieldError]:
    for audience, access in said.items():
        rights = access if isinstance(access, Mapping) else {"": None}
        known = audience in set(Audience) and set(rights) <= {"visible", "editable", "required"}
        if not known or not all(isinstance(right, bool) for right in rights.values()):
            message = _(
                "Write visible, editable or required, each true or false, for agent, customer or api."
            )
            yield _wrong(f"audiences.{audience}", message)


def _default(row: Row) -> Iterator[FieldError]:
    """Check the default with the field that the definition would make."""
    field = next(iter(with_definitions((), [row])))
    try:
        field.refuse_deprecated(field.parse(field.default))
    except Refused as problem:
        yield problem.at("default")


def _wrong(name: str, message: Text) -> FieldError:
    return FieldError(name, "not_possible", message)
