"""Answers with many rows: of a resource, of what belongs to one row, or found by criteria."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, request
from jsonschema import Draft202012Validator
from sqlalchemy import and_, true

from app.access import SYSTEM, Actor, require
from app.core.declare import Can
from app.core.errors import Invalid, Malformed
from app.core.extensions import db
from app.criteria import where
from app.fields import Audience, FieldSet
from app.fields.refusal import error
from app.generate import listing
from app.generate.listing import Question
from app.generate.rest.answers import answer
from app.generate.rest.faces import find, key_of, shown
from app.generate.rest.intake import json_object, told
from app.generate.rest.nested import Nested
from app.generate.rest.query import LIMIT, LONGEST, MOST, columns_of, query_of, sort_of

SEARCH: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "criteria": {"type": "object", "description": "A tree of conditions: all, any, not."},
        "q": {"type": "string", "maxLength": LONGEST},
        "sort": {"type": "string", "maxLength": LONGEST},
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
        "cursor": {"type": "string", "maxLength": LONGEST},
        "total": {"type": "boolean", "default": False},
    },
}
"""The body of a search, as the document shows it and as it is checked."""
_SEARCH = Draft202012Validator(SEARCH)


def of_resource(actor: Actor, model: Any) -> Response:
    """Return the rows of `model` that the address asks for and the actor may see."""
    require(actor, Can.READ, model)
    fields = shown(db.session(), actor, model)
    return _page(actor, model, fields, _asked(model, fields))


def of_row(actor: Actor, nested: Nested, key: str) -> Response:
    """Return what belongs to one row. Who may see the row may see it, unless it has grants of its own."""
    session = db.session()
    row = find(session, actor, nested.parent, key)
    if nested.own_grants:
        require(actor, Can.READ, nested.model)
    fields = shown(session, actor, nested.model)
    question = _asked(nested.model, fields)
    belongs = getattr(nested.model, nested.column) == key_of(row)
    all_of_it = and_(belongs, true() if question.where is None else question.where)
    reader = actor if nested.own_grants else SYSTEM
    return _page(reader, nested.model, fields, replace(question, where=all_of_it))


def of_search(actor: Actor, model: Any) -> Response:
    """Return the rows that meet the criteria of the body."""
    require(actor, Can.READ, model)
    fields = shown(db.session(), actor, model)
    try:
        return _page(actor, model, fields, _search(model, fields, json_object()))
    except Invalid as problem:
        raise told(problem) from problem


def _asked(model: Any, fields: FieldSet) -> Question:
    try:
        return query_of(model, fields, request.args.items(multi=True))
    except Invalid as problem:
        raise told(problem) from problem


def _search(model: Any, fields: FieldSet, body: dict[str, Any]) -> Question:
    _refuse(body)
    return Question(
        order=sort_of(model, fields, body.get("sort")),
        q=body.get("q", ""),
        cursor=body.get("cursor"),
        limit=int(body.get("limit", LIMIT)),  # 50.0 is an integer to JSON Schema
        columns=columns_of(model, fields),
        audience=Audience.API,
        where=where(body.get("criteria", {}), fields, model),
        counted=body.get("total", False),
    )


def _refuse(body: dict[str, Any]) -> None:
    unknown = sorted(set(body) - set(SEARCH["properties"]))
    if unknown:
        raise Malformed([error(name, "unknown_field") for name in unknown])
    wrong = [str(found.absolute_path[0]) for found in _SEARCH.iter_errors(body)]
    wrong += [name for name in ("q", "sort", "cursor") if "\0" in str(body.get(name, ""))]
    if wrong:
        raise Invalid([error(name, "not_structured") for name in wrong])


def _page(actor: Actor, model: Any, fields: FieldSet, question: Question) -> Response:
    try:
        page = listing.page_of(db.session(), actor, model, fields, question)
    except Invalid as problem:
        raise told(problem) from problem
    body: dict[str, Any] = {"data": [fields.dump(row) for row in page.rows], "next": page.next}
    if question.counted:
        count = listing.count(db.session(), model, page)
        body |= {"total": min(count, listing.CAP), "total_capped": count > listing.CAP}
    return answer(body)
