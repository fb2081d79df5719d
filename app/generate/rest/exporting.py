"""`POST /<table>/export`: rows as the API shows them, written to a file by a job, which is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.declare import Can
from app.core.errors import Invalid, Malformed
from app.criteria import where
from app.fields import Audience
from app.fields.refusal import error
from app.generate import listing
from app.generate.exchange import Sheet
from app.generate.rest.faces import shown
from app.generate.rest.intake import told
from app.generate.rest.query import LONGEST, sort_of
from app.models.jobs import Job, JobKind
from app.services import jobs
from app.services.exchange import FORMATS, Column

EXPORT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["format"],
    "properties": {
        "format": {"type": "string", "enum": [*FORMATS]},
        "criteria": {"type": "object", "description": "A tree of conditions: all, any, not."},
        "q": {"type": "string", "maxLength": LONGEST},
        "sort": {"type": "string", "maxLength": LONGEST},
    },
}
"""The body, as the document shows it and as it is checked."""
_EXPORT = Draft202012Validator(EXPORT)


def begin(session: Session, actor: Actor, model: Any, body: dict[str, Any]) -> Job:
    """Write down the job that `body` asks for. Raises Invalid, Malformed, Forbidden, NotFound."""
    _refuse(body)
    try:
        sheet_for(session, actor, model, body)
    except Invalid as problem:
        raise told(problem) from problem
    return jobs.start(session, actor, JobKind.EXPORT, model, body["format"], arguments={"api": body})


def sheet_for(session: Session, actor: Actor, model: Any, said: Mapping[str, Any]) -> Sheet:
    """Return the rows meant and their members, called as in the API, with the rights the actor has now.

    Raises Invalid, Forbidden, NotFound.
    """
    require(actor, Can.READ, model)
    fields = shown(session, actor, model)
    question = listing.Question(
        order=sort_of(model, fields, said.get("sort")),
        q=said.get("q", ""),
        audience=Audience.API,
        where=where(said.get("criteria", {}), fields, model),
    )
    statement = listing.filtered(session, actor, model, fields, question)
    columns = tuple(Column(field.name, field.name, field) for field in fields.values())
    return Sheet(statement.order_by(*listing.order(model, question)), columns)


def _refuse(body: Mapping[str, Any]) -> None:
    unknown = sorted(set(body) - set(EXPORT["properties"]))
    if unknown:
        raise Malformed([error(name, "unknown_field") for name in unknown])
    if "format" not in body:
        raise Invalid([error("format", "required")])
    wrong = {str(found.absolute_path[0]) for found in _EXPORT.iter_errors(body)}
    if "format" in wrong:
        raise Invalid([error("format", "not_an_option", options=", ".join(FORMATS))])
    wrong |= {name for name in ("q", "sort") if "\0" in str(body.get(name, ""))}
    if wrong:
        raise Invalid([error(name, "not_structured") for name in sorted(wrong)])
