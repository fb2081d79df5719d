"""Rows that were refused, as a page tells them: the field by what people call it."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.i18n import Text
from app.fields import FieldSet
from app.models.jobs import JobFailure
from app.services.bulk import Failure


def told(fields: FieldSet, failures: Iterable[Failure | JobFailure]) -> tuple[Failure, ...]:
    """Return failures with the label of what each names."""
    return tuple(
        Failure(one.position, one.label, one.code, one.message, str(_named(fields, one.field)))
        for one in failures
    )


def _named(fields: FieldSet, name: str) -> Text:
    """Return what people call a field, or the field that a place lies within: `options[0].value`."""
    root = name.partition("[")[0]
    while root and root not in fields:
        root = root.rpartition(".")[0]
    return fields[root].label if root else name
