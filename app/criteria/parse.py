"""A tree from JSON, checked against the fields, every mistake named by its path.

`{"all": [{"field": "tags", "op": "contains", "value": "billing"}, {"any": […]}, {"not": {…}}]}`
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.errors import FieldError, Invalid
from app.core.i18n import Text, _
from app.criteria.known import Fields, Known
from app.criteria.operators import Asks, Operator, Takes
from app.criteria.present import EVERYWHERE
from app.criteria.readings import ME, READINGS
from app.criteria.tree import AllOf, AnyOf, Condition, Node, Not
from app.criteria.values import wanted

DEPTH = 8
"""Groups within groups at most."""
CONDITIONS = 100
"""Conditions in one tree at most."""
_GROUPS: Mapping[str, type[AllOf | AnyOf]] = {"all": AllOf, "any": AnyOf}


def parse(
    data: Any, fields: Fields, *, root: str = "criteria", changes: bool = True, me: bool = False
) -> Node:
    """Return the tree that `data` (JSON) describes; an empty object holds for everything.

    `root` begins the path of an error. Without `changes`, operators that look at a change are refused: for
    views and policies, which see rows as they are. With `me`, a reference to an employee may name the one who
    reads: in lists and views, which somebody reads. Raises `Invalid` with every mistake.
    """
    reader = _Reader(fields, changes, me)
    tree = reader.node(data, root, 1)
    if reader.errors:
        raise Invalid(reader.errors)
    return tree


class _Reader:
    """Reads one tree and collects its mistakes; a mistaken part reads as an empty group."""

    def __init__(self, fields: Fields, changes: bool, me: bool) -> None:
        self.fields = fields
        self.changes = changes
        self.me = me
        self.errors: list[FieldError] = []
        self.conditions = 0

    def node(self, data: Any, path: str, depth: int) -> Node:
        """Read a group, a negation or a condition."""
        if not isinstance(data, Mapping):
            return self._mistake(path, "not_a_condition", _("Write a condition or a group: all, any or not."))
        if depth > DEPTH:
            return self._mistake(
                path, "too_deep", _("Use at most %(depth)s groups within each other.", depth=DEPTH)
            )
        words = set(data)
        if not words and depth == 1:
            return AllOf((), path)
        if len(words) == 1 and (word := next(iter(words))) in _GROUPS:
            return self._group(word, data[word], path, depth)
        if words == {"not"}:
            return Not(self.node(data["not"], f"{path}.not", depth + 1), path)
        return self._condition(data, path)

    def _group(self, word: str, data: Any, path: str, depth: int) -> Node:
        place = f"{path}.{word}"
        if not isinstance(data, list):
            return self._mistake(place, "not_a_list", _("Write a list of conditions."))
        if len(data) > CONDITIONS:
            return self._crowded(place)
        children = tuple(self.node(item, f"{place}[{i}]", depth + 1) for i, item in enumerate(data))
        return _GROUPS[word](children, path)

    def _condition(self, data: Mapping[Any, Any], path: str) -> Node:
        self.conditions += 1
        if self.conditions > CONDITIONS:
            return self._crowded(path)
        for word in sorted(str(word) for word in data if word not in {"field", "op", "value"}):
            return self._mistake(
                f"{path}.{word}", "unknown_member", _("A condition has field, op and value only.")
            )
        field = self._field(data.get("field"))
        if field is None:
            message = _("There is no field of this name.") if data.get("field") else _("Choose a field.")
            return self._mistake(f"{path}.field", "unknown_field", message)
        operator = self._operator(field, data.get("op"))
        if operator is None:
            return self._mistake(f"{path}.op", "unknown_operator", self._choices(field))
        return self._asked(field, operator, data, path)

    def _asked(self, field: Known, operator: Operator, data: Mapping[Any, Any], path: str) -> Node:
        reading = READINGS[field.kind]
        if operator.takes is Takes.NOTHING and data.get("value") is not None:
            return self._mistake(f"{path}.value", "unexpected_value", _("Leave the value out."))
        try:
            value = wanted(field, reading, operator, data.get("value"), f"{path}.value")
        except Invalid as problem:
            self.errors.extend(problem.errors)
            return AllOf(())
        if not self.me and field.reference is not None and _names_reader(value):
            return self._mistake(
                f"{path}.value", "no_reader", _("This is read for nobody in particular. Choose an employee.")
            )
        return Condition(path, field, operator, reading, data.get("value"), value)

    def _field(self, name: Any) -> Known | None:
        return self.fields.get(name) or EVERYWHERE.get(name) if isinstance(name, str) else None

    def _operator(self, field: Known, name: Any) -> Operator | None:
        return self._offered(field).get(name) if isinstance(name, str) else None

    def _offered(self, field: Known) -> Mapping[str, Operator]:
        operators = READINGS[field.kind].operators
        return {name: one for name, one in operators.items() if self.changes or one.asks is not Asks.CHANGE}

    def _choices(self, field: Known) -> Text:
        return _("Choose one of: %(operators)s.", operators=", ".join(self._offered(field)))

    def _crowded(self, path: str) -> Node:
        return self._mistake(path, "too_many", _("Use at most %(count)s conditions.", count=CONDITIONS))

    def _mistake(self, path: str, code: str, message: Text) -> Node:
        self.errors.append(FieldError(path, code, message))
        return AllOf(())


def _names_reader(value: Any) -> bool:
    return value == ME or (isinstance(value, tuple | frozenset) and ME in value)
