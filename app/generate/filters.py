"""Filters as addresses say them, on screens and in REST: `status=open,pending&created_at[gte]=2026-01-01`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.errors import FieldError, Invalid
from app.core.i18n import _
from app.criteria import operators_of
from app.fields import Field, FieldSet, Kind, Refused
from app.generate.days import in_zone

LISTS = {Kind.TAGS, Kind.MULTI_SELECT}
TIMES = {Kind.DATE, Kind.DATETIME}
PARAMETER = re.compile(r"(?P<name>[a-z][a-z0-9_.]*)(\[(?P<operator>[a-z_]+)\])?", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """One filter of an address: the field, the operator's name and the value as written."""

    parameter: str
    field: Field
    operator: str
    raw: str

    @property
    def condition(self) -> dict[str, Any]:
        """Return it as a criteria condition."""
        condition: dict[str, Any] = {"field": self.field.name, "op": self.operator}
        if self.operator not in {"empty", "not_empty"}:
            condition["value"] = self._value()
        return condition

    def told(self, zone: dt.tzinfo | None) -> dict[str, Any]:
        """Return it as criteria in which a day is one of `zone`, that of the desk if None."""
        placed = in_zone(self.field, self.operator, self.raw.strip(), zone) if zone else None
        return self.condition if placed is None else placed

    def _value(self) -> Any:
        if self.operator in {"one_of", "none_of", "contains_any", "contains_all"}:
            return [_typed(self.parameter, self.field, part) for part in self.raw.split(",") if part.strip()]
        return _typed(self.parameter, self.field, self.raw)


def asked(arguments: Iterable[tuple[str, str]], fields: FieldSet, names: Iterable[str]) -> list[Asked]:
    """Return the filters among `arguments`; each must name a field of `names`. Else raises Invalid."""
    known = frozenset(names)
    found = []
    errors = []
    for parameter, raw in arguments:
        match = PARAMETER.fullmatch(parameter)
        name = match["name"] if match else ""
        if name not in fields or not _listed(name, known):
            errors.append(FieldError(parameter, "unknown_parameter", _("There is no filter of this name.")))
            continue
        operator = _operator(fields[name], match["operator"] if match else None, raw)
        if operator is None:
            errors.append(FieldError(parameter, "unknown_operator", _("This field cannot be asked that.")))
            continue
        found.append(Asked(parameter, fields[name], operator, raw))
    if errors:
        raise Invalid(errors)
    return found


def tree_of(
    filters: Iterable[Asked], besides: Mapping[str, Any] | None = None, zone: dt.tzinfo | None = None
) -> Mapping[str, Any] | None:
    """Return the criteria tree in which every filter holds, and those `besides`; None without any.

    The days of filters are those of `zone`, where somebody asks who has one.
    """
    conditions = [item.told(zone) for item in filters]
    if not conditions:
        return besides
    return {"all": [*conditions, besides] if besides else conditions}


def default_operator(field: Field) -> str:
    """Return the operator meant by a bare `name=value`."""
    if field.kind in LISTS:
        return "contains_any"
    if field.kind in TIMES | {Kind.BOOLEAN}:
        return "is"
    return "one_of" if "one_of" in operators_of(field.kind) else "contains"


def _listed(name: str, known: frozenset[str]) -> bool:
    return name in known or (name.startswith("custom_fields.") and "custom_fields" in known)


def _operator(field: Field, name: str | None, raw: str) -> str | None:
    if name is None:
        return default_operator(field)
    if name == "empty" and raw.casefold() in {"0", "false", "no"}:
        name = "not_empty"
    if name == "contains" and field.kind in LISTS:
        name = "contains_all"
    return name if name in operators_of(field.kind) else None


def _typed(parameter: str, field: Field, raw: str) -> Any:
    if field.kind in TIMES or field.kind in LISTS:
        return raw.strip()
    try:
        return field.dump(field.operand(raw.strip()))
    except Refused as problem:
        raise Invalid([problem.at(parameter)]) from problem
