"""What a change of options, or of the table a reference leads to, would do to the values there are.

Values are counted up to CAP, so that it costs no more the more there are. None is changed here: to replace
what goes takes a job (retyping).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app import models
from app.core.errors import Invalid
from app.core.i18n import LazyString, Text, _, _n
from app.fields import Kind
from app.fields.kinds import CHOICES

Row = Mapping[str, Any]
"""A definition as the registry reads it."""
CAP = 1_000
"""Values are counted up to here."""
DEPRECATED = "deprecated"
"""The member of an option that stays where it stands and is offered no more."""
NAMED = 5
"""Options that are named with their figures."""
WAY = _("Keep it as retired, or replace it: choose “Change type or options” of this field.")
ELSEWHERE = _("Their numbers would mean other rows. Define a new field for the other table.")
BY_HAND = _("Keep it as retired, or change these values first: many at once, in the list.")


@dataclass(frozen=True)
class Left:
    """How many rows have a value that would mean nothing any more, up to CAP + 1, and which."""

    place: str
    """The member of the definition that would leave them so."""
    count: int
    each: Mapping[str, int]
    """Rows by option, the most first."""
    way: Text

    @property
    def words(self) -> Text:
        """Say how many, and what to do instead."""
        return LazyString(lambda: f"{self._figures()} {self.way}")

    @property
    def stays(self) -> bool:
        """Tell that a value would not stay what it is."""
        return False

    def _figures(self) -> Text:
        if self.count > CAP and self.place != "options":
            return _("More than %(most)s values lead to the present table.", most=CAP)
        if self.place != "options":
            return _n(
                "%(num)s value leads to the present table.",
                "%(num)s values lead to the present table.",
                self.count,
            )
        named = ", ".join(f"“{value}” ({number})" for value, number in [*self.each.items()][:NAMED])
        if self.count > CAP:
            return _(
                "More than %(most)s values have an option that would go: %(named)s.", most=CAP, named=named
            )
        return _n(
            "%(num)s value has an option that would go: %(named)s.",
            "%(num)s values have an option that would go: %(named)s.",
            self.count,
            named=named,
        )


def values_of(options: Iterable[Any]) -> list[str]:
    """Return the values of options, as a definition keeps them."""
    return [one["value"] if isinstance(one, Mapping) else one for one in options]


def gone(before: Row, after: Row) -> list[str]:
    """Return the options that a definition loses while it stays a list."""
    if before["field_type"] not in CHOICES or after["field_type"] not in CHOICES:
        return []
    stays = {*values_of(after["options"])}
    return [value for value in values_of(before["options"]) if value not in stays]


def is_same_list(before: Row, after: Row) -> bool:
    """Tell whether a definition keeps its type and loses no option: then no value has to be rewritten."""
    return bool(before["field_type"] == after["field_type"]) and not gone(before, after)


def leads_elsewhere(before: Row, after: Row) -> bool:
    """Tell whether a reference is to lead to another table."""
    is_one = before["field_type"] == after["field_type"] == Kind.REFERENCE
    return is_one and bool(before["validation"].get("table") != after["validation"].get("table"))


def left(session: Session, before: Row, after: Row) -> Left | None:
    """Return what would become of values if the type stays; None if nothing: one statement at most."""
    if before["field_type"] != after["field_type"]:
        return None
    model: Any = models.by_table(before["applies_to"])
    name = before["field_name"]
    custom = name not in model.__table__.c
    value = model.custom_fields[name] if custom else getattr(model, name)
    if leads_elsewhere(before, after) and custom:
        found = _counted(session, model, value, model.custom_fields.has_key(name))
        return Left("validation.table", sum(found.values()), {}, ELSEWHERE) if found else None
    lost = gone(before, after)
    found = _counted(session, model, value, _has_any(value, lost, custom=custom)) if lost else {}
    way = WAY if custom else BY_HAND
    return Left("options", sum(found.values()), _each(lost, found), way) if found else None


def having(session: Session, before: Row, after: Row) -> dict[str, int]:
    """Return how many rows have each option of a custom field that would go, the most first.

    Counted up to CAP + 1 in all; options that are not met until then are left out.
    """
    lost = gone(before, after)
    if not lost:
        return {}
    model: Any = models.by_table(before["applies_to"])
    value = model.custom_fields[before["field_name"]]
    return _each(lost, _counted(session, model, value, _has_any(value, lost, custom=True)))


def kept(before: Row, after: Row, values: Container[str]) -> list[Any]:
    """Return the options of `after`, and those of `before` that have one of the `values`, as deprecated."""
    stay = (one if isinstance(one, Mapping) else {"value": one} for one in before["options"])
    return [*after["options"], *({**one, DEPRECATED: True} for one in stay if one["value"] in values)]


def refuse_left(session: Session, before: Row, after: Row) -> None:
    """Raise Invalid, with figures, if a value would be left without its option or lead elsewhere."""
    told = left(session, before, after)
    if told is not None:
        raise Invalid.one(told.place, "not_possible", told.words)


def _each(lost: Iterable[str], found: Mapping[tuple[str, ...], int]) -> dict[str, int]:
    each = Counter({one: sum(n for kept, n in found.items() if one in kept) for one in lost})
    return {one: number for one, number in each.most_common() if number}


def _has_any(value: Any, options: Iterable[str], *, custom: bool) -> ColumnElement[bool]:
    """Return the criterion of rows that have one of some options, alone or in a list."""
    if not custom:
        among: ColumnElement[bool] = value.in_([*options])
        return among
    return or_(*(value.contains(literal(one, JSONB)) for one in options))


def _counted(
    session: Session, model: Any, value: Any, where: ColumnElement[bool]
) -> dict[tuple[str, ...], int]:
    """Return how many rows have each value, up to CAP + 1 of them."""
    some = select(value.label("value")).select_from(model).where(where).limit(CAP + 1).subquery()
    rows = session.execute(select(some.c.value, func.count()).group_by(some.c.value))
    return {tuple(kept) if isinstance(kept, list) else (kept,): number for kept, number in rows}
