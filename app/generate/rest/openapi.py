"""The OpenAPI 3.1 document: made of the declarations and of the very schemas that check what comes in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from app import models
from app.access import Actor, may
from app.core.declare import Can
from app.core.i18n import _
from app.fields import Audience, FieldSet, Purpose, json_schema
from app.generate.desk import desk
from app.generate.rest import feed, parts
from app.generate.rest.examples import add_examples
from app.generate.rest.faces import ONCE, offered, shown, writable
from app.generate.rest.happenings import happenings, told_schemas
from app.generate.rest.links import add_links
from app.generate.rest.nested import NESTED
from app.generate.rest.operations import operations_of
from app.generate.rest.parts import Part
from app.generate.rest.verbs import verbs_of
from app.models.jobs import Job

VERSION = "1"


def openapi(session: Session, actor: Actor, base_url: str) -> Part:
    """Return the document of what `actor` may do, with the custom fields as they are now."""
    known: tuple[Any, ...] = models.load()
    served = [model for model in known if offered(model) and _any(actor, model)]
    paths: Part = {}
    for model in served:
        for path, method, operation in operations_of(session, actor, model):
            paths.setdefault(path, {})[method] = operation
    paths[feed.PATH] = {"get": feed.description(actor)}
    links = add_links(paths, {model.__tablename__: model for model in known})
    document: Part = {
        "openapi": "3.1.0",
        "info": {
            "title": f"{desk().name} REST API",
            "version": VERSION,
            "description": str(parts.DESCRIPTION),
        },
        "servers": [{"url": base_url}],
        "security": [{"bearer": []}],
        "tags": [
            *({"name": model.__tablename__, "description": str(model.resource.plural)} for model in served),
            {"name": feed.TABLE, "description": str(_("Changes"))},
        ],
        "paths": paths,
        "webhooks": happenings(actor),
        "components": {**_components(session, actor, _described(served)), "links": links},
    }
    add_examples(document)
    return document


def _any(actor: Actor, model: Any) -> bool:
    return any(can in offered(model) and may(actor, can, model) for can in Can.ALL)


def _described(served: list[Any]) -> list[Any]:
    """Return the classes whose rows the operations on `served` answer."""
    within = [nested.model for nested in NESTED if nested.parent in served]
    given = [verb.gives for model in served for verb in verbs_of(model)]
    given += [Job] if served else []
    return list(dict.fromkeys([*served, *within, *given]))


def _components(session: Session, actor: Actor, served: list[Any]) -> Part:
    schemas: Part = {
        "Problem": parts.PROBLEM,
        "FieldError": parts.FIELD_ERROR,
        "Changes": feed.CHANGES,
        "Change": feed.CHANGE,
    }
    for model in served:
        schemas |= dict(_schemas(session, actor, model))
    schemas |= told_schemas(session, actor)
    return {
        "schemas": schemas,
        "headers": parts.headers(),
        "parameters": parts.parameters(),
        "responses": parts.problem_responses(),
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
    }


def _schemas(session: Session, actor: Actor, model: Any) -> Iterator[tuple[str, Part]]:
    name, can = model.__name__, offered(model)
    read, write = shown(session, actor, model), writable(session, actor, model)
    yield name, _schema(read, Purpose.READ)
    yield f"{name}List", parts.list_of(name)
    if Can.ADD in can:
        yield f"{name}Create", _schema(write, Purpose.CREATE)
    if Can.ADD in can or model.__tablename__ in ONCE:
        yield f"{name}Added", _added(model, _schema(read, Purpose.READ))
    if Can.EDIT in can:
        yield f"{name}Patch", _schema(write, Purpose.PATCH)


def _schema(fields: FieldSet, purpose: Purpose) -> Part:
    return json_schema(fields, Audience.API, purpose)


def _added(model: Any, schema: Part) -> Part:
    """Return what is answered when a row is added: the row, and what is shown this once."""
    member, _attribute = ONCE.get(model.__tablename__, ("", ""))
    if not member:
        return schema
    return {**schema, "properties": {**schema["properties"], member: {"type": ["string", "null"]}}}
