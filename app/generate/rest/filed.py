"""Files of the API: exports and imports as the document tells them, and the download of what a job made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, send_file
from sqlalchemy.orm import Session

from app.access import Actor, may
from app.adapters import storage
from app.core.declare import Can
from app.core.errors import NotFound
from app.core.i18n import Text, _
from app.fields import Audience, Purpose, json_schema
from app.generate.rest import exporting, importing
from app.generate.rest.examples import example_of
from app.generate.rest.faces import find, offered
from app.generate.rest.operation import IDEMPOTENT, operation, schema
from app.generate.rest.parts import ALWAYS, KEY, Part, json_answer, json_body, problems
from app.models.jobs import Job
from app.services import exchange, files
from app.services.exchange.reading import flat

ROOT = "/api/v1"


@dataclass(frozen=True, kw_only=True)
class Download:
    """`GET /<parent>/{id}/<path>`: the file that `column` of the row names."""

    path: str
    parent: Any
    column: str
    summary: Text


DOWNLOADS = (
    Download(
        path="file",
        parent=Job,
        column="file_id",
        summary=_("The file that a job made: an export, or the lines that an import refused"),
    ),
)


def sent(session: Session, actor: Actor, download: Download, key: str) -> Response:
    """Return the file of a row. Raises NotFound where there is none (any more), or it is another's."""
    number = getattr(find(session, actor, download.parent, key), download.column)
    if number is None:
        raise NotFound
    file, content = files.read(session, storage.from_config(current_app.config), actor, number)
    answer = send_file(content, mimetype=file.media_type, as_attachment=True, download_name=file.name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def file_operations(session: Session, actor: Actor, model: Any) -> Iterator[tuple[str, str, Part]]:
    """Yield what `actor` may do with files of `model`: path, method, description."""
    path = f"{ROOT}/{model.__tablename__}"
    if Can.READ in offered(model) and may(actor, Can.READ, model):
        yield f"{path}/export", "post", _export(model)
        for one in DOWNLOADS:
            if one.parent is model:
                yield f"{path}/{{id}}/{one.path}", "get", _download(one)
    if importing.is_offered(model) and may(actor, Can.ADD, model):
        yield f"{path}/import", "post", _import(session, actor, model)


def _export(model: Any) -> Part:
    return operation(
        model, "export", _("Write to a file: %(things)s", things=model.resource.plural),
        parameters=[IDEMPOTENT],
        requestBody=json_body(exporting.EXPORT),
        responses={"202": _job()} | problems(400, 403, 404, 413, 415, 422),
    )  # fmt: skip


def _import(session: Session, actor: Actor, model: Any) -> Part:
    example = _line(session, actor, model)
    row = {"type": "object", "description": str(_("Members as POST takes them."))}
    rows = {"type": "array", "items": row, "minItems": 1, "maxItems": exchange.MOST, "examples": [[example]]}
    found = {"type": "string", "enum": [*importing.keys(session, actor, model)]}
    by = {
        "name": importing.KEY, "in": "query", "schema": found,
        "description": str(_("A row that has the same is changed; without, every line adds one.")),
    }  # fmt: skip
    dry = {
        "name": importing.DRY_RUN, "in": "query", "schema": {"type": "boolean", "default": False},
        "description": str(_("Only try the first lines out: nothing is written, and 200 tells how it went.")),
    }  # fmt: skip
    content = {
        "text/csv": {"schema": {"type": "string", "minLength": 1, "examples": [_csv(example)]}},
        "application/json": {"schema": rows},
    }
    return operation(
        model, "import", _("Read from a file: %(things)s", things=model.resource.plural),
        parameters=[by, dry, IDEMPOTENT],
        requestBody={"required": True, "content": content},
        responses={"200": _trial(), "202": _job()} | problems(400, 403, 404, 413, 415, 422),
    )  # fmt: skip


def _download(download: Download) -> Part:
    kinds = dict.fromkeys(one.media_type for one in exchange.FORMATS.values())
    content = {kind: {"schema": {"contentMediaType": kind}} for kind in kinds}
    whole = {"description": str(_("The file")), "headers": ALWAYS, "content": content}
    return operation(
        download.parent, download.path, download.summary,
        parameters=[KEY], responses={"200": whole} | problems(403, 404),
    )  # fmt: skip


def _job() -> Part:
    return json_answer(_("The job that does it"), schema(Job.__name__), "ETag", "Location")


def _trial() -> Part:
    """Return the answer to a trial: how many lines there are, were tried, would be done and would fail."""
    number, text = {"type": "integer", "minimum": 0}, {"type": "string"}
    failure = {"type": "object", "properties": dict.fromkeys(importing.FAILURE, text) | {"position": number}}
    members = {
        **dict.fromkeys(("total", "tried", "done", "failed"), number),
        "left_out": {"type": "array", "items": text, "description": str(_("Columns that are not written."))},
        "failures": {"type": "array", "items": failure | {"required": [*importing.FAILURE]}},
    }
    body = {"type": "object", "required": [*members], "properties": members}
    return json_answer(_("How the import would go"), body)


def _line(session: Session, actor: Actor, model: Any) -> dict[str, Any]:
    """Return a row as a file may hold it."""
    fields = importing.taken(session, actor, model)
    made = example_of({}, json_schema(fields, Audience.API, Purpose.CREATE))
    return flat(made) if made else {}


def _csv(row: dict[str, Any]) -> str:
    cells = (", ".join(map(str, value)) if isinstance(value, list) else str(value) for value in row.values())
    return f"{','.join(row)}\n{','.join(cells)}\n"
