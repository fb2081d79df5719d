"""A field as criteria need it. The field registry provides such; criteria know nothing else of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from sqlalchemy import ColumnElement

from app.core.i18n import Text


class Known(Protocol):
    """One value a condition can ask about."""

    @property
    def name(self) -> str:
        """The name in a condition."""

    @property
    def kind(self) -> str:
        """The kind of value, one of the words of `schema_definitions.field_type`, `tags` or `json`."""

    @property
    def label(self) -> Text:
        """What people call it."""

    @property
    def reference(self) -> str | None:
        """The table whose rows it names, None if it is no reference."""

    def operand(self, raw: object) -> Any:
        """Return the typed value to compare with; raises `Invalid` with one error."""

    def read(self, row: Any) -> Any:
        """Return the typed value of a row, None if there is none."""

    def dump(self, value: Any) -> Any:
        """Return the JSON of a typed value."""

    def text(self, value: Any) -> str:
        """Return a typed value in words, in the reader's language."""

    def expression(self, model: Any) -> ColumnElement[Any]:
        """Return the value as SQL."""

    def indexed(self, model: Any, words: Iterable[str]) -> ColumnElement[bool] | None:
        """Return what holds of each row whose value is one of `words`, and is read by an index.

        It may hold of more rows. None where the value itself is what is read.
        """

    def indexed_between(self, model: Any, low: Any, high: Any) -> ColumnElement[bool] | None:
        """Return the same of each row whose value lies from `low` to `high`; None is no bound."""


Fields = Mapping[str, Known]
"""What a tree may ask about, by name."""
