"""JSON of a declared shape: read with every mistake at its place, and described as JSON Schema.

Both are strict: what one refuses the other refuses. A form makes numbers of what was typed before it asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.core.shape import Languages, Lines, Member, Shape, Words
from app.fields.parse import BIGINT, ITEM, decimal, line, reference, words
from app.fields.refusal import Refused, Several

LANGUAGE = "[a-z]{2,3}(_[A-Za-z]{2,4})?"
"""The code of a language: `de`, `pt_BR`."""
ROW = "id"
"""How an object says the row that it should be instead, so that a person is told that both cannot be."""
Schema = dict[str, Any]


def read(shape: Shape, raw: Any) -> Any:
    """Return JSON as it is kept: without what is empty. Raises Several, each part with its place."""
    reader = _Reader()
    value = reader.of(shape, raw)
    if reader.faults:
        raise Several(reader.faults)
    return value


class _Reader:
    def __init__(self) -> None:
        self.faults: list[Refused] = []

    def of(self, shape: Shape, raw: Any) -> Any:
        if isinstance(shape, Lines):
            return self._lines(shape, raw)
        if not isinstance(raw, Mapping):
            return self._refuse("", "not_structured")
        if isinstance(shape, Words):
            if len(raw) < shape.least:
                return self._refuse("", "required")
            return {
                name: self.value(shape.of[name], one, f".{name}") for name, one in self._known(shape.of, raw)
            }
        said = {name: self._language(shape, name, one) for name, one in raw.items()}
        return {name: one for name, one in said.items() if one not in ({}, None)}

    def value(self, member: Member, raw: Any, place: str) -> Any:
        """Return one value; None where a fault was noted."""
        try:
            return self._value(member, raw, place)
        except Refused as problem:
            return self._refuse(place, problem.code, **problem.facts)

    def _value(self, member: Member, raw: Any, place: str) -> Any:
        if raw is None or raw == "":
            raise Refused("required")
        if member.members is not None and not (member.row and not isinstance(raw, Mapping)):
            return self._object(member, raw, place)
        if member.each is not None:
            return self._each(member, raw, place)
        return _plain(member, raw)

    def _object(self, member: Member, raw: Any, place: str) -> Any:
        known = member.members or {}
        if member.bare and not isinstance(raw, Mapping):
            return self.value(known[member.bare], raw, place)
        if not isinstance(raw, Mapping):
            raise Refused("not_structured")
        if member.row and ROW in raw:
            raise Refused("either")
        said = {
            name: self.value(known[name], one, f"{place}.{name}")
            for name, one in self._known(known, raw, place)
        }
        said = {name: one for name, one in said.items() if one != {} or known[name].required}
        for name, one in known.items():
            if one.required and name not in said:
                self._refuse(f"{place}.{name}", "required")
        return said[member.bare] if member.bare and set(said) == {member.bare} else said

    def _known(
        self, known: Mapping[str, Member], raw: Mapping[str, Any], place: str = ""
    ) -> Iterable[tuple[str, Any]]:
        """Return what was said of what there is, without what may be left empty and is."""
        for name in raw.keys() - known.keys():
            self._refuse(f"{place}.{name}", "unknown_field")
        return [
            (name, raw[name])
            for name, one in known.items()
            if name in raw and not (place and not one.required and _is_empty(one, raw[name]))
        ]

    def _each(self, member: Member, raw: Any, place: str) -> Any:
        if not isinstance(raw, Mapping):
            raise Refused("not_structured")
        said = {str(name): one for name, one in raw.items() if one not in ("", None)}
        return {name: self.value(Member(member.label), one, f"{place}.{name}") for name, one in said.items()}

    def _lines(self, shape: Lines, raw: Any) -> Any:
        if not isinstance(raw, list | tuple):
            return self._refuse("", "not_structured")
        if len(raw) > shape.most:
            return self._refuse("", "too_many", maximum=shape.most)
        values = [self.value(shape.of, one, f"[{number}]") for number, one in enumerate(raw)]
        if shape.unique is not None:
            self._different(shape.of, shape.unique, values)
        return values

    def _different(self, member: Member, unique: str, values: list[Any]) -> None:
        seen: set[str] = set()
        for number, value in enumerate(values):
            text = value.get(unique) if isinstance(value, Mapping) else value
            if not isinstance(text, str):
                continue
            if text.casefold() in seen:
                self._refuse(f"[{number}].{unique}" if member.members else f"[{number}]", "twice")
            seen.add(text.casefold())

    def _language(self, shape: Languages, name: str, raw: Any) -> Any:
        if not re.fullmatch(LANGUAGE, name):
            return self._refuse(f".{name}", "not_a_language")
        return self.value(shape.of, raw, f".{name}")

    def _refuse(self, place: str, code: str, **facts: object) -> None:
        self.faults.append(Refused(code, **facts).placed(place))


def _is_empty(member: Member, raw: Any) -> bool:
    """Tell whether a value says nothing, in the form that its member has: a number always says something."""
    if member.members is not None or member.each is not None:
        return bool(raw == {})
    if member.texts:
        return bool(raw == [])
    if member.flag:
        return raw is False
    return raw == "" and not (member.number or member.row or member.choices)


def _plain(member: Member, raw: Any) -> Any:
    """Return a value that holds no others. Raises Refused."""
    if member.choices:
        return _chosen(member, raw)
    if member.row:
        if isinstance(raw, str):
            raise Refused("not_a_reference")
        return reference(raw)
    if member.texts:
        return _texts(member, raw)
    if member.flag:
        return _flag(raw)
    return _number(member, raw) if member.number else _text(member, raw)


def _flag(raw: Any) -> bool:
    if raw is not True:
        raise Refused("not_a_boolean")
    return True


def _chosen(member: Member, raw: Any) -> str:
    if not isinstance(raw, str) or raw not in [str(choice) for choice in member.choices]:
        raise Refused("not_an_option", options=", ".join(str(choice.label) for choice in member.choices))
    return raw


def _texts(member: Member, raw: Any) -> list[str]:
    if not isinstance(raw, list | tuple):
        raise Refused("not_a_list")
    if len(raw) > member.texts:
        raise Refused("too_many", maximum=member.texts)
    found = list(words(raw))
    if not found:
        raise Refused("required")
    return found


def _number(member: Member, raw: Any) -> int | float:
    if isinstance(raw, str):
        raise Refused("not_a_number")
    number = decimal(raw)
    if member.minimum is not None and number < member.minimum:
        raise Refused("too_small", minimum=member.minimum)
    if member.maximum is not None and number > member.maximum:
        raise Refused("too_large", maximum=member.maximum)
    return int(number) if number == int(number) else float(number)


def _text(member: Member, raw: Any) -> str:
    text = line(raw)
    if not text:
        raise Refused("required")
    if len(text) > member.longest:
        raise Refused("too_long", maximum=member.longest)
    return text


def schema_of(shape: Shape) -> Schema:
    """Return the JSON Schema (2020-12) of a shape."""
    if isinstance(shape, Lines):
        return {"type": "array", "items": _schema(shape.of), "maxItems": shape.most}
    if isinstance(shape, Words):
        return _members(shape.of) | ({"minProperties": shape.least} if shape.least else {})
    return {
        "type": "object",
        "propertyNames": {"pattern": f"^(?:{LANGUAGE})$"},
        "additionalProperties": _schema(shape.of),
    }


def _schema(member: Member) -> Schema:
    said: Schema = {"title": str(member.label), **({"description": str(member.help)} if member.help else {})}
    if member.members is None:
        return said | _plain_schema(member)
    whole = _members(member.members)
    if member.row:
        return said | {"anyOf": [_plain_schema(member), whole]}
    return said | ({"anyOf": [_schema(member.members[member.bare]), whole]} if member.bare else whole)


def _members(members: Mapping[str, Member]) -> Schema:
    required = [name for name, one in members.items() if one.required]
    return {
        "type": "object",
        "properties": {name: _schema(one) for name, one in members.items()},
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }


def _plain_schema(member: Member) -> Schema:
    if member.each is not None:
        text = {"type": "string", "maxLength": member.longest}
        return {"type": "object", "additionalProperties": text}
    if member.choices:
        return {"type": "string", "enum": [str(choice) for choice in member.choices]}
    if member.row:
        return {"type": "integer", "minimum": 1, "maximum": BIGINT}
    if member.texts:
        return {"type": "array", "items": {"type": "string", "maxLength": ITEM}, "maxItems": member.texts}
    if member.number:
        bounds = {"minimum": member.minimum, "maximum": member.maximum}
        return {"type": "number", **{word: bound for word, bound in bounds.items() if bound is not None}}
    return {"type": "boolean"} if member.flag else {"type": "string", "maxLength": member.longest}
