"""Who asks about a field: conditions of rules, webhooks and fields, and saved views."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl

import orjson
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from app import models
from app.core.errors import FieldError, Invalid
from app.core.i18n import Text, _
from app.criteria import operators_of, parse
from app.fields import Field, FieldSet, Refused, fields_of
from app.models.views import SavedView


def broken(session: Session, model: Any, after: FieldSet, name: str, place: str) -> list[FieldError]:
    """Return an error for each condition and saved view that asks about the field `name` of `model` and could
    not once the fields are as in `after`. Each names the thing, and what it asks in vain; they
    stand at `place`.
    """
    before = fields_of(session, model)
    found = [*_conditions(session, model, before, after), *_views(session, model, after, name)]
    return [FieldError(place, "not_possible", text) for text in found]


def _conditions(session: Session, model: Any, before: FieldSet, after: FieldSet) -> Iterator[Text]:
    for other in models.load():
        fields = fields_of(session, other)
        for field in fields.values():
            for row in _asking(session, model, other, fields, field):
                changes = field.criteria is not None and field.criteria.changes
                yield from _told(row, _new(field.read(row), before, after, changes=changes))


def _asking(session: Session, model: Any, other: Any, fields: FieldSet, field: Field) -> Iterable[Any]:
    """Return the rows of `other` whose conditions in `field` are about rows of `model`."""
    if field.criteria is None:
        return ()
    table, of = model.__tablename__, field.criteria.of
    about = getattr(other, of) == table if of in fields else literal(of == table)
    return session.scalars(select(other).where(getattr(other, field.name).is_not(None), about))


def _new(tree: Any, before: FieldSet, after: FieldSet, *, changes: bool) -> list[FieldError]:
    """Return what is wrong with a tree under the new fields, if nothing is under the present ones."""
    return [] if _wrong(tree, before, changes=changes) else _wrong(tree, after, changes=changes)


def _wrong(tree: Any, fields: FieldSet, *, changes: bool = False, me: bool = False) -> list[FieldError]:
    try:
        parse(tree, fields, root="", changes=changes, me=me)
    except Invalid as problem:
        return [*problem.errors]
    return []


def _views(session: Session, model: Any, after: FieldSet, name: str) -> Iterator[Text]:
    before = fields_of(session, model)
    for view in session.scalars(select(SavedView).where(SavedView.object_table == model.__tablename__)):
        for parameter, value in parse_qsl(view.query):
            said = _filter_errors(after[name], parameter, value)
            if parameter == "criteria":
                tree = _loaded(value)
                if not _wrong(tree, before, me=True):
                    said = _wrong(tree, after, me=True)
            yield from _told(view, said)


def _filter_errors(field: Field, parameter: str, value: str) -> list[FieldError]:
    """Return what is wrong with one filter of an address: its operator, or what it compares with."""
    named, _bracket, operator = parameter.removesuffix("]").partition("[")
    if named != field.name or operator in {"empty", "not_empty"}:
        return []
    if operator and operator not in operators_of(field.kind):
        return [FieldError(parameter, "unknown_operator", _("This field cannot be asked that."))]
    try:
        for part in value.split(","):
            field.operand(part.strip())
    except Invalid as problem:
        return [*problem.errors]
    except Refused as problem:
        return [problem.at(parameter)]
    return []


def _loaded(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}


def _told(row: Any, errors: list[FieldError]) -> Iterator[Text]:
    label = row.resource.label or next(iter(row.resource.columns))
    for error in errors[:1]:
        facts = {"thing": row.resource.title, "name": getattr(row, label), "message": error.message}
        yield _("%(thing)s “%(name)s” asks about this field: %(message)s", **facts)
