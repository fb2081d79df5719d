"""What a list is asked in its address: filters, words, order, page. Unknown parameters are refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import inspect

from app.core.errors import FieldError, Invalid
from app.core.i18n import _
from app.criteria import where
from app.fields import Audience, FieldSet, Kind
from app.generate.filters import Asked, asked, tree_of
from app.generate.listing import Question

LIMIT, MOST = 50, 100
LONGEST = 1000
"""Characters of one parameter."""
WORDS = ("q", "sort", "limit", "cursor", "total", "updated_since")
"""Parameters that are no filters: no custom field may be called so, and no such column is filtered by."""
UNORDERED = frozenset({Kind.JSON, Kind.TAGS, Kind.MULTI_SELECT, Kind.LONG_TEXT})
PATH = re.compile(r"criteria\.all\[(\d+)\].*")


def query_of(model: Any, fields: FieldSet, arguments: Iterable[tuple[str, str]]) -> Question:
    """Return what the address of a list asks. Raises Invalid naming each parameter that is wrong."""
    pairs = [*arguments]
    _refuse_unreadable(pairs)
    words = {name: value for name, value in reversed(pairs) if name in words_of(model, fields)}
    filters = asked([pair for pair in pairs if pair[0] not in words], fields, filterable(fields))
    if "updated_since" in words:
        filters.append(Asked("updated_since", fields["updated_at"], "gte", words["updated_since"]))
    return Question(
        order=sort_of(model, fields, words.get("sort")),
        q=words.get("q", ""),
        cursor=words.get("cursor"),
        limit=limit_of(words.get("limit", str(LIMIT))),
        columns=columns_of(model, fields),
        audience=Audience.API,
        where=_where(model, fields, filters),
        counted=_yes("total", words.get("total", "0")),
    )


def words_of(model: Any, fields: FieldSet) -> tuple[str, ...]:
    """Return the parameters besides filters that a list of `model` takes."""
    without = {"q"} if not model.resource.search else set()
    without |= {"updated_since"} if "updated_at" not in fields else set()
    return tuple(word for word in WORDS if word not in without)


def filterable(fields: FieldSet) -> tuple[str, ...]:
    """Return the names of the fields a list can be filtered by."""
    return tuple(
        field.name for field in fields.values() if field.kind is not Kind.JSON and field.name not in WORDS
    )


def sortable(model: Any, fields: FieldSet) -> tuple[str, ...]:
    """Return the names of the fields a list can be ordered by."""
    return tuple(
        field.name
        for field in fields.values()
        if not field.custom and field.kind not in UNORDERED and field.name in inspect(model).column_attrs
    )


def columns_of(model: Any, fields: FieldSet) -> tuple[str, ...]:
    """Return the columns that hold what is shown."""
    columns = {*model.resource.api.show} & {*inspect(model).column_attrs.keys()}
    return tuple(sorted(name for name in columns if name in fields or name == "custom_fields"))


def sort_of(model: Any, fields: FieldSet, asked_for: str | None) -> str:
    """Return the order asked for, or that of the declaration. Raises Invalid."""
    order = str(model.resource.order) if asked_for is None else asked_for
    if asked_for is not None and order.removeprefix("-") not in sortable(model, fields):
        names = ", ".join(sortable(model, fields))
        raise Invalid.one(
            "sort", "not_an_option", _("Sort by one of: %(names)s; with - in front, descending.", names=names)
        )
    return order


def _where(model: Any, fields: FieldSet, filters: list[Asked]) -> Any:
    try:
        tree = tree_of(filters)
        return where(tree, fields, model) if tree is not None else None
    except Invalid as problem:
        raise Invalid(_named(problem.errors, filters)) from problem


def _named(errors: Iterable[FieldError], filters: list[Asked]) -> Iterator[FieldError]:
    """Yield the errors of filters, told by place in a tree or by field, under their parameters."""
    parameters = {one.field.name: one.parameter for one in reversed(filters)}
    for error in errors:
        place = PATH.fullmatch(error.field)
        name = filters[int(place[1])].parameter if place else parameters.get(error.field, error.field)
        yield FieldError(name, error.code, error.message)


def limit_of(raw: str) -> int:
    """Return how many rows a page is to have. Raises Invalid."""
    if raw.isascii() and raw.isdecimal() and 1 <= int(raw[:9]) <= MOST:
        return int(raw)
    raise Invalid.one("limit", "not_a_number", _("Write a number from 1 to %(most)s.", most=MOST))


def _yes(name: str, raw: str) -> bool:
    if raw in {"0", "1"}:
        return raw == "1"
    raise Invalid.one(name, "not_a_boolean", _("Write 1 or 0."))


def _refuse_unreadable(pairs: Iterable[tuple[str, str]]) -> None:
    errors = [
        FieldError(
            name.replace("\0", ""),
            "malformed",
            _("This parameter is too long or holds unreadable characters."),
        )
        for name, value in pairs
        if "\0" in name or "\0" in value or len(value) > LONGEST
    ]
    if errors:
        raise Invalid(errors)
