"""The fence at the start: every name in every declaration must resolve, and all mistakes are told at once."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import inspect
from sqlalchemy.dialects.postgresql import JSONB

from app import models, services
from app.core.declare import Can, Desk, Resource, Ui
from app.fields import CUSTOM
from app.fields.columns import facts_of
from app.fields.live import LISTS

RESERVED = {"resource", "metadata", "registry", "meta", "data", "errors"}
"""Names SQLAlchemy or the form library would swallow silently as attributes of a model."""


VERBS = {"add": Can.ADD, "edit": Can.EDIT, "delete": Can.DELETE}


class DeclarationError(Exception):
    """One or more declarations are wrong; the message lists every mistake with its model and name."""


def declarations(classes: Iterable[type[Any]] | None = None) -> None:
    """Raise DeclarationError unless every declaration of `classes` (all of them) holds."""
    mistakes = [
        f"{model.__name__}: {mistake}"
        for model in (models.load() if classes is None else classes)
        for mistake in _mistakes(model)
    ]
    if mistakes:
        raise DeclarationError("\n".join(["Mistakes in declarations:", *mistakes]))


def _mistakes(model: type[Any]) -> Iterator[str]:
    yield from _reserved(model)
    yield from _names(model)
    yield from _rows(model)
    yield from _criteria(model)
    yield from _lists(model)
    yield from _json(model)
    yield from _framed(model)
    yield from _titles(model)
    yield from _matters(model.resource)
    yield from _offers(model)
    yield from _service(model.resource)
    yield from _asks(model.resource)
    if model.resource.desk is not Desk.HAND and not model.resource.columns:
        yield "a screen needs columns"
    if model.resource.desk is not Desk.HAND and model.resource.menu is None:
        yield "a screen needs a menu"


def _reserved(model: type[Any]) -> Iterator[str]:
    for name in sorted({attribute.key for attribute in inspect(model).attrs} & RESERVED):
        yield f"an attribute may not be called {name!r}"
    table = getattr(model, "__table__", None)
    if table is not None and "resource" in table.columns:
        yield "a column may not be called 'resource': the declaration would hide it"


def _names(model: type[Any]) -> Iterator[str]:
    resource: Resource = model.resource
    groups: dict[str, tuple[str, ...]] = {
        "columns": resource.columns,
        "show": resource.show,
        "form": resource.form,
        "create": resource.create,
        "search": resource.search,
        "filters": resource.filters,
        "order": (resource.order_column,),
        "label": (resource.label,) if resource.label else (),
        "audit": resource.audit,
        "api.show": resource.api.show if resource.api else (),
        "api.write": resource.api.write if resource.api else (),
        "allow.hide": tuple(name for grant in resource.allow.values() for name in grant.hide),
    }
    for group, names in groups.items():
        yield from (
            f"{group} names {name!r}, which is not there" for name in names if not _resolves(model, name)
        )
    for name in resource.inline:
        if name not in inspect(model).relationships:
            yield f"inline names {name!r}, which is not a relationship"
    for name in {*resource.nested} - {*resource.inline}:
        yield f"nested names {name!r}, which is not in inline"


def _rows(model: type[Any]) -> Iterator[str]:
    rows = model.resource.rows
    for word in ("owner", "team", "customer", "key", "shared", "internal"):
        path = getattr(rows, word)
        if path and not _resolves(model, path):
            yield f"rows.{word} leads to {path!r}, which is not there"


def _criteria(model: type[Any]) -> Iterator[str]:
    """Criteria are built on the screen of what they ask about, so it must have one."""
    managed = {one.__tablename__ for one in models.load() if one.resource.desk is Desk.MANAGE}
    for attribute in inspect(model).column_attrs:
        column, facts = attribute.columns[0], facts_of(attribute)
        if facts is None or facts.criteria is None:
            continue
        if not isinstance(column.type, JSONB):
            yield f"criteria of {attribute.key!r} need a JSONB column"
        if facts.criteria.of not in managed and facts.criteria.of not in inspect(model).column_attrs:
            yield f"criteria of {attribute.key!r} ask about {facts.criteria.of!r}, which is no managed table"


def _lists(model: type[Any]) -> Iterator[str]:
    for attribute in inspect(model).column_attrs:
        facts = facts_of(attribute)
        if facts is not None and facts.options is not None and facts.options not in LISTS:
            yield f"{attribute.key} has its options from {facts.options!r}, which is no list"


def _json(model: type[Any]) -> Iterator[str]:
    """Nobody types JSON: a column of it that a form asks for says how it is formed."""
    asked = {*model.resource.form, *model.resource.create} - {CUSTOM}
    for attribute in inspect(model).column_attrs:
        facts = facts_of(attribute)
        if attribute.key in asked and isinstance(attribute.columns[0].type, JSONB) and not _is_formed(facts):
            yield f"form names {attribute.key!r}, which is JSON of no declared shape"


def _is_formed(facts: Ui | None) -> bool:
    formed = ("tags", "options", "offers", "plain", "grid", "members", "shape", "criteria")
    return facts is not None and any(getattr(facts, word) for word in formed)


def _framed(model: type[Any]) -> Iterator[str]:
    for attribute in inspect(model).column_attrs:
        framed = getattr(facts_of(attribute), "framed", False)
        if framed and model.resource.desk is not Desk.WATCH:
            yield f"{attribute.key} is framed, which takes a page of the console"


def _titles(model: type[Any]) -> Iterator[str]:
    """What a row is called stands in headings, messages and pickers: nobody can be kept from it."""
    resource: Resource = model.resource
    title = resource.name_column
    if any(title in grant.hide for grant in resource.allow.values()):
        yield f"allow.hide names {title!r}, which is what a row is called"


def _matters(resource: Resource) -> Iterator[str]:
    """What wants attention is shown by the list, so it may only ask what the list can be filtered by."""
    for matter in resource.matters:
        asked = {name.partition("[")[0] for name, _value in parse_qsl(matter.asks)} - {"sort"}
        yield from (
            f"matters ask {name!r}, which is no filter" for name in sorted(asked - {*resource.filters})
        )


def _offers(model: type[Any]) -> Iterator[str]:
    for attribute in inspect(model).column_attrs:
        name = getattr(facts_of(attribute), "offers", None)
        if name and not _is_function(name):
            yield f"{attribute.key} offers app.services.{name}, which is not there"


def _is_function(name: str) -> bool:
    try:
        return callable(services.function(name))
    except (ImportError, AttributeError):
        return False


def _service(resource: Resource) -> Iterator[str]:
    if resource.service is None:
        if resource.actions:
            yield "actions need a service"
        return
    name = f"app.services.{resource.service}"
    if importlib.util.find_spec(name) is None:
        yield f"service names {name}, which is not there"
        return
    module = importlib.import_module(name)
    yield from (
        f"single names {verb!r}, which is no action" for verb in {*resource.single} - {*resource.actions}
    )
    verbs = (*resource.actions, *(() if resource.desk is Desk.WATCH else _granted(resource)))
    yield from (f"{name} has no {verb}()" for verb in verbs if not callable(getattr(module, verb, None)))


def _asks(resource: Resource) -> Iterator[str]:
    yield from (
        f"asks names {verb!r}, which is no action" for verb in resource.asks if verb not in resource.actions
    )
    for verb, ask in resource.asks.items():
        if (ask.choices is None) is (ask.offers is None):
            yield f"asks of {verb!r} need either choices or offers"
        elif ask.offers and not _is_function(ask.offers):
            yield f"asks of {verb!r} offer app.services.{ask.offers}, which is not there"
    if resource.asks and resource.desk is not Desk.MANAGE:
        yield "asks need a screen where things are managed"


def _granted(resource: Resource) -> Iterator[str]:
    """Yield the verbs somebody may use, which the service must therefore have."""
    granted = reduce(or_, (grant.can for grant in resource.allow.values()), Can.NOTHING)
    yield from (verb for verb, can in VERBS.items() if can in granted)


def _resolves(model: type[Any], path: str) -> bool:
    *relations, last = path.split(".")
    for relation in relations:
        mapper = inspect(model)
        if relation not in mapper.relationships:
            return False
        model = mapper.relationships[relation].mapper.class_
    return last in inspect(model).column_attrs
