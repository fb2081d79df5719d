"""Every way a value comes in: each takes a kind and what was sent, and gives what was kept or what was said.

A new surface is one more function in WRITTEN (what people type) or SENT (what programs send).
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from typing import Any

import orjson
from sqlalchemy import select

from app.core.extensions import db
from app.models.jobs import JobFailure
from app.models.people import Employee
from app.models.tickets import Ticket
from tests.importing import import_file
from tests.surfaces.conftest import Desk

Said = str
Way = Callable[[Desk, str, Any], Any]
"""Gives the kept JSON of a value that was taken, else the text that refused it."""
LETTER = {"title": "Broken", "description": "All of it.", "email": "ann@example.com"}
GONE = {"priority": "medium", "status": "open"}


def typed(kind: str, sent: Any) -> Any:
    """Return what a person types to say `sent`."""
    if kind == "boolean":
        return "1" if sent else None
    return sent if isinstance(sent, str | list) else str(sent)


def said(page: str, kind: str) -> Said:
    """Return what stands beside the input of a field."""
    found = re.search(rf'id="e-custom_fields\.f_{kind}"[^>]*>(.*?)</(?:div|dd|fieldset)>', page, re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "", found[1] if found else "nothing was said")).strip()


def form(kind: str, sent: Any) -> dict[str, Any]:
    value = typed(kind, sent)
    return {} if value is None else {f"custom_fields.f_{kind}": value}


def generated_form(desk: Desk, kind: str, sent: Any) -> Any:
    answer = desk.admin.post("/admin/tickets/add", data=LETTER | {"priority": "medium"} | form(kind, sent))
    return taken(desk, kind) if answer.status_code == 302 else said(answer.text, kind)


def generated_edit(desk: Desk, kind: str, sent: Any) -> Any:
    number = desk.ticket()
    data = {"title": "Broken", "version": "1"} | GONE | form(kind, sent)
    answer = desk.admin.post(f"/admin/tickets/edit/{number}", data=data)
    return taken(desk, kind, number) if answer.status_code == 302 else said(answer.text, kind)


def inbox(desk: Desk, kind: str, sent: Any) -> Any:
    number = desk.ticket(**({"f_boolean": True} if kind == "boolean" else {}))
    data = {"fields": f"custom_fields.f_{kind}", "version": "1"} | form(kind, sent)
    answer = desk.admin.post(f"/inbox/open/{number}/change", data=data)
    return taken(desk, kind, number) if answer.status_code in (200, 302, 303) else said(answer.text, kind)


def portal(desk: Desk, kind: str, sent: Any) -> Any:
    """Post as a guest whose browser runs no script."""
    guest = f"{kind}-{desk.newest()}@example.com"
    answer = desk.guest.post("/portal/new", data=LETTER | {"email": guest} | form(kind, sent))
    return taken(desk, kind) if answer.status_code == 303 else said(answer.text, kind)


def importing(desk: Desk, kind: str, sent: Any) -> Any:
    """Import a file of one line, as a spreadsheet would hold it."""
    name, line = f"custom_fields.f_{kind}", io.StringIO()
    cell = orjson.dumps(sent).decode() if isinstance(sent, list | bool) else sent
    columns = {**LETTER, "priority": "medium", name: cell}
    csv.writer(line).writerows([columns, columns.values()])
    with desk.app.app_context():
        admin = db.session.scalars(select(Employee.id)).one()
    job = import_file(desk.app, admin, Ticket, line.getvalue(), {column: column for column in columns})
    with desk.app.app_context():
        refused = db.session.execute(
            select(JobFailure.field, JobFailure.message).where(JobFailure.job_id == job)
        ).all()
    if not refused:
        return taken(desk, kind)
    ((field, message),) = refused
    assert field == name
    return message


def rest_create(desk: Desk, kind: str, sent: Any) -> Any:
    return _called(
        desk, kind, desk.call("POST", "tickets", json=LETTER | {"custom_fields": {f"f_{kind}": sent}})
    )


def rest_patch(desk: Desk, kind: str, sent: Any) -> Any:
    body = {"custom_fields": {f"f_{kind}": sent}}
    return _called(desk, kind, desk.call("PATCH", f"tickets/{desk.ticket()}", json=body))


def _called(desk: Desk, kind: str, answer: Any) -> Any:
    if answer.status_code in (200, 201):
        return answer.json["custom_fields"][f"f_{kind}"]
    (problem,) = answer.json["errors"]
    assert problem["field"] == f"custom_fields.f_{kind}"
    return problem["message"]


def taken(desk: Desk, kind: str, number: int | None = None) -> Any:
    return desk.custom(number or desk.newest()).get(f"f_{kind}")


WRITTEN: dict[str, Way] = {
    "generated form": generated_form,
    "generated edit": generated_edit,
    "inbox": inbox,
    "portal": portal,
    "import": importing,
}
SENT: dict[str, Way] = {"REST create": rest_create, "REST patch": rest_patch}
