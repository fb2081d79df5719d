"""Days by name, such as `today` or `last_week`: written in a tree, placed in time when it is read."""

from __future__ import annotations

import datetime as dt

from app.core.declare import Choice
from app.core.i18n import _


class Period(Choice):
    """Some days around today, in the desk's time zone. A week begins on Monday (ISO 8601)."""

    TODAY = "today", _("today")
    YESTERDAY = "yesterday", _("yesterday")
    TOMORROW = "tomorrow", _("tomorrow")
    THIS_WEEK = "this_week", _("this week")
    LAST_WEEK = "last_week", _("last week")
    NEXT_WEEK = "next_week", _("next week")
    THIS_MONTH = "this_month", _("this month")
    LAST_MONTH = "last_month", _("last month")
    NEXT_MONTH = "next_month", _("next month")
    THIS_YEAR = "this_year", _("this year")
    LAST_YEAR = "last_year", _("last year")
    NEXT_YEAR = "next_year", _("next year")

    @classmethod
    def read(cls, raw: object) -> Period | None:
        """Return the period written as `raw`, None if it is none."""
        return cls(raw) if isinstance(raw, str) and raw in set(cls) else None

    def days(self, today: dt.date) -> tuple[dt.date, dt.date]:
        """Return its first day and the day after its last."""
        which, _separator, unit = self.value.partition("_")
        if not unit:
            first = today + dt.timedelta(days=_DAYS[which])
            return first, first + dt.timedelta(days=1)
        step = _STEPS[which]
        return _begin(unit, today, step), _begin(unit, today, step + 1)


_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_STEPS = {"last": -1, "this": 0, "next": 1}


def _begin(unit: str, today: dt.date, steps: int) -> dt.date:
    """Return the first day of the week, month or year `steps` after that of `today`."""
    if unit == "week":
        return today - dt.timedelta(days=today.weekday()) + dt.timedelta(weeks=steps)
    if unit == "year":
        return dt.date(today.year + steps, 1, 1)
    months = today.year * 12 + today.month - 1 + steps
    return dt.date(months // 12, months % 12 + 1, 1)
