"""One kind of related rows of a form: what is asked of each, and which there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.access import Actor, may, visible
from app.core.declare import Can
from app.core.i18n import Text
from app.fields import Field, FieldSet, fields_of
from app.generate import forms
from app.generate.cells import title_of

MOST = 50
"""Rows that a form asks for; where there are more they are changed in their own tab."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row within the form: `row` is what is kept, None for a new one; `version` is what was drawn."""

    key: str
    raw: Mapping[str, Any]
    fields: FieldSet
    row: Any | None = None
    version: int | None = None
    removed: bool = False
    gone: bool = False
    """Somebody else removed it since the form was drawn."""

    @property
    def stored(self) -> dict[str, Any]:
        """Return what the inputs hold if nobody types."""
        return forms.stored(self.fields, self.row)


@dataclass(frozen=True)
class Nest:
    """A relationship whose rows are edited within the form of `parent`, None if that is not there yet."""

    session: Session
    actor: Actor
    name: str
    model: Any
    link: str
    parent: Any | None

    @classmethod
    def of(cls, session: Session, actor: Actor, parent_model: Any, name: str, parent: Any | None) -> Nest:
        """Return the rows of the relationship `name`."""
        relation = inspect(parent_model).relationships[name]
        link = next(iter(relation.remote_side)).key or ""
        return cls(session, actor, name, relation.mapper.class_, link, parent)

    @property
    def title(self) -> Text:
        """Return what the rows are called."""
        title: Text = self.model.resource.plural
        return title

    def fields(self, row: Any | None) -> FieldSet:
        """Return what is asked of a row; the one it belongs to is known."""
        every = fields_of(self.session, self.model)
        names = forms.names_of(self.actor, self.model, every, row)
        return every.pick(tuple(name for name in names if name != self.link))

    def rows(self) -> list[Any]:
        """Return the rows the actor sees, one more than are asked for where there are many."""
        if self.parent is None:
            return []
        order = getattr(self.model, self.model.resource.order_column)
        mine = select(self.model).where(getattr(self.model, self.link) == self.parent.id)
        shown = mine.where(visible(self.actor, self.model)).order_by(order, self.model.id)
        return list(self.session.scalars(shown.limit(MOST + 1)).unique())

    def path(self, key: str) -> str:
        """Return what the inputs of a line are named below: `members.12`."""
        return f"{self.name}.{key}"

    def placed(self, line: Line) -> Iterator[tuple[str, Field]]:
        """Yield the fields of a line with the names that they have in the form."""
        for name, field in line.fields.items():
            yield name, replace(field, name=f"{self.path(line.key)}.{name}")

    def may(self, can: Can, row: Any | None = None) -> bool:
        """Tell whether the actor may do this to a row, or to any."""
        return may(self.actor, can, self.model if row is None else row)

    def stored(self, rows: list[Any]) -> Iterator[Line]:
        """Yield a line for each row as it is kept."""
        for row in rows:
            fields = self.fields(row)
            yield Line(
                key=str(row.id), raw=forms.stored(fields, row), fields=fields, row=row, version=row.version
            )

    def blank(self, key: str) -> Line:
        """Return a line for a row that is not there yet."""
        fields = self.fields(None)
        return Line(key=key, raw=forms.blank(fields, self.model), fields=fields)

    def posted(self, rows: list[Any], form: MultiDict[str, str]) -> Iterator[Line]:
        """Yield the lines that were sent, then those of rows that were not drawn yet."""
        by_key = {str(row.id): row for row in rows}
        for key in dict.fromkeys(form.getlist(f"{self.name}.line")):
            yield self._posted(key, by_key.pop(key, None), form)
        yield from self.stored(list(by_key.values()))

    def _posted(self, key: str, row: Any | None, form: MultiDict[str, str]) -> Line:
        line, path = Line(key=key, raw={}, fields=self.fields(row), row=row), self.path(key)
        given, gone = form.get(f"{path}.version", ""), row is None and key.isdecimal()
        return replace(
            line,
            key=f"new{key}" if gone else key,
            raw=dict(self._typed(line, form)),
            version=int(given) if given.isdecimal() and len(given) < 10 else None,
            removed=f"{path}.remove" in form and form.get(f"choose.{path}.remove") != "theirs",
            gone=gone,
        )

    def _typed(self, line: Line, form: MultiDict[str, str]) -> Iterator[tuple[str, Any]]:
        kept = line.stored if line.row is not None else self.blank(line.key).raw
        fixed = line.row is not None and not self.may(Can.EDIT, line.row)
        for name, field in self.placed(line):
            typed = forms.typed_in(form, [field]).get(field.name, kept[name])
            yield name, kept[name] if fixed or form.get(f"choose.{field.name}") == "theirs" else typed

    def title_of(self, line: Line) -> str:
        """Return what a line is called to a person."""
        return title_of(line.row) if line.row is not None else str(self.model.resource.title)
