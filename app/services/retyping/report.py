"""What another type does to the values of a custom field: they stay, are rewritten, or mean nothing in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.i18n import LazyString, Text, _, _n
from app.fields import Field, Refused, becoming, is_same, settings_of

MOST = 5_000
"""Different values looked at for a report; the job looks at every one before it changes anything."""
SAMPLES = 3
LONGEST = 40


@dataclass(frozen=True)
class Sample:
    """A value, what becomes of it (None: nothing), and the first row that has it."""

    value: str
    becomes: str | None
    row: int

    def __str__(self) -> str:
        """Say it as a part of a sentence."""
        return f"{self.value} (#{self.row})" if self.becomes is None else f"{self.value} → {self.becomes}"


@dataclass(frozen=True)
class Retyping:
    """How many rows keep their value as it is, have it rewritten or taken out as was said, and have one of
    which nothing can be made.
    """

    kept: int = 0
    converted: int = 0
    emptied: int = 0
    impossible: int = 0
    samples: tuple[Sample, ...] = ()
    """Some of the values that do not stay."""
    is_whole: bool = True
    """Whether every value was looked at."""

    @property
    def stays(self) -> bool:
        """Tell whether no value would change: then the definition alone does."""
        return self.is_whole and not (self.converted or self.emptied or self.impossible)

    @property
    def sentences(self) -> Iterator[Text]:
        """Yield what a person has to know, one thing each."""
        if not self.is_whole:
            yield _("There are very many different values; these are the figures of a part of them.")
        if self.kept or self.stays:
            yield _n("%(num)s value stays as it is.", "%(num)s values stay as they are.", self.kept)
        if self.converted:
            yield _n(
                "%(num)s value is rewritten, for example %(samples)s.",
                "%(num)s values are rewritten, for example %(samples)s.",
                self.converted,
                samples=self._examples(is_possible=True),
            )
        if self.emptied:
            yield _n("%(num)s value is taken out.", "%(num)s values are taken out.", self.emptied)
        if self.impossible:
            yield _n(
                "Nothing can be made of %(num)s value, for example %(samples)s.",
                "Nothing can be made of %(num)s values, for example %(samples)s.",
                self.impossible,
                samples=self._examples(is_possible=False),
            )

    @property
    def words(self) -> Text:
        """Say all of it."""
        return LazyString(lambda: " ".join(map(str, self.sentences)))

    def _examples(self, *, is_possible: bool) -> str:
        chosen = [one for one in self.samples if (one.becomes is not None) is is_possible]
        return ", ".join(map(str, chosen[:SAMPLES]))


def replaced(kept: Any, by: Mapping[str, str | None]) -> Any:
    """Return a kept value with its options replaced; None or an empty list if they are taken out."""
    if isinstance(kept, list):
        items = dict.fromkeys(by.get(item, item) if isinstance(item, str) else item for item in kept)
        return [item for item in items if item is not None]
    return by.get(kept, kept) if isinstance(kept, str) else kept


def retyping(session: Session, model: Any, field: Field, by: Mapping[str, str | None]) -> Retyping:
    """Return what becomes of the values of a custom field that is to be `field`: one statement.

    Its options are replaced `by` others first.
    """
    value = model.custom_fields[field.key]
    has_one = model.custom_fields.has_key(field.key)
    found: Any = session.execute(
        select(value, func.count(), func.min(model.id)).where(has_one).group_by(value).limit(MOST + 1)
    ).all()
    zone = zone_of(session)
    counts = {"kept": 0, "converted": 0, "emptied": 0, "impossible": 0}
    samples = []
    for kept, count, row in found[:MOST]:
        try:
            made = becoming(field, replaced(kept, by), zone)
        except Refused:
            counts["impossible"] += count
            samples.append(Sample(_quoted(kept), None, row))
            continue
        how = "emptied" if made is None else "kept" if is_same(made, kept) else "converted"
        counts[how] += count
        if how == "converted":
            samples.append(Sample(_quoted(kept), _quoted(made), row))
    samples.sort(key=lambda one: one.row)
    return Retyping(**counts, samples=tuple(samples), is_whole=len(found) <= MOST)


def zone_of(session: Session) -> ZoneInfo:
    """Return the zone in which days begin where a moment becomes one: the desk's."""
    return ZoneInfo(settings_of(session).time_zone)


def _quoted(kept: Any) -> str:
    """Return a value with marks around a text, so that the text 5 can be told from the number."""
    return f"“{short(kept)}”" if isinstance(kept, str) else short(kept)


def short(kept: Any) -> str:
    """Return a kept value in a few words."""
    text = kept if isinstance(kept, str) else orjson.dumps(kept).decode()
    return f"{text[:LONGEST]}…" if len(text) > LONGEST else text
