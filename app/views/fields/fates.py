"""What becomes of options that go and have values: kept as retired, replaced by another, or taken out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.core.i18n import Text, _, _n
from app.fields.definitions import offered_of
from app.generate.pages import FormField, FormSection, Option
from app.services import field_options
from app.services.retyping.asking import REPLACEMENTS

GONE, FATE = "gone", "fate"
KEEP, OUT, TO = "keep", "out", "to:"
"""Fates as a form sends them; the value of the option in its place follows TO."""


@dataclass(frozen=True)
class Fates:
    """What was chosen for each option that goes, by its value."""

    chosen: Mapping[str, str]

    @classmethod
    def of(cls, form: MultiDict[str, str]) -> Fates:
        """Return what a form says."""
        named = (name.removeprefix(f"{GONE}.") for name in form if name.startswith(f"{GONE}."))
        return cls({form[f"{GONE}.{one}"]: form.get(f"{FATE}.{one}", "") for one in named})

    @property
    def kept(self) -> frozenset[str]:
        """Return the options that stay where they stand."""
        return frozenset(value for value, fate in self.chosen.items() if fate == KEEP)

    def unsaid(self, going: Iterable[str]) -> list[str]:
        """Return those that go and of which nothing was said."""
        return [value for value in going if not self.chosen.get(value)]

    def applied(self, before: Mapping[str, Any], typed: dict[str, Any]) -> dict[str, Any]:
        """Return what was `typed` with the options that stay, and with what takes the place of others."""
        options = field_options.kept(before, typed, self.kept)
        lost = {value: fate for value, fate in self.chosen.items() if fate == OUT or fate.startswith(TO)}
        replacements = [
            {"value": value, **({"becomes": fate.removeprefix(TO)} if fate != OUT else {})}
            for value, fate in lost.items()
            if value in field_options.gone(before, typed | {"options": options})
        ]
        return typed | {"options": options, REPLACEMENTS: replacements}


def section(going: Mapping[str, int], options: Iterable[Any]) -> FormSection:
    """Return the question about options that go, each with how many rows have it."""
    others = [
        Option(value=f"{TO}{one}", label=_("Replace by “%(value)s”", value=one))
        for one in offered_of(options)
    ]
    known = (
        Option(value=KEEP, label=_("Keep it where it stands, and offer it no more")),
        *others,
        Option(value=OUT, label=_("Take it out of these values")),
    )
    fields = []
    for place, (value, count) in enumerate(going.items()):
        fields.append(FormField(name=f"{GONE}.{place}", kind="hidden", label="", value=value))
        fields.append(
            FormField(
                name=f"{FATE}.{place}",
                kind="select",
                label=_label(value, count),
                value=KEEP,
                options=known,
                required=True,
            )
        )
    return FormSection(
        title=_("Options that go"),
        text=_("There are values that have them. Say what becomes of these."),
        fields=tuple(fields),
    )


def _label(value: str, count: int) -> Text:
    if count > field_options.CAP:
        return _("“%(value)s”: more than %(most)s values", value=value, most=field_options.CAP)
    return _n("“%(value)s”: %(num)s value", "“%(value)s”: %(num)s values", count, value=value)
