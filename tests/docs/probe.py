"""Run in a copy of the project: uses the new thing as people and programs would, and prints what it met."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import create_app
from app.access import SYSTEM
from app.core.extensions import db
from app.models.access import AccessGrant
from app.models.audit import AuditLog
from app.models.webhooks import Event
from app.record import act_as
from app.services import employees

EMAIL, PASSWORD = "admin@example.com", "correct horse battery staple"
GOOD, BAD = {"name": "Pumps Ltd", "email": "pumps@example.com"}, {"name": "Typo", "email": "no address"}
SCREEN, API = "/admin/suppliers", "/api/v1/suppliers"


def hire(app: Flask) -> None:
    """Make an administrator who can sign in."""
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        made = employees.add(session, SYSTEM, {"name": "Ada", "email": EMAIL, "role": "admin"})
        employees.set_password(session, employees.invite(session, made), PASSWORD)
        session.commit()


def post(client: FlaskClient, page: str, values: dict[str, str]) -> Any:
    """Fill in the form of a page."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert token is not None
    return client.post(page, data={"csrf_token": token[1], **values})


def screens(client: FlaskClient) -> dict[str, Any]:
    """Add by the form, then look at the list."""
    added = post(client, f"{SCREEN}/add", GOOD | {"name": "Grinders & Sons"})
    refused = post(client, f"{SCREEN}/add", BAD)
    listed = client.get(f"{SCREEN}/list/")
    return {
        "form": {
            "added": added.status_code,
            "refused": refused.status_code,
            "kept": "no address" in refused.text,
        },
        "list": {
            "status": listed.status_code,
            "linked": f'href="{SCREEN}/list/"' in client.get("/admin/teams/list/").text,
            "row": "Grinders &amp; Sons" in listed.text,
        },
    }


def api(client: FlaskClient) -> dict[str, Any]:
    """Add, refuse, list and describe by the API."""
    tokens = client.post("/api/v1/security/login", json={"email": EMAIL, "password": PASSWORD}).json
    assert tokens is not None
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}

    def told(address: str) -> Any:
        return client.get(address, headers=headers).json

    created, refused = (client.post(API, json=body, headers=headers) for body in (GOOD, BAD))
    errors = refused.json["errors"] if refused.json else []
    return {
        "created": created.status_code,
        "refused": [refused.status_code, [error["field"] for error in errors]],
        "names": [row["name"] for row in told(API)["data"]],
        "documented": sorted(path for path in told("/api/v1/openapi.json")["paths"] if "suppliers" in path),
    }


def traces(app: Flask) -> dict[str, Any]:
    """Look at what was written besides the rows."""
    mine = AccessGrant.table_name == "suppliers"
    with app.app_context():
        session = db.session()
        audit = select(AuditLog.action_type).where(AuditLog.object_table == "suppliers")
        events = select(Event.event_type).where(Event.object_table == "suppliers")
        return {
            "grants": session.scalar(select(func.count()).where(mine)),
            "audit": list(session.scalars(audit)),
            "events": list(session.scalars(events)),
        }


def main() -> None:
    app = create_app()
    hire(app)
    client = app.test_client()
    post(client, "/login/", {"email": EMAIL, "password": PASSWORD})
    told = {
        **screens(client),
        "api": api(app.test_client()),
        "stranger": app.test_client().get(f"{SCREEN}/list/").status_code,
        "addresses": sorted({rule.rule for rule in app.url_map.iter_rules()}),
        **traces(app),
    }
    print(json.dumps(told))


main()
