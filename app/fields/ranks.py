"""Ranks: digits that order as numbers, days and moments do, so that an index of words answers for ranges.

The rank of a day is its number in the calendar, that of a moment is the one of its day in UTC, and that of a
number is made of its sign, its size (in powers of ten) and its first four digits. A row is found by each
beginning of its rank (`terms_sql` writes the same in SQL), and what lies between two values by few of them.
Values of one rank are not told apart: whoever asks looks at the value too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

Rankable = dt.date | Decimal | float
"""Moments are dates too, and whole numbers are floats, to Python's types."""

LENGTH = 7
FIGURES = 4
MIDDLE, MOST = 50, 49
"""What is added to a power of ten so that it has two digits and no sign, and the greatest that is told."""
UPSIDE_DOWN = ("0123456789", "9876543210")
"""Of numbers below zero the greater size comes first."""
ZERO = "1000000"
NUMBERS = ("0000000", "1999999")
DAYS = (f"{dt.date(1000, 1, 1).toordinal():0{LENGTH}}", f"{dt.date.max.toordinal()}")
"""The first and the last rank of all numbers, and of all days a field can have."""


def rank(value: Rankable) -> str:
    """Return the rank of a value; a moment has a time zone."""
    if isinstance(value, dt.datetime):
        value = value.astimezone(dt.UTC).date()
    if isinstance(value, dt.date):
        return f"{value.toordinal():0{LENGTH}}"
    number = Decimal(str(value))
    if not number:
        return ZERO
    figures = _figures(number)
    return f"1{figures}" if number > 0 else f"0{figures.translate(str.maketrans(*UPSIDE_DOWN))}"


def between(low: Rankable | None, high: Rankable | None) -> list[str]:
    """Return the beginnings of the ranks from that of `low` to that of `high`, and of no others.

    None is as far as values go; one of the two is given.
    """
    lowest, highest = DAYS if isinstance(high if low is None else low, dt.date) else NUMBERS
    first = lowest if low is None else rank(low)
    last = highest if high is None else rank(high)
    return [*_beginnings(int(first), int(last) + 1)]


def _beginnings(first: int, end: int) -> Iterator[str]:
    """Yield the longest that are needed at both ends, and short ones for what lies between."""
    for length in range(LENGTH, 0, -1):
        unit = 10 ** (LENGTH - length)
        while first < end and first % (10 * unit):
            yield f"{first // unit:0{length}}"
            first += unit
        while first < end and end % (10 * unit):
            end -= unit
            yield f"{end // unit:0{length}}"


def _figures(number: Decimal) -> str:
    size = number.adjusted()
    if abs(size) > MOST:
        return "999999" if size > 0 else "000000"
    digits = "".join(map(str, number.as_tuple().digits))
    return f"{size + MIDDLE:02}{digits[:FIGURES]:0<{FIGURES}}"
