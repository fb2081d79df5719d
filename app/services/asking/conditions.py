"""Conditions of fields (`show_when`), read once for all surfaces.

A field whose condition does not hold is not asked: it is not required, and a value sent for it is dropped.
What a row had under it stays, as values of retired fields do
(docs/adr/conditions-rule-asking-not-keeping.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from app.core.errors import FieldError, Invalid
from app.core.i18n import _
from app.criteria import Facts, Node, conditions, parse, passes
from app.fields import CUSTOM, Field, FieldSet, Refused, default_of

Conditions = tuple[tuple[str, Node], ...]


def unasked(fields: FieldSet, row: Any, not_told: Collection[str] = ()) -> frozenset[str]:
    """Return the names of the fields whose condition does not hold for `row`, an object or a mapping.

    `fields` are all fields of the table. A field not asked counts as empty in the conditions of others. So
    does one in `not_told`, which whoever is asked never sees: what they are asked must not tell its value.
    """
    closed: set[str] = set()
    for name, tree in _conditions(fields):
        if not passes(tree, Facts(_Seen(row, {*not_told, *closed}))):
            closed.add(name)
    return frozenset(closed)


def asked_about(fields: FieldSet) -> frozenset[str]:
    """Return the names of the fields on whose values it depends what is asked."""
    return frozenset(one.field.name for _name, tree in _conditions(fields) for one in conditions(tree))


def so_far(
    fields: FieldSet, model: Any, row: Any | None, raw: Mapping[str, Any], zone: dt.tzinfo | None = None
) -> dict[str, Any]:
    """Return `row` (None: a new one with its defaults) as conditions read it once `raw` was typed into it.

    Only the values that conditions ask for are in it; what makes no sense is not there yet. `zone` is where a
    time without a zone was typed.
    """
    found: dict[str, Any] = {CUSTOM: {}}
    for name in asked_about(fields):
        field = fields[name]
        value = _typed(field, raw[name], zone) if name in raw else _present(field, model, row)
        if field.custom:
            found[CUSTOM][field.key] = field.dump(value)
        else:
            found[name] = value
    return found


def condition_errors(fields: FieldSet, name: str, root: str = "show_when") -> list[FieldError]:
    """Return what is wrong with the condition of the field `name`: unknown fields, wrong values, a circle."""
    if not fields[name].show_when:
        return []
    try:
        parse(fields[name].show_when, fields, root=root, changes=False)
        TopologicalSorter(_needs(fields)).prepare()
    except Invalid as problem:
        return [*problem.errors]
    except CycleError as circle:
        labels = " → ".join(str(fields[one].label) for one in circle.args[1])
        text = _("These fields would wait for each other: %(fields)s.", fields=labels)
        return [FieldError(root, "not_possible", text)]
    return []


def _conditions(fields: FieldSet) -> Conditions:
    """Return the readable conditions, each after those of the fields it asks about."""
    key = ("conditions",)
    if key not in fields.memo:
        needs = _needs(fields)
        order = [name for name in TopologicalSorter(needs).static_order() if name in needs]
        trees = dict(_readable(fields))
        fields.memo[key] = tuple((name, trees[name]) for name in order)
    found: Conditions = fields.memo[key]
    return found


def _needs(fields: FieldSet) -> dict[str, set[str]]:
    return {name: {one.field.name for one in conditions(tree)} for name, tree in _readable(fields)}


def _readable(fields: FieldSet) -> Iterator[tuple[str, Node]]:
    """Yield what can be read. A condition on something that is gone is none, and its field is asked."""
    for field in fields.values():
        if field.show_when:
            try:
                yield field.name, parse(field.show_when, fields, changes=False)
            except Invalid:
                continue


class _Seen:
    """A row without the values of fields that are not asked."""

    def __init__(self, row: Any, hidden: Collection[str]) -> None:
        self._row = row
        self._hidden = hidden

    def __getattr__(self, name: str) -> Any:
        value = self._row.get(name) if isinstance(self._row, Mapping) else getattr(self._row, name)
        if name == CUSTOM:
            return {key: one for key, one in (value or {}).items() if f"{CUSTOM}.{key}" not in self._hidden}
        return None if name in self._hidden else value


def _typed(field: Field, raw: Any, zone: dt.tzinfo | None = None) -> Any:
    try:
        return field.parse(raw, zone)
    except Refused:
        return None


def _present(field: Field, model: Any, row: Any | None) -> Any:
    if row is not None:
        return field.read(row)
    return _typed(field, field.default if field.custom else default_of(model, field.name))
