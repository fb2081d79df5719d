"""`now`, which every tree may ask about: a field that no row has, answered by the moment alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, null

from app.core.i18n import Text, _
from app.criteria.known import Known


class _Now:
    name = "now"
    kind = "now"
    label: Text = _("Now")
    reference: str | None = None

    def operand(self, raw: object) -> Any:
        return raw

    def read(self, row: Any) -> None:  # noqa: ARG002  it is the same for all rows
        return None

    def dump(self, value: Any) -> Any:
        return value

    def text(self, value: Any) -> str:
        return str(value)

    def indexed(self, model: Any, words: Iterable[str]) -> None:
        """Return None: it is read of no row."""

    def indexed_between(self, model: Any, low: Any, high: Any) -> None:
        """Return None as well."""

    def expression(self, model: Any) -> ColumnElement[Any]:  # noqa: ARG002  no table has it
        return null()


NOW: Known = _Now()
EVERYWHERE: Mapping[str, Known] = {NOW.name: NOW}
"""What can be asked beside the fields of a table."""
