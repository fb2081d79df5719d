"""The inputs for the value of one condition, by what its operator takes and the kind of its field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from app.core.i18n import Text, _
from app.criteria import ME, READINGS, Duration, Operator, Period, Takes
from app.criteria.known import Known
from app.fields import Field
from app.generate.pages import FormField, Option

Titles = Mapping[tuple[str, int], str]
"""What rows are called that references lead to, by table and id."""
UNITS: Mapping[str, Text] = {
    "m": _("minutes"), "h": _("hours"), "d": _("days"), "w": _("weeks"),
    "bm": _("business minutes"), "bh": _("business hours"),
}  # fmt: skip
PEOPLE = "employees"
DAY = len("2026-03-31")
_BREAK = re.compile(r"[\r\n]")
"""Compared as a space; an input would drop it."""


def inputs_of(
    name: str, known: Known | None, operator: Operator | None, value: Any, titles: Titles, *, me: bool
) -> tuple[FormField, ...]:
    """Return the inputs below `name`; none where nothing is to be given."""
    if known is None or operator is None or operator.takes is Takes.NOTHING:
        return ()
    maker = _Maker(name, known, titles, me)
    match operator.takes:
        case Takes.PAIR:
            sides = value if isinstance(value, Mapping) else {}
            before = maker.one(sides.get("from"), "from", _("from"))
            return before, maker.one(sides.get("to"), "to", _("to"))
        case Takes.MANY:
            return (maker.many(value if isinstance(value, list) else [] if value in (None, "") else [value]),)
        case Takes.PAST | Takes.FUTURE:
            return tuple(maker.duration(value))
        case Takes.PATTERN:
            return (maker.text(value, kind="text"),)
        case _one:
            return tuple(maker.dated(value)) if READINGS[known.kind].timing else (maker.one(value),)


class _Maker:
    def __init__(self, name: str, known: Known, titles: Titles, me: bool) -> None:
        self.name = name
        self.known = known
        self.titles = titles
        self.me = me

    def one(self, value: Any, leaf: str = "value", label: Text = "") -> FormField:
        """Return the input for one value of the field."""
        kind = self.known.kind
        if isinstance(value, list):
            value = value[0] if value else None
        if kind in {"select", "multi_select", "boolean"}:
            return self._input(leaf, label, "select", self._written(value), options=self._options([value]))
        if kind == "reference":
            return self._reference([value], leaf, label, "reference")
        return self.text(value, leaf, label, kind if kind in {"integer", "decimal"} else "text")

    def many(self, values: list[Any]) -> FormField:
        """Return the input for several values: boxes to tick, a picker, or one value a line."""
        kind = self.known.kind
        if kind in {"select", "multi_select"}:
            return self._input("value", "", "multi_select", values, options=self._options(values))
        if kind == "reference":
            return self._reference(values, "value", "", "references")
        written = [self._written(value) for value in values]
        if kind == "tags" and not any("," in one for one in written):
            return self._input("value", "", "tags", written)
        if kind in {"integer", "decimal"}:
            return self._input("value", "", "text", ", ".join(written))
        return self._input("lines", _("One value a line"), "long_text", "\n".join(written), rows="2")

    def dated(self, value: Any) -> Iterator[FormField]:
        """Yield the choice of a period, then a date; a moment to the second is kept as it is written."""
        period = Period.read(value)
        written = "" if period else self._written(value)
        chosen = [Option(value=one.value, label=one.label, selected=one is period) for one in Period]
        days = (Option(value="", label=_("on a date")), *chosen)
        yield self._input("period", _("Day"), "select", period.value if period else "-", options=days)
        kind = "text" if len(written) > DAY else "date"
        yield self._input("value", _("Date"), kind, written)

    def duration(self, value: Any) -> Iterator[FormField]:
        """Yield an amount and its unit."""
        timing = READINGS[self.known.kind].timing
        units = timing.units if timing else ()
        length = Duration.read(value, units)
        raw = "" if not isinstance(value, str) else value.rstrip("bmhdw")
        amount, unit = (str(length.amount), length.unit) if length else (raw, "d")
        yield self._input("amount", _("Amount"), "integer", amount)
        offered = tuple(Option(value=one, label=UNITS[one], selected=one == unit) for one in units)
        yield self._input("unit", _("Unit"), "select", unit, required=True, options=offered)

    def text(self, value: Any, leaf: str = "value", label: Text = "", kind: str = "text") -> FormField:
        """Return a plain input."""
        return self._input(leaf, label, kind, self._written(value))

    def _reference(self, values: list[Any], leaf: str, label: Text, kind: str) -> FormField:
        table = self.known.reference
        written = [self._written(value) for value in values if value not in (None, "")]
        names = [Option(value=one, label=self._title(one)) for one in written if one != ME]
        if self.me and table == PEOPLE:
            names.append(Option(value=ME, label=_("Me")))
        picker = f"/admin/{table}/pick" if table else None
        return self._input(leaf, label, kind, ",".join(written), options=tuple(names), picker_url=picker)

    def _title(self, written: str) -> str:
        key = (self.known.reference or "", int(written) if written.isdecimal() and len(written) < 19 else 0)
        return self.titles.get(key) or f"#{written}"

    def _options(self, values: list[Any]) -> tuple[Option, ...]:
        """Return the choices, with what was chosen once and is none any more."""
        chosen = [self._written(value) for value in values if value not in (None, "")]
        known = [("true", _("Yes")), ("false", _("No"))] if self.known.kind == "boolean" else []
        if isinstance(self.known, Field):
            known += [(option.value, option.named) for option in self.known.options]
        gone = [(one, one) for one in chosen if one not in dict(known)]
        return tuple(Option(value=one, label=label, selected=one in chosen) for one, label in [*known, *gone])

    def _written(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).lower()
        written = format(Decimal(str(value)), "f") if isinstance(value, float) else str(value)
        return _BREAK.sub(" ", written)

    def _input(self, leaf: str, label: Text, kind: str, value: Any, **facts: Any) -> FormField:
        said = label or _("Value")
        rows = {"rows": facts.pop("rows")} if "rows" in facts else {}
        return FormField(
            name=f"{self.name}.{leaf}",
            kind=kind,
            label=said,
            value=value,
            required=facts.pop("required", kind == "select"),
            attributes={"aria-label": str(said), **rows},
            **facts,
        )
