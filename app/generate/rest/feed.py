"""`GET /changes`: what happened, in order, for programs that fetch rather than listen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask import Response, request
from flask_appbuilder.api import BaseApi, expose
from sqlalchemy.orm import Session

from app.access import Actor
from app.core.errors import FieldError, Invalid, Malformed
from app.core.extensions import db
from app.core.i18n import _
from app.fields import settings_of
from app.fields.refusal import error
from app.generate.rest.answers import answer
from app.generate.rest.auth import caller
from app.generate.rest.intake import told
from app.generate.rest.parts import IF_NONE_MATCH, Part, json_answer, problems, reference, unchanged
from app.generate.rest.query import LIMIT, LONGEST, MOST, limit_of
from app.services import changes, tries
from app.services.changes import Place

PATH, TABLE = "/api/v1/changes", "changes"
STARTS = ("oldest", "now")
TYPES = 50
"""Types that one request may name."""
MEANT = {
    "cursor": _("What stood under next before."),
    "start": _("Where to begin without a cursor: with the oldest that is kept, or from now on."),
    "type": _("Only these types."),
    "limit": _("Events of a page."),
}
WORDS = tuple(MEANT)


class ChangesApi(BaseApi):
    """The events that webhooks are told of, to be fetched page by page."""

    route_base = PATH
    class_permission_name = TABLE

    @expose("", methods=["GET"])
    def list(self) -> Response:
        """Answer the next events behind a cursor."""
        return feed(db.session(), caller(), request.args)


def feed(session: Session, actor: Actor, arguments: Mapping[str, str]) -> Response:
    """Return the next events of the types the actor may read. Raises Invalid, Malformed, Conflict."""
    unknown = sorted(set(arguments) - {*WORDS})
    if unknown:
        text = _("There is no parameter of this name.")
        raise Malformed([FieldError(name.replace("\0", ""), "unknown_parameter", text) for name in unknown])
    types, limit = _types(actor, arguments.get("type")), limit_of(arguments.get("limit", str(LIMIT)))
    place = _place(session, arguments)
    passage = changes.after(session, place, types, limit)
    data = [tries.message_of(event).content for event in passage.events]
    return answer({"data": data, "next": passage.place.write(), "more": passage.more})


def description(actor: Actor) -> Part:
    """Return the operation as the document tells it, with the types the actor may read."""
    types = list(changes.told_to(actor))
    schemas: dict[str, Part] = {
        "cursor": {"type": "string", "minLength": 1, "maxLength": LONGEST},
        "start": {"type": "string", "enum": [*STARTS], "default": STARTS[0]},
        "type": {
            "type": "array",
            "items": {"type": "string", "enum": types},
            "minItems": 1,
            "maxItems": TYPES,
        },
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
    }
    lists = {"style": "form", "explode": False}
    return {
        "operationId": f"{TABLE}.list",
        "tags": [TABLE],
        "summary": str(_("What happened, in order, behind a cursor")),
        "parameters": [
            {
                "name": name,
                "in": "query",
                "schema": schemas[name],
                "description": str(MEANT[name]),
                **(lists if name == "type" else {}),
            }
            for name in WORDS
            if types or name != "type"
        ]
        + [IF_NONE_MATCH],
        "responses": {"200": json_answer(_("The next events"), reference("schemas", "Changes"), "ETag")}
        | unchanged()
        | problems(400, 403, 409, 422),
    }


CHANGES: Part = {
    "type": "object",
    "required": ["data", "next", "more"],
    "additionalProperties": False,
    "properties": {
        "data": {"type": "array", "maxItems": MOST, "items": reference("schemas", "Change")},
        "next": {"type": "string", "description": "The cursor behind what was answered; keep it."},
        "more": {"type": "boolean", "description": "There are more by now: read on at once."},
    },
}
CHANGE: Part = {
    "type": "object",
    "description": "As a webhook is told it; each type has a schema of its own under webhooks.",
    "required": ["type", "timestamp", "sequence", "data"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string"},
        "timestamp": {"type": "string", "format": "date-time"},
        "sequence": {"type": "integer"},
        "data": {
            "type": "object",
            "required": ["object", "actor"],
            "properties": {"object": {"type": "object"}, "actor": {"type": "string"}},
        },
    },
}


def _types(actor: Actor, given: str | None) -> list[str]:
    known = changes.told_to(actor)
    wanted = given.split(",") if given is not None else [*known]
    if given is not None and len(wanted) > TYPES:
        raise Invalid([error("type", "too_many", maximum=TYPES)])
    if given is None or set(wanted) <= set(known):
        return wanted
    text = _("Choose among those you may read: %(names)s.", names=", ".join(known) or "–")
    raise Invalid.one("type", "not_an_option", text)


def _place(session: Session, arguments: Mapping[str, str]) -> Place | None:
    if arguments.get("start", STARTS[0]) not in STARTS:
        names = ", ".join(STARTS)
        raise Invalid.one("start", "not_an_option", _("Choose one of these: %(options)s.", options=names))
    if "cursor" not in arguments:
        return changes.start(session) if arguments.get("start") == "now" else None
    if "start" in arguments:
        text = _("A cursor says where to start. Leave this out.")
        raise Malformed([FieldError("start", "malformed", text)])
    try:
        return Place.read(arguments["cursor"], dt.timedelta(days=settings_of(session).event_days))
    except Invalid as problem:
        raise told(problem) from problem
