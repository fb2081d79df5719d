"""JSON of a declared shape from the inputs of a form. The order of the lines is that in which they were sent.

A line says its key as `options.line`; its inputs are named below it: `options.0.label`, `action.agent.skill`.
A pressed button says what to do to the lines as `options.do`: `add:`, `remove:0`, `up:0`, `down:0`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from app.core.shape import Lines, Member, Shape, Words
from app.fields import Field, Kind, Refused
from app.fields.parse import decimal
from app.fields.shaped import ROW
from app.fields.shapes import SHAPES

Form = MultiDict[str, str]


def is_pressed(form: Mapping[str, str], fields: Iterable[Field]) -> bool:
    """Tell whether a button of some lines was pressed, so that nothing is to be saved yet."""
    return any(f"{field.name}.do" in form for field in fields if field.shape)


def typed(form: Form, field: Field, shape: Shape) -> Any:
    """Return what the inputs of a field hold, with the pressed button's deed done; blank lines are left out
    once the form is sent to be saved."""
    deed = form.get(f"{field.name}.do", "")
    keys = done(form.getlist(f"{field.name}.line"), deed, shape)
    values = {key: _value(form, of(shape, key), f"{field.name}.{key}") for key in keys}
    if not isinstance(shape, Lines):
        return values
    return [value for value in values.values() if deed or value not in ("", {}, [])]


def of(shape: Shape, key: str) -> Member:
    """Return what the line `key` of a shape holds."""
    return shape.of[key] if isinstance(shape, Words) else shape.of


def done(keys: Iterable[str], deed: str, shape: Shape) -> list[str]:
    """Return the keys of the lines after `verb:key`; what cannot be done is left."""
    found = [key for key in dict.fromkeys(keys) if not isinstance(shape, Words) or key in shape.of]
    verb, _colon, key = deed.partition(":")
    if verb == "add":
        return _added(found, key, shape)
    if key not in found:
        return found
    place = found.index(key)
    found.remove(key)
    if verb != "remove":
        found.insert(max(place + {"up": -1, "down": 1}.get(verb, 0), 0), key)
    return found


def _added(keys: list[str], key: str, shape: Shape) -> list[str]:
    if isinstance(shape, Lines):
        fresh = max((int(one) for one in keys if one.isdecimal() and len(one) < 9), default=-1) + 1
        return [*keys, str(fresh)]
    known = key in shape.of if isinstance(shape, Words) else bool(key)
    return [*keys, key] if known and key not in keys else keys


def _value(form: Form, member: Member, path: str) -> Any:
    if member.members is not None:
        return _object(form, member, path)
    if member.each is not None:
        pairs = (
            (form[f"{path}.{place}.of"], form.get(f"{path}.{place}", "").strip())
            for place in _places(form, path)
        )
        return {value: text for value, text in pairs if text}
    return _plain(member, form.getlist(path))


def _object(form: Form, member: Member, path: str) -> Any:
    said = {name: _value(form, one, f"{path}.{name}") for name, one in (member.members or {}).items()}
    said = {name: one for name, one in said.items() if one not in ("", [], {})}
    row = _plain(Member(member.label, row=member.row), form.getlist(path)) if member.row else ""
    return said if row == "" else {ROW: row, **said} if said else row


def _places(form: Form, path: str) -> Iterator[int]:
    place = 0
    while f"{path}.{place}.of" in form:
        yield place
        place += 1


def _plain(member: Member, given: list[str]) -> Any:
    """Return what was typed, a number where one should stand and does."""
    if member.texts:
        return [text.strip() for one in given for text in one.split(",") if text.strip()]
    text = " ".join(given).strip()
    if member.flag:
        return True if text else ""
    if member.row:
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else text
    return _number(text) if member.number and text else text


def _number(text: str) -> Any:
    try:
        return SHAPES[Kind.DECIMAL].dump(decimal(text))
    except Refused:
        return text


def pairs(field: Field, shape: Shape, value: Any) -> Iterator[tuple[str, str]]:
    """Yield names and values as a form sends them, so that what was typed goes through a page in between."""
    for key, one in keyed(shape, value):
        yield f"{field.name}.line", key
        yield from sent(of(shape, key), f"{field.name}.{key}", one)


def keyed(shape: Shape, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the lines of a value, each with its key."""
    if isinstance(shape, Lines):
        lines = value if isinstance(value, list | tuple) else ()
        yield from ((str(place), one) for place, one in enumerate(lines))
    elif isinstance(value, Mapping):
        yield from (
            (key, one) for key, one in value.items() if not isinstance(shape, Words) or key in shape.of
        )


def within(member: Member, value: Any) -> tuple[Any, Mapping[str, Any]]:
    """Return the row that an object is, if any, and its members, also of one that is written bare."""
    if isinstance(value, Mapping):
        return value.get(ROW) if member.row else None, value
    return (None, {member.bare: value}) if member.bare else (value, {})


def sent(member: Member, path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield names and values as a form sends one line."""
    if member.members is not None:
        row, said = within(member, value)
        yield from sent(Member(member.label, row=member.row), path, row) if row is not None else ()
        for name, one in member.members.items():
            if name in said:
                yield from sent(one, f"{path}.{name}", said[name])
    elif member.each is not None:
        for place, (of_, text) in enumerate(value.items() if isinstance(value, Mapping) else ()):
            yield f"{path}.{place}.of", of_
            yield f"{path}.{place}", text
    else:
        if member.flag:
            value = "1"
        yield path, ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
