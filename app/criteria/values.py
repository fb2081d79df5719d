"""The value of a condition, typed: one, several, an expression, a duration or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import re2

from app.core.errors import FieldError, Invalid
from app.core.i18n import Text, _
from app.core.regex import compiled
from app.criteria.known import Known
from app.criteria.moment import Duration
from app.criteria.operators import Operator, Takes
from app.criteria.period import Period
from app.criteria.readings import ME, Reading

PEOPLE = "employees"
"""The table whose rows may be `me`."""
VALUES = 100
"""Values of one condition at most."""
PATTERN = 200
"""Characters of a regular expression at most."""


def wanted(field: Known, reading: Reading, operator: Operator, raw: Any, path: str) -> Any:
    """Return the typed value of a condition, None where the operator takes none.

    Raises `Invalid` naming `path`, or the item of a list in it.
    """
    match operator.takes:
        case Takes.NOTHING:
            return None
        case Takes.MANY:
            return _many(field, reading, raw, path)
        case Takes.PAIR:
            return _pair(field, reading, raw, path)
        case Takes.PATTERN:
            return _pattern(raw, path)
        case Takes.PAST | Takes.FUTURE:
            return _duration(reading, raw, path)
        case Takes.ONE:
            return _one(field, reading, raw, path)


def _one(field: Known, reading: Reading, raw: Any, path: str) -> Any:
    if reading.timing is not None and (period := Period.read(raw)):
        return period
    if raw == ME and field.reference == PEOPLE:
        return ME
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        raise _refusal(path, "required", _("Give a value to compare with."))
    try:
        value = field.operand(raw)
    except Invalid as problem:
        raise Invalid(FieldError(path, error.code, error.message) for error in problem.errors) from problem
    typed = None if value is None else reading.wanted(value)
    if typed is None or typed == "":
        raise _refusal(path, "required", _("Give a value to compare with."))
    return typed


def _many(field: Known, reading: Reading, raw: Any, path: str) -> frozenset[Any]:
    if not isinstance(raw, list) or not raw:
        raise _refusal(path, "not_a_list", _("Give one or more values."))
    if len(raw) > VALUES:
        raise _refusal(path, "too_many", _("Use at most %(count)s values.", count=VALUES))
    return frozenset(_one(field, reading, item, f"{path}[{place}]") for place, item in enumerate(raw))


def _pair(field: Known, reading: Reading, raw: Any, path: str) -> tuple[Any, Any]:
    if not isinstance(raw, Mapping) or set(raw) != {"from", "to"}:
        raise _refusal(path, "not_a_pair", _("Write what it was and what it became: from and to."))
    before = _one(field, reading, raw["from"], f"{path}.from")
    return before, _one(field, reading, raw["to"], f"{path}.to")


def _pattern(raw: Any, path: str) -> str:
    if not isinstance(raw, str) or not raw or len(raw) > PATTERN:
        raise _refusal(
            path, "bad_pattern", _("Write a regular expression of at most %(count)s signs.", count=PATTERN)
        )
    try:
        compiled(raw)
    except re2.error as problem:
        message = _("This is not a regular expression (RE2): %(reason)s", reason=str(problem))
        raise _refusal(path, "bad_pattern", message) from problem
    return raw


def _duration(reading: Reading, raw: Any, path: str) -> Duration:
    units = reading.timing.units if reading.timing else ()
    found = Duration.read(raw, units)
    if found is None:
        message = _(
            "Write a number and a unit (%(units)s), for example 7d for seven days.", units=", ".join(units)
        )
        raise _refusal(path, "not_a_duration", message)
    return found


def _refusal(path: str, code: str, message: Text) -> Invalid:
    return Invalid.one(path, code, message)
