"""What comes in: a bounded JSON object, checked by the same schema that the document shows."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any

import orjson
from flask import g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import UnsupportedMediaType

from app.core.errors import FieldError, Invalid, Malformed
from app.core.i18n import _
from app.fields import CUSTOM, Audience, FieldSet, Kind, Purpose, check_json, columns_of, fields_of
from app.fields.document import flat
from app.fields.refusal import error
from app.generate.rest.calls import redacted
from app.models import by_table
from app.services.asking import not_told, so_far, unasked

LARGEST = 1024 * 1024
DEEPEST = 32
TYPES = frozenset({"application/json", "application/merge-patch+json"})
MALFORMED = frozenset({"unknown_field", "unknown_parameter", "unknown_operator", "malformed"})
"""Codes of what no value could make right: the request itself is wrong, which is 400 and not 422."""


def values_of(session: Session, fields: FieldSet, purpose: Purpose, row: Any | None = None) -> dict[str, Any]:
    """Return the body as values for a service, for a new row or for a change of `row`.

    Raises what `json_object` and `typed_of` raise.
    """
    return typed_of(session, fields, json_object(fields), purpose, row)


def typed_of(
    session: Session, fields: FieldSet, body: dict[str, Any], purpose: Purpose, row: Any | None = None
) -> dict[str, Any]:
    """Return members as values for a service. Those whose condition does not hold are not read.

    Raises Invalid, which is Malformed where a member is not there.
    """
    asked = _asked(session, fields, body, row)
    try:
        typed = check_json(asked, _without(body, fields.keys() - asked.keys()), Audience.API, purpose)
    except Invalid as problem:
        raise told(problem) from problem
    if purpose is Purpose.CREATE:
        typed = {
            name: value
            for name, value in typed.items()
            if value is not None or fields[name].kind is not Kind.JSON
        }
    return columns_of(fields, typed)


def _asked(session: Session, fields: FieldSet, body: dict[str, Any], row: Any | None) -> FieldSet:
    model = by_table(fields.table)
    every = fields_of(session, model)
    hidden = unasked(every, so_far(every, model, row, flat(body)), not_told(session, model))
    return fields.pick(tuple(name for name in fields if name not in hidden)) if hidden else fields


def _without(body: dict[str, Any], names: AbstractSet[str]) -> dict[str, Any]:
    if not names:
        return body
    kept = {name: value for name, value in body.items() if name not in names}
    if isinstance(custom := kept.get(CUSTOM), dict):
        kept[CUSTOM] = {key: value for key, value in custom.items() if f"{CUSTOM}.{key}" not in names}
    return kept


def json_object(fields: FieldSet | None = None) -> dict[str, Any]:
    """Return the body, a JSON object; `fields` say which of its values may stand in the log of calls.

    Raises Malformed, UnsupportedMediaType, RequestEntityTooLarge.
    """
    request.max_content_length = LARGEST
    if request.mimetype not in TYPES:
        raise UnsupportedMediaType(_("Send the body as application/json."))
    try:
        body = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as mistake:
        raise _malformed(_("The body is not JSON: %(mistake)s.", mistake=mistake.msg)) from mistake
    if not isinstance(body, dict):
        raise _malformed(_("The body must be a JSON object."))
    if _deeper(body, DEEPEST):
        raise _malformed(_("The body is nested too deep."))
    g.api_payload = redacted(body, fields)
    return body


def refuse_body() -> None:
    """Refuse what was sent to a verb that takes nothing; an empty object is nothing."""
    if request.content_length and json_object():
        raise Malformed([error(name, "unknown_field") for name in json_object()])


def told(problem: Invalid) -> Invalid:
    """Return `problem` as what it is to an API: Malformed if the request itself is wrong."""
    return Malformed(problem.errors) if any(one.code in MALFORMED for one in problem.errors) else problem


def _malformed(message: Any) -> Malformed:
    return Malformed([FieldError("", "malformed", message)], message)


def _deeper(value: Any, left: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    members = value.values() if isinstance(value, dict) else value
    return left == 0 or any(_deeper(member, left - 1) for member in members)
