"""A field: one column or one live definition, as every surface sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement

from app.core.declare import Choice, Criteria
from app.core.errors import Invalid
from app.core.i18n import Text, _
from app.core.shape import Grid, Member, Shape
from app.fields.access import OPEN, REQUIRED, Access, Audience
from app.fields.display import in_words
from app.fields.kinds import CHOICES, LISTS, WORDS, Kind
from app.fields.parse import date, instant, line
from app.fields.ranks import Rankable
from app.fields.refusal import Refused
from app.fields.rules import NO_RULES, Rules
from app.fields.shaped import read
from app.fields.shapes import SHAPES, same
from app.fields.stored import stored
from app.fields.stored_sql import expression
from app.fields.terms_sql import has_rank, has_term
from app.models.base import Declared

CUSTOM = "custom_fields"
"""The column that holds the values of custom fields, and the prefix of their names."""


@dataclass(frozen=True)
class Option:
    """One value of a list and its label."""

    value: str
    label: Text
    help: Text = ""
    tone: str = ""
    """The colour it is shown in: a name of `Tone`."""
    deprecated: bool = False
    """It is read wherever it stands; no other row is given it."""

    @property
    def named(self) -> Text:
        """Return the label where options are listed, marked if this one is offered no more."""
        return _("%(label)s (retired)", label=self.label) if self.deprecated else self.label


@dataclass(frozen=True, kw_only=True)
class Field:
    """What is known of one value of a row. A custom field is named `custom_fields.<key>`."""

    name: str
    kind: Kind
    label: Text
    help: Text | None = None
    required: bool = False
    """Required on create, whoever writes; `access` may ask more of one audience."""
    required_on: str = "create"
    """When a required field must be filled: on `create` or on `resolve`."""
    options: tuple[Option, ...] = ()
    choices: type[Choice] | None = None
    """The closed list of a column, where it has one: its values are members of it."""
    offers: str | None = None
    """The function of app.services that lists the values a form offers."""
    rules: Rules = NO_RULES
    empty: Any = None
    """What is kept for no value: None, or the empty text, list or object of a column without NULL."""
    nullable: bool = True
    """Whether the value may be taken away again."""
    reference: str | None = None
    """The table a reference leads to."""
    default: Any = None
    access: Mapping[Audience, Access] = field(default_factory=dict)
    readonly: bool = False
    """Set by the program, never by an input."""
    secret: bool = False
    """Never shown, exported or logged."""
    markdown: bool = False
    framed: bool = False
    grid: Grid | None = None
    members: Mapping[str, Member] | None = None
    shape: Shape | None = None
    """How its JSON is formed."""
    searchable: bool = False
    section: str | None = None
    position: int = 0
    show_when: Mapping[str, Any] | None = None
    criteria: Criteria | None = None
    """What it asks about, if the value is a tree of conditions."""
    tells: tuple[str, ...] = ()
    """Tables of whose rows the value tells."""
    mask: Callable[[Any], Any] | None = None
    """Leaves out of the value what its reader must not be told."""
    deprecated: bool = False
    """Old values are shown; nobody is asked for new ones."""

    @cached_property
    def custom(self) -> bool:
        """Tell whether the value lives in the column `custom_fields`."""
        return self.name.startswith(f"{CUSTOM}.")

    @cached_property
    def key(self) -> str:
        """Return the name within its container: `seats` for `custom_fields.seats`."""
        return self.name.removeprefix(f"{CUSTOM}.")

    @cached_property
    def column(self) -> str:
        """Return the column that holds the value."""
        return CUSTOM if self.custom else self.name

    @cached_property
    def values(self) -> tuple[str, ...]:
        """Return the values of the options."""
        return tuple(option.value for option in self.options)

    @cached_property
    def offered(self) -> tuple[Option, ...]:
        """Return the options that may be chosen anew."""
        return tuple(option for option in self.options if not option.deprecated)

    @cached_property
    def deprecated_values(self) -> frozenset[str]:
        """Return the values that stay where they stand and are given to no other row."""
        return frozenset(option.value for option in self.options if option.deprecated)

    @cached_property
    def has_form(self) -> bool:
        """Tell whether it is declared how the value is formed: of all but structured data of no shape."""
        return self.kind is not Kind.JSON or self.shape is not None

    def visible_to(self, audience: Audience) -> bool:
        """Tell whether `audience` may read the value."""
        return not self.secret and self._of(audience).visible

    def editable_by(self, audience: Audience) -> bool:
        """Tell whether `audience` may write the value."""
        access = self._of(audience)
        return not (self.readonly or self.secret or self.deprecated) and access.visible and access.editable

    def required_of(self, audience: Audience, on: str = "create") -> bool:
        """Tell whether `audience` must give a value when the row is created or resolved (`on`)."""
        return self.editable_by(audience) and self.required_on == on and self._of(audience).required

    def is_empty(self, row: Any) -> bool:
        """Tell whether `row` has no value of this field."""
        return _nothing(self.read(row))

    def _of(self, audience: Audience) -> Access:
        return self.access.get(audience) or (REQUIRED if self.required else OPEN)

    def parse(self, raw: object, zone: dt.tzinfo | None = None) -> Any:
        """Return the typed value of what was typed or sent, None for nothing; `Refused` says what is wrong.

        `zone` is where a time without a zone was typed.
        """
        if _nothing(raw):
            return None
        if self.kind is Kind.DATETIME and zone is not None:
            raw = instant(raw, zone)
        value = SHAPES[self.kind].parse(raw)
        if _nothing(value):
            return None
        self._known(value)
        value = self._shaped(value)
        self.rules.check(value)
        return self.choices(value) if self.choices else value

    def refuse_deprecated(self, value: Any, kept: Container[str] = ()) -> None:
        """Raise `Refused` if a typed value has a deprecated option that is not among those `kept` so far."""
        if value is None or not self.deprecated_values:
            return
        chosen = value if self.kind in LISTS else (value,)
        if any(one in self.deprecated_values and one not in kept for one in chosen):
            raise self._no_option()

    def _known(self, value: Any) -> None:
        if self.kind not in CHOICES:
            return
        chosen = value if self.kind in LISTS else (value,)
        if not self._allowed.issuperset(chosen):
            raise self._no_option()

    def _no_option(self) -> Refused:
        return Refused("not_an_option", options=", ".join(str(option.label) for option in self.offered))

    @cached_property
    def _allowed(self) -> frozenset[str]:
        return frozenset(self.values)

    def _shaped(self, value: Any) -> Any:
        """Refuse JSON that is not formed as the column says: at least a list or an object, as it keeps."""
        if self.shape is not None:
            return read(self.shape, value)
        if self.kind is Kind.JSON and self.empty is not None and type(value) is not type(self.empty):
            raise Refused("not_structured")
        return value

    def operand(self, raw: object) -> Any:
        """Return the typed value that a condition compares with, free of the rules for values.

        It may be a part of a text, one item of a list, or a day for a moment. Raises `Invalid`.
        """
        try:
            value = self._operand(raw)
            self._known((value,) if self.kind in LISTS else value)
        except Refused as problem:
            raise Invalid((problem.at(self.name),)) from problem
        return value

    def _operand(self, raw: object) -> Any:
        if self.kind in WORDS or self.kind in LISTS:
            return line(raw)
        if self.kind is Kind.DATETIME and isinstance(raw, str) and len(raw) == len("2026-03-31"):
            return date(raw)
        return SHAPES[self.kind].parse(raw)

    def text(self, value: Any) -> str:
        """Return a typed value in words, in the reader's language."""
        return in_words(self.kind, value, {option.value: option.label for option in self.options})

    def dump(self, value: Any) -> Any:
        """Return the JSON of a typed value: what the API answers and `custom_fields` keeps."""
        return None if value is None else self._dump(value)

    @cached_property
    def _dump(self) -> Callable[[Any], Any]:
        return SHAPES[self.kind].dump

    @cached_property
    def as_json(self) -> Callable[[Any], Any] | None:
        """Return what makes JSON of what the column holds, unless it holds nothing; None if that is JSON."""
        if self.mask is not None:
            return lambda kept: self.dump(self.told(kept))
        return None if self._dump is same else self._dump

    def read(self, row: Any) -> Any:
        """Return the typed value of `row`, an object or a mapping; None where there is none."""
        return self.typed(member(row, self.column))

    def typed(self, kept: Any) -> Any:
        """Return the typed value of what the column holds."""
        if self.custom:
            held = kept.get(self.key) if kept else None
            return None if held is None else stored(self.kind, held)
        return kept if self.mask is None else self.told(kept)

    def told(self, value: Any) -> Any:
        """Return the value as the reader may be told it."""
        return value if self.mask is None or value is None else self.mask(value)

    def write(self, row: Any, value: Any) -> None:
        """Set a typed value on the object `row`; None takes it away."""
        if self.custom:
            others = {key: kept for key, kept in (row.custom_fields or {}).items() if key != self.key}
            row.custom_fields = others if value is None else {**others, self.key: self.dump(value)}
        else:
            setattr(row, self.name, copy(self.empty) if value is None else self._plain(value))

    def _plain(self, value: Any) -> Any:
        return list(value) if self.kind in LISTS else value

    def expression(self, model: Any) -> ColumnElement[Any]:
        """Return the value as SQL: the column, or the custom value in the type of its kind (else NULL)."""
        if not self.custom:
            column: ColumnElement[Any] = getattr(model, self.name)
            return column
        return expression(self.kind, getattr(model, CUSTOM)[self.key])

    def indexed(self, model: Any, words: Iterable[str]) -> ColumnElement[bool] | None:
        """Return what an index knows of the rows whose value is one of `words`; None of a column."""
        return has_term(getattr(model, CUSTOM), self.key, words) if self.custom else None

    def indexed_between(
        self, model: Any, low: Rankable | None, high: Rankable | None
    ) -> ColumnElement[bool] | None:
        """Return what an index knows of the rows whose value lies from `low` to `high`; None of a column."""
        return has_rank(getattr(model, CUSTOM), self.key, low, high) if self.custom else None


def member(row: Any, column: str) -> Any:
    """Return what `row`, an object or a mapping, holds. What is loaded needs no question whether it is."""
    if isinstance(row, Declared):
        known = row.__dict__
        return known[column] if column in known else getattr(row, column)
    return row.get(column) if isinstance(row, Mapping) else getattr(row, column)


def _nothing(raw: object) -> bool:
    if isinstance(raw, str):
        return not raw or raw.isspace()
    return raw is None or (isinstance(raw, list | tuple) and not raw)
