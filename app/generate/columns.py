"""The columns of lists: those a person may see, what they are called, and what draws their cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.access import Actor, hidden, is_hidden
from app.core.i18n import Text
from app.fields import CUSTOM, Audience, FieldSet, Kind, fields_of
from app.generate import pages
from app.generate.cells import cells_of, named
from app.generate.parts import Cell
from app.models import by_table
from app.services.seen import discreet


def seen_by(session: Session, actor: Actor, model: Any) -> FieldSet:
    """Return the fields of `model` an employee may see: no other is shown, filtered nor ordered by."""
    fields, hide = fields_of(session, model), hidden(actor, model)
    names = tuple(f.name for f in fields.visible(Audience.AGENT) if not is_hidden(hide, f.name))
    seen = fields.pick(names) if len(names) < len(fields) else fields
    return discreet(session, actor, Audience.AGENT, seen)


def drawing(actor: Actor, fields: FieldSet, name: str) -> Callable[[Any], Cell]:
    """Return what draws, row by row, the cells of a column or of a dotted path over a relation."""
    if "." in name and name not in fields:
        relation, attribute = name.split(".", 1)
        related = cache(lambda row: named(row, attribute, actor))
        return lambda row: related(getattr(row, relation))
    field, draw = fields[name], cells_of(fields[name])
    return lambda row: draw(field.read(row))


def label_of(model: Any, fields: FieldSet, name: str) -> Text:
    """Return the label of a column; a path over a relation is called by its foreign key, or by its target."""
    if name in fields:
        return fields[name].label
    relation = inspect(model).relationships[name.split(".", 1)[0]]
    local = next(iter(relation.local_columns)).key
    if local in fields and local != "id":
        return fields[local].label
    title: Text = relation.mapper.class_.resource.title
    return title


def expand(fields: FieldSet, names: Iterable[str], hide: frozenset[str]) -> list[str]:
    """Return the names with custom fields in the place of `custom_fields`, without hidden ones."""
    found: list[str] = []
    for name in names:
        if name == CUSTOM:
            found += [field.name for field in fields.custom if not is_hidden(hide, field.name)]
        elif not is_hidden(hide, name) and (name in fields or _leads(fields, name)):
            found.append(name)
    return found


def _leads(fields: FieldSet, name: str) -> bool:
    """Tell whether `name` is a path over a relation whose own column may be seen."""
    if "." not in name:
        return False
    relation = inspect(by_table(fields.table)).relationships[name.split(".", 1)[0]]
    return all(column.key in fields or "ui" not in column.info for column in relation.local_columns)


def possible_columns(actor: Actor, model: Any, fields: FieldSet) -> list[str]:
    """Return every column a list can show to this person."""
    names = dict.fromkeys((*model.resource.columns, *model.resource.show))
    return [
        name
        for name in expand(fields, names, hidden(actor, model))
        if name not in fields
        or fields[name].custom
        or fields[name].kind not in {Kind.LONG_TEXT, Kind.JSON}
        or name in model.resource.columns
    ]


def columns_menu(actor: Actor, model: Any, fields: FieldSet, shown: Iterable[str]) -> pages.ColumnMenu:
    """Return every column that may be chosen, those that are shown first and in their order."""
    return _menu(model, fields, tuple(shown), tuple(possible_columns(actor, model, fields)))


@lru_cache(maxsize=512)
def _menu(
    model: Any, fields: FieldSet, shown: tuple[str, ...], possible: tuple[str, ...]
) -> pages.ColumnMenu:
    names = dict.fromkeys((*shown, *possible))
    options = (
        pages.Option(value=name, label=label_of(model, fields, name), selected=name in shown)
        for name in names
    )
    return pages.ColumnMenu(tuple(options))
