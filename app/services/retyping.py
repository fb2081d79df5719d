"""What another type would do to the values a custom field has: they stay as they are kept, or would be lost.

A value stays if the field, as it would be, takes it and keeps it exactly as it is kept now. Nothing is
rewritten then, so a change of type is a change of the definition alone; where one value would be lost it is
refused, with the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.i18n import LazyString, Text, _
from app.fields import Field, Kind, Refused

MOST = 5_000
"""Different values looked at; where there are more, nobody can tell, and the type stays."""
SAMPLES = 3
LONGEST = 40


@dataclass(frozen=True)
class Sample:
    """A value that would be lost, and the first row that has it."""

    value: str
    row: int


@dataclass(frozen=True)
class Retyping:
    """How many rows keep their value, how many would lose it, and some of these."""

    kept: int
    lost: int
    samples: tuple[Sample, ...] = ()
    is_whole: bool = True
    """Whether every value was looked at."""

    @property
    def is_possible(self) -> bool:
        """Tell whether nothing would be lost."""
        return self.is_whole and not self.lost

    @property
    def words(self) -> Text:
        """Say it in one or two sentences."""
        facts = {"kept": self.kept, "lost": self.lost, "total": self.kept + self.lost}
        if not self.is_whole:
            return _("There are too many different values to look at. Define a new field instead.")
        if not self.lost:
            return _("All %(total)s values stay as they are.", **facts)
        facts["samples"] = LazyString(
            lambda: ", ".join(f"“{one.value}” (#{one.row})" for one in self.samples)
        )
        return _("%(lost)s of %(total)s values would be lost, for example %(samples)s.", **facts)


def retyping(session: Session, model: Any, field: Field) -> Retyping:
    """Return what becomes of the values of a custom field that is to be `field`: one statement."""
    value = model.custom_fields[field.key]
    has_one = model.custom_fields.has_key(field.key)
    found: Any = session.execute(
        select(value, func.count(), func.min(model.id)).where(has_one).group_by(value).limit(MOST + 1)
    ).all()
    lost = [(kept, count, row) for kept, count, row in found if not _stays(field, kept)]
    total, gone = sum(count for _kept, count, _row in found), sum(count for _kept, count, _row in lost)
    samples = sorted((Sample(_short(kept), row) for kept, _count, row in lost), key=lambda one: one.row)
    return Retyping(total - gone, gone, tuple(samples[:SAMPLES]), is_whole=len(found) <= MOST)


def _stays(field: Field, kept: Any) -> bool:
    if field.kind is Kind.REFERENCE:
        return False  # a number that was none leads nowhere
    try:
        dumped = field.dump(field.parse(kept))
    except Refused:
        return False
    return isinstance(dumped, bool) is isinstance(kept, bool) and bool(dumped == kept)


def _short(kept: Any) -> str:
    text = kept if isinstance(kept, str) else orjson.dumps(kept).decode()
    return f"{text[:LONGEST]}…" if len(text) > LONGEST else text
