"""`POST /<table>/import`: the body is a file of rows, read by the job that is answered.

Columns are called as members are in the API. Those that cannot be written (`created_at` of an export) are
left out; one that names no member at all is refused, before anything is done. With `dry_run=true` nothing is
done either: the first lines are tried out, and it is answered how that went.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import UnsupportedMediaType

from app.access import Actor, require
from app.adapters import storage
from app.core.declare import Can
from app.core.errors import FieldError, Invalid, Malformed
from app.core.i18n import _
from app.fields import FieldSet, fields_of, settings_of
from app.fields.refusal import error
from app.generate import forms
from app.generate.exchange.plan import importable, keys_of, plan_of
from app.generate.rest.faces import offered, shown, writable
from app.models.jobs import Job, JobKind
from app.services import exchange, files, jobs
from app.services.exchange.load import ID, VERSION

TYPES = {"text/csv": "csv", "application/json": "json"}
"""Media types of a file, and how a file of it ends."""
KEY = "key"
"""The parameter that names the member by which a row is found that is there already."""
DRY_RUN, YES, NO = "dry_run", "true", "false"
"""The parameter that asks how it would go, and what it may say."""
FAILURE = ("position", "label", "field", "code", "message")
"""What is told of a line that would be refused, called as in the failures of a job."""


def is_offered(model: Any) -> bool:
    """Tell whether rows of `model` can be imported: as a form adds them, and the API too."""
    return Can.ADD in offered(model) and bool(model.resource.form)


def largest(session: Session) -> int:
    """Return how many bytes a file may have."""
    return settings_of(session).upload_mb * files.MEGABYTE


def taken(session: Session, actor: Actor, model: Any) -> FieldSet:
    """Return the fields that `actor` may import."""
    fields = importable(session, actor, model)
    return fields.pick(tuple(name for name in fields if name in writable(session, actor, model)))


def keys(session: Session, actor: Actor, model: Any) -> tuple[str, ...]:
    """Return by which members a row can be found."""
    return keys_of(taken(session, actor, model), model)


@dataclass(frozen=True)
class Upload:
    """The file that a request holds, and how it is to be read."""

    content: io.BytesIO
    name: str
    columns: tuple[str, ...]
    total: int
    mapping: dict[str, str]
    key: str | None

    @classmethod
    def of(cls, session: Session, actor: Actor, model: Any) -> Upload:
        """Return what the request holds.

        Raises Forbidden, NotFound, Malformed, Invalid, UnsupportedMediaType, RequestEntityTooLarge.
        """
        require(actor, Can.ADD, model)
        form = TYPES.get(request.mimetype)
        if form is None:
            raise UnsupportedMediaType(_("Send the body as %(types)s.", types=", ".join(TYPES)))
        request.max_content_length = largest(session)
        content, name = io.BytesIO(request.get_data()), f"{model.__tablename__}.{form}"
        columns, total = _looked_at(content, name)
        mapping = _mapping(session, actor, model, columns)
        return cls(content, name, columns, total, mapping, _key(session, actor, model, mapping))


def is_trial() -> bool:
    """Tell whether the request only asks how an import would go. Raises Invalid."""
    said = request.args.get(DRY_RUN, NO)
    if said not in {YES, NO}:
        raise Invalid([error(DRY_RUN, "not_an_option", options=f"{YES}, {NO}")])
    return said == YES


def tried(session: Session, actor: Actor, model: Any) -> dict[str, Any]:
    """Write the first lines of the body, take it all back, and return how it went. Raises as `begin` does."""
    upload = Upload.of(session, actor, model)
    plan = plan_of(session, actor, model, upload.mapping, key=upload.key, zone=forms.zone())
    upload.content.seek(0)
    trial = exchange.try_out(session, actor, plan, exchange.read_rows(upload.content, upload.name).lines)
    return {
        "total": upload.total,
        "tried": trial.tried,
        "done": trial.done,
        "failed": trial.tried - trial.done,
        "left_out": [name for name in upload.columns if name not in upload.mapping],
        "failures": [{name: _told(getattr(one, name)) for name in FAILURE} for one in trial.failures],
    }


def begin(session: Session, actor: Actor, model: Any) -> Job:
    """Keep the body and write down the job that reads it.

    Raises Forbidden, NotFound, Malformed, Invalid, UnsupportedMediaType, RequestEntityTooLarge.
    """
    upload = Upload.of(session, actor, model)
    where = storage.from_config(current_app.config)
    file = files.keep(session, where, actor, upload.content, name=upload.name, media_type=request.mimetype)
    said = {"file": file.id, "mapping": upload.mapping, "key": upload.key}
    return jobs.start(session, actor, JobKind.IMPORT, model, "import", arguments=said, total=upload.total)


def _told(value: Any) -> Any:
    """Return a fact of a failure as JSON can hold it: the very characters of a cell may be why it failed."""
    return value if isinstance(value, int) else str(value).encode("utf-8", "replace").decode()


def _looked_at(content: io.BytesIO, name: str) -> tuple[tuple[str, ...], int]:
    """Return the columns of a file and how many lines it has. Raises Invalid for one that cannot be read."""
    try:
        read = exchange.read_rows(content, name)
        total = sum(1 for _line in read.lines)
    except Invalid as problem:
        raise Invalid([FieldError("", one.code, one.message) for one in problem.errors]) from problem
    if not total:
        raise Invalid.one("", "required", _("There is no row in this file."))
    return read.columns, total


def _mapping(session: Session, actor: Actor, model: Any, columns: Iterable[str]) -> dict[str, str]:
    fields, every = taken(session, actor, model), fields_of(session, model)
    wanted = {ID, *fields, *((VERSION,) if VERSION in every else ())}
    known = {*wanted, *shown(session, actor, model), *every}
    unknown = [name for name in columns if name not in known]
    if unknown:
        raise Malformed([error(name.replace("\0", ""), "unknown_field") for name in unknown])
    mapping = {name: name for name in columns if name in wanted}
    if not mapping.keys() & set(fields):
        text = _("No column can be written. Name at least one of: %(names)s.", names=", ".join(fields))
        raise Invalid.one("", "required", text)
    return mapping


def _key(session: Session, actor: Actor, model: Any, mapping: dict[str, str]) -> str | None:
    unknown = sorted(set(request.args) - {KEY, DRY_RUN})
    if unknown:
        text = _("There is no parameter of this name.")
        raise Malformed([FieldError(name.replace("\0", ""), "unknown_parameter", text) for name in unknown])
    key = request.args.get(KEY)
    if key is None:
        return None
    possible = keys(session, actor, model)
    if key not in possible:
        raise Invalid([error(KEY, "not_an_option", options=", ".join(possible))])
    if key not in mapping:
        raise Invalid.one(KEY, "required", _("No column holds what rows are to be found by."))
    return key
