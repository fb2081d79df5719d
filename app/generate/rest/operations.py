"""The operations of one resource, as the document tells them: only those the actor may do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, may
from app.core.declare import Can
from app.core.i18n import _
from app.fields import Audience, Purpose, json_schema
from app.generate.rest import many
from app.generate.rest.faces import offered, shown, writable
from app.generate.rest.filed import file_operations
from app.generate.rest.lists import SEARCH
from app.generate.rest.nested import NESTED, SEARCHED
from app.generate.rest.operation import IDEMPOTENT, IF_MATCH, operation, schema
from app.generate.rest.parts import (
    ALWAYS,
    IF_NONE_MATCH,
    KEY,
    MERGED,
    Part,
    json_answer,
    json_body,
    list_parameters,
    problems,
    unchanged,
)
from app.generate.rest.verbs import Verb, verbs_of
from app.models.jobs import Job

ROOT = "/api/v1"
Operation = tuple[str, str, Part]
"""Path, method, description."""
WRITE = (400, 403, 404, 409, 412, 413, 415, 422)


def operations_of(session: Session, actor: Actor, model: Any) -> Iterator[Operation]:
    """Yield what `actor` may do with `model`, in the order of reading."""
    rows, row = f"{ROOT}/{model.__tablename__}", f"{ROOT}/{model.__tablename__}/{{id}}"
    for can, path, method, describe in (
        (Can.READ, rows, "get", _list),
        (Can.ADD, rows, "post", _add),
        (Can.READ, row, "get", _get),
        (Can.EDIT, row, "patch", _edit),
        (Can.DELETE, row, "delete", _delete),
    ):
        if can in offered(model) and may(actor, can, model):
            yield path, method, describe(session, actor, model)
    yield from _nested(session, actor, model)
    yield from _verbs(session, actor, model)
    if deeds := many.open_to(actor, model):
        yield f"{rows}/bulk", "post", _bulk(session, actor, model, deeds)
    yield from file_operations(session, actor, model)


Describe = Callable[[Session, Actor, Any], Part]


def _list(session: Session, actor: Actor, model: Any) -> Part:
    return operation(
        model, "list", _("List: %(things)s", things=model.resource.plural),
        parameters=[*list_parameters(model, shown(session, actor, model)), IF_NONE_MATCH],
        responses={"200": _rows(model)} | unchanged() | problems(400, 403, 404, 422),
    )  # fmt: skip


def _add(_session: Session, _actor: Actor, model: Any) -> Part:
    answer = json_answer(_("The new row"), schema(f"{model.__name__}Added"), "ETag", "Location")
    return operation(
        model, "add", _("Add: %(thing)s", thing=model.resource.title),
        parameters=[IDEMPOTENT],
        requestBody=json_body(schema(f"{model.__name__}Create")),
        responses={"201": answer} | problems(400, 403, 404, 409, 413, 415, 422),
    )  # fmt: skip


def _get(_session: Session, _actor: Actor, model: Any) -> Part:
    return operation(
        model, "get", _("Read: %(thing)s", thing=model.resource.title),
        parameters=[KEY, IF_NONE_MATCH],
        responses={"200": _row(model)} | unchanged() | problems(403, 404),
    )  # fmt: skip


def _edit(_session: Session, _actor: Actor, model: Any) -> Part:
    return operation(
        model, "edit", _("Change: %(thing)s", thing=model.resource.title),
        parameters=[KEY, IF_MATCH, IDEMPOTENT],
        requestBody=json_body(schema(f"{model.__name__}Patch"), MERGED),
        responses={"200": _row(model)} | problems(*WRITE),
    )  # fmt: skip


def _delete(_session: Session, _actor: Actor, model: Any) -> Part:
    gone = {"description": str(_("Deleted")), "headers": ALWAYS}
    return operation(
        model, "delete", _("Delete: %(thing)s", thing=model.resource.title),
        parameters=[KEY, IF_MATCH, IDEMPOTENT],
        responses={"204": gone} | problems(400, 403, 404, 409, 412, 413, 422),
    )  # fmt: skip


def _nested(session: Session, actor: Actor, model: Any) -> Iterator[Operation]:
    if not may(actor, Can.READ, model):
        return
    path = f"{ROOT}/{model.__tablename__}"
    for nested in NESTED:
        if nested.parent is model and (not nested.own_grants or may(actor, Can.READ, nested.model)):
            fields = shown(session, actor, nested.model)
            yield f"{path}/{{id}}/{nested.path}", "get", operation(
                model, nested.path, nested.summary,
                parameters=[KEY, *list_parameters(nested.model, fields), IF_NONE_MATCH],
                responses={"200": _rows(nested.model)} | unchanged() | problems(400, 403, 404, 422),
            )  # fmt: skip
    if model in SEARCHED:
        yield f"{path}/search", "post", operation(
            model, "search", _("Search by criteria"),
            requestBody=json_body(SEARCH),
            responses={"200": _rows(model)} | problems(400, 403, 404, 413, 415, 422),
        )  # fmt: skip


def _verbs(session: Session, actor: Actor, model: Any) -> Iterator[Operation]:
    for verb in verbs_of(model):
        if may(actor, verb.can, model) and verb.is_in_scope(actor):
            yield f"{ROOT}/{model.__tablename__}/{{id}}/{verb.path}", "post", _verb(session, actor, verb)


def _verb(session: Session, actor: Actor, verb: Verb) -> Part:
    said: Part = {}
    if verb.takes is not None:
        model, names, purpose = verb.takes
        said["requestBody"] = json_body(
            json_schema(writable(session, actor, model, names), Audience.API, purpose)
        )
    if verb.chooses is not None:
        said["requestBody"] = json_body(json_schema(verb.chooses(), Audience.API, Purpose.PATCH))
    answer = json_answer(
        _("Done"),
        schema(f"{verb.gives.__name__}{'Added' if verb.once else ''}"),
        "ETag",
        *(("Location",) if verb.status in {201, 202} else ()),
    )
    return operation(
        verb.model, verb.path, verb.summary,
        parameters=[KEY, IF_MATCH, IDEMPOTENT], **said,
        responses={str(verb.status): answer} | problems(*WRITE),
    )  # fmt: skip


def _bulk(session: Session, actor: Actor, model: Any, deeds: tuple[many.Many, ...]) -> Part:
    variants = [_deed(session, actor, one) for one in deeds]
    answer = json_answer(_("The job that does it"), schema(Job.__name__), "ETag", "Location")
    return operation(
        model, "bulk", _("Do one thing to many: %(things)s", things=model.resource.plural),
        parameters=[IDEMPOTENT],
        requestBody=json_body({"oneOf": variants}),
        responses={"202": answer} | problems(400, 403, 404, 413, 415, 422),
    )  # fmt: skip


def _deed(session: Session, actor: Actor, deed: many.Many) -> Part:
    """Return the body that asks for one deed: which rows, and what they are given."""
    members: Part = {"verb": {"const": deed.verb}, **many.CHOICE}
    fields = deed.fields(session, actor)
    if fields is not None and deed.takes is not None:
        whole = deed.act is None
        members["values"] = (
            schema(f"{deed.takes[0].__name__}Patch")
            if whole
            else json_schema(fields, Audience.API, deed.takes[2])
        )
    needed = ["verb", *(("values",) if "values" in members else ())]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": members,
        "required": needed,
        "oneOf": [
            {"required": ["ids"], "not": {"required": ["q"]}},
            {"required": ["criteria"]},
        ],
    }


def _rows(model: Any) -> Part:
    return json_answer(_("The rows"), schema(f"{model.__name__}List"), "ETag")


def _row(model: Any) -> Part:
    return json_answer(_("The row"), schema(model.__name__), "ETag")
