"""What a value must keep to beyond its kind: bounds, length, pattern."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.core.regex import compiled
from app.fields.refusal import Refused


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Bounds of one field. `minimum` and `maximum` are numbers or days; lengths count characters or items."""

    minimum: Any = None
    maximum: Any = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    """An RE2 expression the whole text must match."""

    def check(self, value: Any) -> None:
        """Raise `Refused` unless `value` (typed, not empty) keeps to the rules."""
        if isinstance(value, str):
            self._length(len(value), "too_short", "too_long")
            self._form(value)
        elif isinstance(value, tuple):
            self._length(len(value), "too_few", "too_many")
        elif not isinstance(value, bool | dict | list):
            self._bounds(value)

    def within(self, outer: Rules) -> Rules:
        """Return these rules, which may be narrower than `outer` but never wider."""
        return Rules(
            minimum=_inner(max, self.minimum, outer.minimum),
            maximum=_inner(min, self.maximum, outer.maximum),
            min_length=_inner(max, self.min_length, outer.min_length),
            max_length=_inner(min, self.max_length, outer.max_length),
            pattern=self.pattern or outer.pattern,
        )

    def _length(self, length: int, short: str, long: str) -> None:
        if self.min_length is not None and length < self.min_length:
            raise Refused(short, minimum=self.min_length)
        if self.max_length is not None and length > self.max_length:
            raise Refused(long, maximum=self.max_length)

    def _form(self, value: str) -> None:
        if self.pattern is not None and not compiled(self.pattern).fullmatch(value):
            raise Refused("bad_pattern", pattern=self.pattern)

    def _bounds(self, value: Any) -> None:
        seen = value.date() if isinstance(value, dt.datetime) else value
        if self.minimum is not None and seen < self.minimum:
            raise Refused("too_small", minimum=self.minimum)
        if self.maximum is not None and seen > self.maximum:
            raise Refused("too_large", maximum=self.maximum)


def _inner(narrower: Callable[..., Any], one: Any, other: Any) -> Any:
    return other if one is None else one if other is None else narrower(one, other)


NO_RULES = Rules()
"""What a field without bounds keeps to."""
