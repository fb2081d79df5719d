"""The page between choosing rows and changing them: how many, which, what changes, what cannot be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal

from app.core.i18n import Text, _, _n
from app.generate import pages
from app.generate.actions import label_of_action
from app.generate.cells import page_address, title_of
from app.services import bulk

SAMPLE = 10
"""Rows named on the page, so that a wrong choice is seen."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A row by name, with the address of its page."""

    label: Text
    url: str | None


@dataclass(frozen=True, kw_only=True)
class BulkPage:
    """A question about many rows.

    fields    inputs of what may change; `chosen` names those that were ticked
    sample    the first rows meant, `more` of which are not named
    """

    title: Text
    counted: Text
    sample: tuple[Sample, ...]
    more: Text
    action_url: str
    cancel_url: str
    submit_label: Text
    crumbs: tuple[pages.Crumb, ...]
    hidden: tuple[tuple[str, str], ...]
    fields: tuple[pages.FormField, ...] = ()
    chosen: frozenset[str] = frozenset()
    consequences: tuple[Text, ...] = ()
    errors: tuple[pages.FieldError, ...] = ()
    danger: bool = False


@dataclass(frozen=True, kw_only=True)
class FailedPage:
    """What became of a deed some rows refused: the words above, and each of those rows."""

    title: Text
    said: Text
    failures: tuple[bulk.Failure, ...]
    crumbs: tuple[pages.Crumb, ...]
    back_url: str


def question(verb: str, model: Any, total: int, sample: Sequence[Any]) -> dict[str, Any]:
    """Return what every such page says of `total` rows that begin with `sample`, whatever its verb."""
    label, left = label_of_action(verb), total - len(sample)
    return {
        "title": _("%(action)s: %(things)s", action=label, things=model.resource.plural),
        "counted": _n("%(num)s row is chosen.", "%(num)s rows are chosen.", total),
        "sample": tuple(Sample(label=title_of(row), url=page_address(model, row.id)) for row in sample),
        "more": _n("and %(num)s more", "and %(num)s more", left) if left > 0 else "",
        "submit_label": _("%(action)s: %(number)s", action=label, number=format_decimal(total)),
        "consequences": _consequences(verb),
        "danger": verb == bulk.DELETE,
    }


def _consequences(verb: str) -> tuple[Text, ...]:
    undone = (
        _("What is deleted cannot be brought back.")
        if verb == bulk.DELETE
        else _("This cannot be undone at one go; the history of each row keeps what was.")
    )
    return (
        undone,
        _("A row that you may not change, or that forbids it, is left as it is and named afterwards."),
    )
