"""What an export holds: the rows a list shows and every column its reader may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, inspect
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.access import Actor, hidden, scope_of
from app.core.declare import Can, Scope
from app.fields import Audience, FieldSet
from app.generate import listing
from app.generate.columns import expand, label_of, seen_by
from app.generate.lists import order_of, tree_in
from app.services.exchange import Column


@dataclass(frozen=True)
class Sheet:
    """The rows, as a statement, and the columns."""

    statement: Select[Any]
    columns: tuple[Column, ...]


def sheet_of(
    session: Session, actor: Actor, model: Any, view: MultiDict[str, str], zone: dt.tzinfo = dt.UTC
) -> Sheet:
    """Return what `actor` exports of the list at the address with the parameters `view`.

    Columns chosen there are those of the file; else all that may be seen. Days asked for are those of `zone`.
    Raises Invalid.
    """
    fields = seen_by(session, actor, model)
    question = listing.Question(
        order=order_of(model, fields, view.get("sort")),
        tree=tree_in(session, actor, model, fields, view, zone),
        q=view.get("q", ""),
    )
    question = listing.unhidden(actor, model, question)
    statement = listing.filtered(session, actor, model, fields, question)
    columns = tuple(_columns(actor, model, fields, view.getlist("columns")))
    return Sheet(statement.order_by(*listing.order(model, question)), columns)


def _columns(actor: Actor, model: Any, fields: FieldSet, chosen: list[str]) -> Iterator[Column]:
    resource = model.resource
    every = dict.fromkeys((*resource.columns, *resource.show, *resource.form, *resource.create))
    possible = expand(fields, every, hidden(actor, model))
    names = dict.fromkeys(("id", "version", *([name for name in possible if name in chosen] or possible)))
    for name in names:
        if name not in fields and "." in name:
            if not _sees_all(actor, model, name):
                continue
            yield Column(name, _path_label(model, fields, name))
        elif name in fields and fields[name].visible_to(Audience.AGENT):
            yield Column(name, fields[name].label, fields[name])


def _sees_all(actor: Actor, model: Any, path: str) -> bool:
    """Tell whether every row that `path` leads to is the actor's to see; else its number alone is told."""
    target = inspect(model).relationships[path.partition(".")[0]].mapper.class_
    return scope_of(actor, Can.READ, target) is Scope.ALL


def _path_label(model: Any, fields: FieldSet, path: str) -> str:
    """Return what a path is called, unlike the foreign key that leads there: "Team: name"."""
    return f"{label_of(model, fields, path)}: {path.partition('.')[2]}"


def view_of(arguments: Mapping[str, list[str]]) -> MultiDict[str, str]:
    """Return the parameters of an address as they were kept in a job."""
    return MultiDict([(name, value) for name, values in arguments.items() for value in values])
