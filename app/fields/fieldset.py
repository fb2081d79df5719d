"""All fields of one table at one moment: an ordered, unchanging mapping from name to field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any

from app.fields.access import Audience
from app.fields.field import CUSTOM, Field, member

PICKS = 256
"""Selections remembered: what is asked depends on what was typed, so there may be very many."""


class FieldSet(Mapping[str, Field]):
    """The fields of a table as of `version` of the definitions. Two sets are never equal."""

    def __init__(self, table: str, version: int, fields: Iterable[Field]) -> None:
        self.table = table
        self.version = version
        self._fields = {field.name: field for field in fields}
        self.pick = lru_cache(PICKS)(self._pick)
        self.memo: dict[tuple[str, ...], Any] = {}
        """What was derived from this very set (schemas, validators), so that it dies with it."""

    def __getitem__(self, name: str) -> Field:
        return self._fields[name]

    def __contains__(self, name: object) -> bool:
        return name in self._fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def _pick(self, names: tuple[str, ...]) -> FieldSet:
        """Return the set of the fields in `names`, in that order; `custom_fields` stands for all custom ones.

        Names that are not fields (dotted paths over relations, say) are left out.
        """
        return FieldSet(self.table, self.version, self._named(names))

    def _named(self, names: tuple[str, ...]) -> Iterator[Field]:
        for name in names:
            if name == CUSTOM:
                yield from self.custom
            elif name in self._fields:
                yield self._fields[name]

    def in_order(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the names of the fields in `names` as they stand on a form: by position, else as given."""
        return tuple(sorted(self.pick(names), key=lambda name: self._fields[name].position))

    @cached_property
    def custom(self) -> tuple[Field, ...]:
        """Return the custom fields, in their order."""
        return tuple(field for field in self._fields.values() if field.custom)

    @cached_property
    def narrowed(self) -> tuple[Field, ...]:
        """Return the fields with options that only stay where they stand."""
        return tuple(field for field in self._fields.values() if field.deprecated_values)

    @cached_property
    def _columns(self) -> tuple[str, ...]:
        """Return the columns that hold the values, in their order."""
        return tuple(dict.fromkeys(field.column for field in self._fields.values()))

    @cached_property
    def _dumped(self) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
        """Return the columns that hold something else than JSON, each with what makes JSON of it."""
        own = (field for field in self._fields.values() if not field.custom)
        return tuple((field.name, field.as_json) for field in own if field.as_json)

    def visible(self, audience: Audience) -> tuple[Field, ...]:
        """Return the fields whose values `audience` may read."""
        return tuple(field for field in self._fields.values() if field.visible_to(audience))

    def invisible(self, audience: Audience) -> frozenset[str]:
        """Return the names of the fields whose values `audience` may not read."""
        key = ("invisible", audience)
        if key not in self.memo:
            self.memo[key] = frozenset(self._fields) - {field.name for field in self.visible(audience)}
        found: frozenset[str] = self.memo[key]
        return found

    def dump(self, row: Any) -> dict[str, Any]:
        """Return `row` as JSON: its members by name, custom ones typed within `custom_fields`."""
        body = {column: member(row, column) for column in self._columns}
        kept = body.get(CUSTOM)
        for name, dump in self._dumped:
            if body[name] is not None:
                body[name] = dump(body[name])
        if self.custom:
            body[CUSTOM] = {field.key: field.dump(field.typed(kept)) for field in self.custom}
        return body

    def editable(self, audience: Audience) -> tuple[Field, ...]:
        """Return the fields whose values `audience` may write."""
        return tuple(field for field in self._fields.values() if field.editable_by(audience))
