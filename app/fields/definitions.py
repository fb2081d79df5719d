"""Fields from `schema_definitions`: custom fields, and what is live about a column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import get_locale

from app.core.i18n import LazyString, Text
from app.fields.access import Access, Audience
from app.fields.field import CUSTOM, Field, Option
from app.fields.kinds import CHOICES, Kind
from app.fields.parse import date, decimal
from app.fields.rules import Rules

Row = Mapping[str, Any]
"""One row of `schema_definitions`."""


def with_definitions(columns: Iterable[Field], rows: Iterable[Row]) -> Iterator[Field]:
    """Yield the fields of a table: its columns, as the definitions change them, then the custom fields."""
    live = {row["field_name"]: row for row in rows}
    for column in columns:
        row = live.pop(column.name, None)
        yield column if row is None else _override(column, row)
    yield from sorted(map(_custom, live.values()), key=lambda one: (one.position, one.name))


def _custom(row: Row) -> Field:
    kind = Kind(row["field_type"])
    return Field(
        name=f"{CUSTOM}.{row['field_name']}",
        kind=kind,
        label=_label(row),
        help=_help(row),
        options=_options(row) if kind in CHOICES else (),
        rules=_rules(kind, row["validation"]),
        reference=row["validation"].get("table") if kind is Kind.REFERENCE else None,
        default=row["default"],
        **_live(row),
    )


def _override(column: Field, row: Row) -> Field:
    """Return a column with what its definition says of it: label, options, limits, place, who may what.

    Its kind stays, but a text may become a list, whose options are data. What the column requires stays so,
    and its limits can only become narrower.
    """
    chosen = column.kind is Kind.TEXT and row["field_type"] == Kind.SELECT
    live = _live(row)
    return replace(
        column,
        kind=Kind.SELECT if chosen else column.kind,
        label=_label(row) if row["label"] else column.label,
        help=_help(row) or column.help,
        options=_options(row) if chosen else _named(column.options, row),
        rules=_rules(column.kind, row["validation"]).within(column.rules),
        **{**live, "required": column.required or live["required"]},
    )


def _live(row: Row) -> dict[str, Any]:
    return {
        "required": row["is_required"],
        "required_on": str(row["required_on"]),
        "access": _access(row),
        "searchable": row["searchable"],
        "section": row["section"],
        "position": row["position"],
        "show_when": row["show_when"],
        "deprecated": row["deprecated_at"] is not None,
    }


def _access(row: Row) -> dict[Audience, Access]:
    usual = {"visible": True, "editable": True, "required": row["is_required"]}
    return {
        audience: Access(**{word: bool(said.get(word, value)) for word, value in usual.items()})
        for audience in Audience
        if (said := row["audiences"].get(audience))
    }


def _rules(kind: Kind, said: Mapping[str, Any]) -> Rules:
    bound = date if kind in {Kind.DATE, Kind.DATETIME} else decimal
    return Rules(
        minimum=None if said.get("min") is None else bound(said["min"]),
        maximum=None if said.get("max") is None else bound(said["max"]),
        min_length=said.get("min_length"),
        max_length=said.get("max_length"),
        pattern=said.get("pattern"),
    )


def _options(row: Row) -> tuple[Option, ...]:
    return tuple(
        _option(row, said if isinstance(said, Mapping) else {"value": said}) for said in row["options"]
    )


def _option(row: Row, said: Mapping[str, Any]) -> Option:
    value = said["value"]
    label = _translated(row, said.get("label", value), "options", value)
    return Option(value, label, tone=said.get("colour", ""), deprecated=bool(said.get("deprecated")))


def offered_of(options: Iterable[Any]) -> list[str]:
    """Return the values of options that may be chosen anew, as a definition keeps them."""
    said = (one if isinstance(one, Mapping) else {"value": one} for one in options)
    return [one["value"] for one in said if "value" in one and not one.get("deprecated")]


def _named(options: tuple[Option, ...], row: Row) -> tuple[Option, ...]:
    return tuple(
        replace(option, label=_translated(row, option.label, "options", option.value)) for option in options
    )


def _label(row: Row) -> Text:
    return _translated(row, row["label"] or row["field_name"].replace("_", " ").capitalize(), "label")


def _help(row: Row) -> Text | None:
    return _translated(row, row["help"], "help") if row["help"] else None


def _translated(row: Row, text: Text, *path: str) -> Text:
    """Return `text`, or its translation for the reader: `translations["de"]["options"]["billing"]`."""
    translations = row["translations"]
    return LazyString(_pick, translations, text, path) if translations else text


def _pick(translations: Mapping[str, Any], text: Text, path: tuple[str, ...]) -> Text:
    locale = get_locale()
    said: Any = translations.get(str(locale)) or translations.get(locale.language) if locale else None
    for word in path:
        said = said.get(word) if isinstance(said, Mapping) else None
    return said if isinstance(said, str) and said else text
