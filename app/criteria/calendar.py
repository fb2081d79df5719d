"""When the desk is open: what business hours mean to criteria, whoever keeps them."""

from __future__ import annotations

import datetime as dt
from typing import Protocol


class Calendar(Protocol):
    """The hours of a desk. Trees are given one through their `Moment`, in memory and in SQL alike."""

    def is_open(self, at: dt.datetime) -> bool:
        """Tell whether the desk is open at an instant."""

    def shift(self, at: dt.datetime, length: dt.timedelta) -> dt.datetime:
        """Return the instant `length` of open time after `at`; before it if `length` is negative."""


class AlwaysOpen:
    """A desk that never closes: business time is time."""

    def is_open(self, at: dt.datetime) -> bool:  # noqa: ARG002  it is open whenever that is
        """Say yes."""
        return True

    def shift(self, at: dt.datetime, length: dt.timedelta) -> dt.datetime:
        """Return the instant `length` later."""
        return at + length


ALWAYS_OPEN = AlwaysOpen()
