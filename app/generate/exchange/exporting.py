"""Exports of any list: a short one is sent at once, a long one is a job whose file waits to be fetched."""

from __future__ import annotations

import tempfile
from typing import Any

from flask import redirect, render_template, request, send_file
from flask_babel import format_decimal
from sqlalchemy import func, literal, select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.core.clock import now
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.i18n import Text, _
from app.generate import forms, pages
from app.generate.addresses import with_query
from app.generate.exchange.sheet import Sheet, sheet_of
from app.generate.identity import current_actor
from app.models.jobs import JobKind
from app.record import log
from app.services import exchange, jobs
from app.services.exchange import Format

AT_ONCE = 2000
"""Rows sent within the request; more are a job's."""
LABELS: dict[str, Text] = {
    "csv": _("CSV, for any program"),
    "xlsx": _("Excel workbook"),
    "json": _("JSON, for developers"),
}
LEFT_OUT = frozenset({"cursor", "size", "csrf_token"})


def actions(base: str, arguments: MultiDict[str, str]) -> tuple[pages.Action, ...]:
    """Return the exports of what a list with these parameters shows; `base` is where its screen stands."""
    state = list(_view(arguments).items(multi=True))
    return tuple(
        pages.Action(label=label, url=with_query(f"{base}/export/{name}", state), icon="download")
        for name, label in LABELS.items()
    )


def export(model: Any, base: str, list_url: str, name: str) -> str | Response:
    """Answer an export: the file, the question whether to begin a long one, or the way to its job."""
    if name not in exchange.FORMATS:
        raise NotFound
    session, actor, view = db.session(), current_actor(), _view(request.args)
    sheet = sheet_of(session, actor, model, view, forms.zone())
    total = _count(sheet)
    if request.method == "POST":
        said = {"view": view.to_dict(flat=False)}
        job = jobs.start(session, actor, JobKind.EXPORT, model, name, arguments=said, total=total)
        session.commit()
        return redirect(f"/jobs/{job.id}")
    if total > AT_ONCE:
        return _question(model, base, list_url, name, total)
    return _send(model, sheet, exchange.FORMATS[name])


def _view(arguments: MultiDict[str, str]) -> MultiDict[str, str]:
    return MultiDict([(n, value) for n, value in arguments.items(multi=True) if n not in LEFT_OUT])


def _count(sheet: Sheet) -> int:
    one = literal(1).label("one")
    ones = sheet.statement.order_by(None).with_only_columns(one, maintain_column_froms=True).subquery()
    return db.session().scalar(select(func.count()).select_from(ones)) or 0


def _send(model: Any, sheet: Sheet, form: Format) -> Response:
    session = db.session()
    content = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    writer = form.writer(content, sheet.columns, forms.zone())
    rows = 0
    for some in exchange.chunks(session, model, sheet.statement, sheet.columns):
        writer.add(some)
        rows += some.count
    writer.end()
    content.seek(0)
    log(session, "EXPORT", model, {"format": form.name, "rows": rows})
    session.commit()
    name = f"{model.__tablename__}-{now():%Y-%m-%d}.{form.name}"
    return send_file(content, mimetype=form.media_type, as_attachment=True, download_name=name)


def _question(model: Any, base: str, list_url: str, name: str, total: int) -> str:
    things = model.resource.plural
    page = pages.ConfirmPage(
        title=_("Export: %(things)s", things=things),
        question=_(
            "These are %(number)s rows. The file is made in the background.", number=format_decimal(total)
        ),
        action_url=with_query(f"{base}/export/{name}", list(_view(request.args).items(multi=True))),
        submit_label=_("Begin"),
        cancel_url=list_url,
        crumbs=(pages.Crumb(label=things, url=list_url),),
        danger=False,
    )
    return render_template("generated/confirm.html", page=page)
