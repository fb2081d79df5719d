"""JSON of a declared shape in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import current_app
from flask_babel import get_locale

from app.core.i18n import Text, _
from app.core.languages import PSEUDO
from app.core.shape import Lines, Member, Shape, Words
from app.fields.display import in_words
from app.fields.kinds import Kind
from app.generate.lines.read import keyed, of, within

Titles = Mapping[tuple[str, int], str]
"""What rows are called, by table and number."""


def chips(shape: Shape, value: Any, titles: Titles) -> Iterator[str]:
    """Yield each line in words: `Team: Billing`."""
    for key, one in keyed(shape, value):
        said = ", ".join(_said(of(shape, key), one, titles, bare=isinstance(shape, Lines)))
        yield said if isinstance(shape, Lines) else f"{label_of(shape, key)}: {said}"


def _said(member: Member, value: Any, titles: Titles, *, bare: bool = True) -> Iterator[str]:
    if member.members is not None:
        row, said = within(member, value)
        yield from _said(Member(member.label, row=member.row), row, titles) if row is not None else ()
        for name, one in member.members.items():
            if name in said:
                words = ", ".join(_said(one, said[name], titles))
                yield words if bare else f"{one.label}: {words}"
    elif member.each is not None and isinstance(value, Mapping):
        yield from (f"{of_} → {text}" for of_, text in value.items())
    elif member.flag:
        yield str(member.label)
    elif member.row:
        yield titles.get((member.row, value)) or f"#{value}"
    else:
        labels = {choice.value: choice.label for choice in member.choices}
        kind = Kind.DECIMAL if member.number and not isinstance(value, str) else Kind.TEXT
        yield in_words(kind, value, labels)


def rows_in(shape: Shape, value: Any) -> Iterator[tuple[str, int]]:
    """Yield table and number of each row that a value names."""
    for key, one in keyed(shape, value):
        yield from _rows_in(of(shape, key), one)


def _rows_in(member: Member, value: Any) -> Iterator[tuple[str, int]]:
    row, said = within(member, value) if member.members is not None else (value, {})
    if member.row and type(row) is int:
        yield member.row, row
    for name, one in (member.members or {}).items():
        yield from _rows_in(one, said.get(name))


def languages() -> list[str]:
    """Return the languages of the desk."""
    return [code for code in current_app.config["LANGUAGES"] if code != PSEUDO]


def label_of(shape: Shape, key: str) -> Text:
    """Return what the line `key` is called."""
    if isinstance(shape, Lines):
        return _("%(thing)s %(number)s", thing=shape.of.label, number=int(key) + 1 if key.isdecimal() else "")
    return shape.of[key].label if isinstance(shape, Words) else language_name(key)


def language_name(code: str) -> str:
    """Return what a language is called in the reader's own; its code where nobody knows it."""
    try:
        return str(Locale.parse(code).get_display_name(get_locale()) or code)
    except (UnknownLocaleError, ValueError):
        return code
