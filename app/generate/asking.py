"""Forms that ask more or less as they are filled in: with a script at once, else when they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.core.i18n import _
from app.fields import FieldSet, fields_of
from app.generate.forms import pairs, zone
from app.generate.pages import FormField
from app.models import by_table
from app.services.asking import asked_about, not_told, so_far, unasked

ASKED, AGAIN = "asked", "ask"
"""Inputs of a form: the names of the conditional fields on it, and that it is only to be drawn again."""
ANEW = _("What you entered asks for something more. Please look through the form and send it again.")


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What a form asks, given what is in it. `fresh` fields were not on the form that was sent."""

    fields: FieldSet
    fresh: tuple[str, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    """Inputs that nobody sees: what is asked, and what was typed where nothing is asked any more."""
    watched: frozenset[str] = frozenset()
    """Fields on whose values it depends what is asked."""
    is_redraw: bool = False
    """Whether the form was sent only to be drawn again."""

    @property
    def is_open(self) -> bool:
        """Tell whether the form has to be drawn again before it can be taken."""
        return self.is_redraw or bool(self.fresh)

    def of(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was typed into the fields that are asked."""
        return {name: value for name, value in raw.items() if name in self.fields}

    def with_fresh(self, raw: Mapping[str, Any], usual: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a new drawing holds: what was typed, and what is `usual` in fields not asked before."""
        return {**raw, **{name: usual[name] for name in self.fresh}}

    def live(self, inputs: Iterable[FormField], url: str) -> tuple[FormField, ...]:
        """Return the inputs so that a change of one that matters draws the form anew, by a POST to `url`."""
        return tuple(
            replace(one, attributes={**one.attributes, **_again(url)}) if one.name in self.watched else one
            for one in inputs
        )


def asking(
    session: Session,
    fields: FieldSet,
    row: Any | None,
    raw: Mapping[str, Any],
    form: MultiDict[str, str] | None = None,
) -> Asking:
    """Return what to ask of `fields`, given `row` (None: a new one) and what is typed so far."""
    model = by_table(fields.table)
    every = fields_of(session, model)
    hidden = unasked(every, so_far(every, model, row, raw, zone()), not_told(session, model))
    now = fields.pick(tuple(name for name in fields if name not in hidden)) if hidden else fields
    conditional = [field.name for field in now.values() if field.show_when]
    sent = {*form, *form.getlist(ASKED)} if form is not None and ASKED in form else set(conditional)
    typed = [name for name in fields if name in hidden and form is not None and name in form]
    return Asking(
        fields=now,
        fresh=tuple(name for name in conditional if name not in sent),
        hidden=(*_drawn(every, conditional), *_kept(fields, raw, typed)),
        watched=asked_about(every),
        is_redraw=form is not None and AGAIN in form,
    )


def _drawn(every: FieldSet, conditional: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what tells a form that was drawn, even without a conditional field, from one made elsewhere."""
    if asked_about(every):
        yield from ((ASKED, name) for name in ("", *conditional))


def _kept(fields: FieldSet, raw: Mapping[str, Any], names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        yield from pairs(fields[name], raw[name])


def _again(url: str) -> dict[str, str]:
    return {
        "hx-post": url,
        "hx-trigger": "change",
        "hx-target": "#asked",
        "hx-select": "#asked",
        "hx-swap": "outerHTML",
        "hx-vals": f'{{"{AGAIN}": "1"}}',
        "hx-sync": "closest form:replace",
    }
