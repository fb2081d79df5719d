"""The lines of a field as a form draws them, with what is wrong beside each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, may
from app.core.declare import Can, Desk
from app.core.errors import Conflict, FieldError, Invalid
from app.core.i18n import Text, _
from app.core.shape import Lines, Member, Shape, Words
from app.fields import Field, FieldSet
from app.generate.builder.say import titles_of
from app.generate.in_place import offer
from app.generate.lines.read import keyed, of, within
from app.generate.lines.words import Titles, label_of, languages, rows_in
from app.generate.pages import FormField, Line, LineSet, Option
from app.models import by_table

KEY = "__key__"
"""Stands for the key of a line that is added by the browser."""


def dress(
    session: Session,
    actor: Actor,
    fields: FieldSet,
    raw: Mapping[str, Any],
    problem: Invalid | Conflict | None,
    inputs: Iterable[FormField],
) -> tuple[FormField, ...]:
    """Return the inputs of a form with lines in the place of each whose JSON has a shape."""
    errors = problem.errors if isinstance(problem, Invalid) else ()
    return tuple(_dressed(session, actor, fields[one.name], raw, errors, one) for one in inputs)


def _dressed(
    session: Session,
    actor: Actor,
    field: Field,
    raw: Mapping[str, Any],
    errors: Iterable[FieldError],
    one: FormField,
) -> FormField:
    if field.shape is None:
        return one
    titles = titles_of(session, actor, rows_in(field.shape, one.value))
    told = _told(field.name, errors)
    drawing = _Drawing(actor, field.name, field.shape, raw, titles, told)
    value = drawing.lines(one.value)
    beside = {text for line in value.lines for part in line.parts for text in part.errors}
    rest = tuple(text for text in one.errors if text not in beside)
    return replace(one, kind="lines", value=value, errors=rest)


def _told(name: str, errors: Iterable[FieldError]) -> dict[str, tuple[Text, ...]]:
    """Return messages by their place within the value: `[1].label`, `.agent.skill`."""
    told: dict[str, tuple[Text, ...]] = {}
    for error in errors:
        place = error.field.removeprefix(name)
        if error.field.startswith(name) and place.startswith((".", "[")):
            told[place] = (*told.get(place, ()), error.message)
    return told


@dataclass(frozen=True)
class _Drawing:
    actor: Actor
    name: str
    shape: Shape
    raw: Mapping[str, Any]
    titles: Titles
    told: Mapping[str, tuple[Text, ...]]

    def lines(self, value: Any) -> LineSet:
        said = tuple(keyed(self.shape, value))
        blanks = tuple(self._blanks([key for key, _one in said]))
        return LineSet(
            lines=tuple(self._line(key, self._place(key), one) for key, one in said),
            blanks=blanks,
            spent=frozenset(() if isinstance(self.shape, Lines) else (key for key, _one in said)),
            moves=isinstance(self.shape, Lines),
            even=isinstance(self.shape, Lines),
        )

    def _place(self, key: str) -> str:
        return f"[{key}]" if isinstance(self.shape, Lines) else f".{key}"

    def _line(self, key: str, place: str, value: Any) -> Line:
        return Line(
            key=key,
            label=label_of(self.shape, key),
            parts=tuple(self._parts(of(self.shape, key), f"{self.name}.{key}", place, value)),
        )

    def _blanks(self, used: Iterable[str]) -> Iterator[Line]:
        """Yield a blank line for each that can be added; one of lines that are alike has no key yet."""
        if isinstance(self.shape, Lines):
            yield replace(self._line(KEY, "-", None), label=self.shape.of.label)
        else:
            keys = self.shape.of if isinstance(self.shape, Words) else languages()
            yield from (self._line(key, "-", None) for key in dict.fromkeys([*keys, *used]))

    def _parts(self, member: Member, name: str, place: str, value: Any) -> Iterator[FormField]:
        if member.members is not None:
            row, said = within(member, value)
            if member.row:
                yield self._part(replace(member, members=None), name, place, row)
            for word, one in member.members.items():
                here = f"{place}.{word}"
                lost = (
                    self.told.get(place, ()) if not member.row and word == next(iter(member.members)) else ()
                )
                yield from self._with(self._parts(one, f"{name}.{word}", here, said.get(word)), lost)
        elif member.each is not None:
            yield from self._each(member, member.each, name, place, value)
        else:
            yield self._part(member, name, place, value)

    def _with(self, parts: Iterable[FormField], lost: tuple[Text, ...]) -> Iterator[FormField]:
        """Yield the parts; what is wrong with the whole of them stands beside the first."""
        yield from (
            replace(part, errors=(*lost, *part.errors)) if not n else part for n, part in enumerate(parts)
        )

    def _each(self, member: Member, column: str, name: str, place: str, value: Any) -> Iterator[FormField]:
        kept = value if isinstance(value, Mapping) else {}
        values = dict.fromkeys([*values_of(self.raw.get(column)), *kept])
        for number, one in enumerate(values):
            label = _("%(what)s: %(value)s", what=member.label, value=one)
            yield FormField(name=f"{name}.{number}.of", kind="hidden", label="", value=one)
            said = kept.get(one, "")
            yield self._part(Member(label), f"{name}.{number}", f"{place}.{one}", said)

    def _part(self, member: Member, name: str, place: str, value: Any) -> FormField:
        return FormField(
            name=name,
            kind=_kind(member),
            label=member.label,
            help=member.help,
            value="" if value is None else value,
            errors=self.told.get(place, ()),
            required=member.required,
            options=tuple(self._options(member, value)),
            attributes={"maxlength": str(member.longest)} if _kind(member) == "text" else {},
            picker_url=picker_of(self.actor, member.row) if member.row else None,
            create=member.row if member.row and offer(self.actor, by_table(member.row)) else None,
        )

    def _options(self, member: Member, value: Any) -> Iterator[Option]:
        yield from (Option(value=one.value, label=one.label) for one in member.choices)
        if member.row and value not in (None, ""):
            known = self.titles.get((member.row, value)) if type(value) is int else None
            yield Option(value=str(value), label=known or f"#{value}", selected=True)


def _kind(member: Member) -> str:
    if member.choices:
        return "colour" if member.colour else "select"
    if member.row:
        return "reference"
    if member.flag:
        return "boolean"
    return "tags" if member.texts else "decimal" if member.number else "text"


def picker_of(actor: Actor, table: str) -> str | None:
    """Return where the rows of `table` are looked up, None where the actor may not."""
    model = by_table(table)
    if model.resource.desk is not Desk.MANAGE or not may(actor, Can.READ, model):
        return None
    return f"/admin/{table}/pick"


def values_of(lines: Any) -> Iterator[str]:
    """Yield the values of some options as a form holds them, written bare or as objects."""
    for one in lines if isinstance(lines, list | tuple) else ():
        value = one.get("value") if isinstance(one, Mapping) else one
        if isinstance(value, str) and value:
            yield value
