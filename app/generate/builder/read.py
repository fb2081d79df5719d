"""From inputs to JSON: `criteria.word`, `criteria.0.field`, `criteria.1.0.value` … become a tree.

Nothing typed is lost and nothing refused here: what makes no sense stays as it was typed, and the check of
criteria names it by its path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from app.core.errors import Invalid
from app.criteria import ME, Operator, Period, Takes
from app.criteria.known import Known
from app.generate.builder.place import Place

DEEPEST = 12
"""Numbers in the name of an input; more than the language has groups within groups."""
_LEAF = re.compile(
    r"(?:(?P<path>[0-9]{1,3}(?:\.[0-9]{1,3}){0,11})\.)?(?P<leaf>word|field|was|op|value|lines|from|to|amount|unit|period)"
)
COMMAS = frozenset({"tags", "reference", "integer", "decimal"})
"""Kinds whose several values stand in one input, with commas."""


@dataclass
class Draft:
    """A group (it has a `word`) or a condition as it was typed: inputs by the last part of their names."""

    leaves: dict[str, list[str]] = field(default_factory=dict)
    parts: dict[int, Draft] = field(default_factory=dict)

    def one(self, leaf: str) -> str:
        """Return what stands in an input, empty if it is not there."""
        return next(iter(self.leaves.get(leaf, ())), "")

    @property
    def children(self) -> list[Draft]:
        """Return what is in a group, in order."""
        return [self.parts[number] for number in sorted(self.parts)]

    def put(self, children: list[Draft]) -> None:
        """Let these be in the group, numbered anew."""
        self.parts = dict(enumerate(children))


def drafted(form: MultiDict[str, str], name: str) -> Draft:
    """Return the root group that the inputs below `name` hold."""
    root = Draft({"word": ["all"]})
    for key, values in form.lists():
        match = _LEAF.fullmatch(key.removeprefix(f"{name}.")) if key.startswith(f"{name}.") else None
        if match:
            _at(root, match["path"]).leaves[match["leaf"]] = list(values)
    return root


def _at(root: Draft, path: str | None) -> Draft:
    node = root
    for number in path.split(".") if path else ():
        node = node.parts.setdefault(int(number), Draft())
    return node


def tree_of(draft: Draft, place: Place) -> dict[str, Any]:
    """Return the root group as JSON: without conditions the empty object, which holds for everything."""
    tree = _node(draft, place)
    return {} if tree == {"all": []} else tree


def _node(draft: Draft, place: Place) -> dict[str, Any]:
    if "word" not in draft.leaves:
        return _condition(draft, place)
    parts = [_node(child, place) for child in draft.children]
    word = draft.one("word")
    if word != "none":
        return {"any" if word == "any" else "all": parts}
    return {"not": parts[0] if len(parts) == 1 else {"any": parts}}


def _condition(draft: Draft, place: Place) -> dict[str, Any]:
    name = draft.one("field")
    known = place.fields.get(name)
    if known is None:
        return {"field": name, "op": draft.one("op"), "value": draft.one("value")}
    fresh = draft.one("was") != name
    operator = place.operator(known, "" if fresh else draft.one("op"))
    asked = {"field": name, "op": operator.name if operator else ""}
    if operator is None or operator.takes is Takes.NOTHING:
        return asked
    return asked | {"value": _value(Draft() if fresh else draft, known, operator)}


def _value(draft: Draft, known: Known, operator: Operator) -> Any:
    match operator.takes:
        case Takes.MANY:
            return [_typed(known, text) for text in _several(draft, known)]
        case Takes.PAIR:
            return {side: _typed(known, draft.one(side)) for side in ("from", "to")}
        case Takes.PAST | Takes.FUTURE:
            return draft.one("amount").strip() + draft.one("unit")
        case Takes.PATTERN:
            return draft.one("value")
        case _one:
            return _typed(known, draft.one("period") or draft.one("value"))


def _several(draft: Draft, known: Known) -> Iterator[str]:
    yield from (line.rstrip("\r") for line in draft.one("lines").split("\n") if line.strip())
    for text in draft.leaves.get("value", ()):
        parts = text.split(",") if known.kind in COMMAS else [text]
        yield from (part for part in parts if part.strip())


def _typed(known: Known, text: str) -> Any:
    """Return numbers and yes or no as JSON keeps them; what is none stays a text, to be refused by name."""
    if known.kind not in {"integer", "decimal", "boolean", "reference"} or text == ME or Period.read(text):
        return text
    try:
        return known.dump(known.operand(text.strip()))
    except Invalid:
        return text
