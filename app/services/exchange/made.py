"""What is made of the values of a column, a block of them at a time.

A column of texts mostly says the same few things again, so what was made of a short text is remembered.
Other values are not: 1, 1.0 and True would be taken for the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

SHORT = 100
"""Characters of a text that is remembered."""
MOST = 2000
"""Texts that are remembered of one column."""
Values = Sequence[Any]
"""The values of one column, a row each."""
Making = Callable[[Values], Values]
"""What makes one thing of each value of a column."""
TEXTS = frozenset({str, type(None)})


class Made(dict[Any, Any]):
    """Makes the same of the same. What is made of nothing is `nothing`."""

    def __init__(self, make: Callable[[Any], Any], nothing: Any = None) -> None:
        super().__init__({None: nothing})
        self._make, self._nothing = make, nothing

    def of(self, values: Values) -> Values:
        """Return what is made of each value."""
        if TEXTS.issuperset(map(type, values)):
            return list(map(self.__getitem__, values))
        make, nothing = self._make, self._nothing
        return [nothing if value is None else make(value) for value in values]

    def __missing__(self, text: str) -> Any:
        made = self._make(text)
        if len(text) <= SHORT:
            if len(self) > MOST:
                self.clear()
                self[None] = self._nothing
            self[text] = made
        return made
