"""A small demo desk with a row in every table that a screen shows, for tests that only look."""

from __future__ import annotations

import pytest
from flask import Flask, current_app
from playwright.sync_api import Page
from sqlalchemy import func, select

from app import services
from app.access import SYSTEM
from app.adapters import audit_keys
from app.core.clock import now
from app.core.extensions import db
from app.demo import desk
from app.demo.people import PASSWORD
from app.models.effects import State
from app.models.jobs import Job, JobKind, JobState
from app.models.keys import ApiCall
from app.models.system import IndexKind, IndexOptimization, Metric, Schedule
from app.models.tickets import Status, Ticket
from app.models.views import SavedView
from app.models.webhooks import Delivery, Event
from app.record import act_as
from app.services import api_keys, archives, audit, tickets, webhooks

TICKETS = 12
RECEIVER = "https://example.com/hook"


def build(app: Flask) -> None:
    """Make the desk in the application's database."""
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk, "TICKETS", TICKETS)
        desk.build(db.session(), seed=7)
        act_as(db.session(), SYSTEM, source="test")
        watched_rows()
        db.session.commit()


def watched_rows() -> None:
    """Add what a desk has after some days of work with programs that call it and are called."""
    session = db.session()
    session.info["published"] = True
    written = {"email": "customer@example.com", "title": "Where is my parcel?", "category": "orders"}
    tickets.add(session, SYSTEM, written | {"description": "It should have come on Monday."})
    key = api_keys.add(session, SYSTEM, {"description": "Shop", "permissions": ["create_tickets"]})
    hook = webhooks.add(session, SYSTEM, {"url": RECEIVER, "event_types": ["*"]})
    event = session.scalar(select(func.max(Event.id)))
    kept = {"name": "Oldest first", "object_table": "tickets", "shared": True}
    services.add(session, SYSTEM, SavedView, kept | {"query": "status=new,open,pending&sort=created_at"})
    told = {
        "state": State.DONE,
        "done_at": now(),
        "response_code": 200,
        "response_excerpt": "ok",
        "duration_ms": 12,
    }
    session.add_all(
        [
            Delivery(webhook_id=hook.id, event_id=event, attempt=1, **told),
            ApiCall(
                api_key_id=key.id, endpoint_accessed="/api/v1/tickets", request_payload={"title": "…"},
                response_code=201, method="POST", duration_ms=9, request_id="a1", ip="127.0.0.1",
            ),
            Metric(metric_name="queue_wait", value={"p50": 3}, timestamp=now(), source="worker"),
            Job(kind=JobKind.EXPORT, object_table="tickets", verb="csv", state=JobState.DONE, done=3),
            IndexOptimization(kind=IndexKind.INDEX, name="ix_tickets_tags", definition="CREATE INDEX …"),
        ]
    )  # fmt: skip
    session.flush()
    audit.seal_now(session, audit_keys.from_config(current_app.config))
    if not session.scalar(select(Schedule.id).limit(1)):
        session.add(Schedule(name="metrics", every_seconds=60, next_at=now()))
    ended = select(Ticket).where(Ticket.status == Status.RESOLVED).order_by(Ticket.id).limit(1)
    archives.take(session, SYSTEM, session.scalars(ended).one(), "retention")


def sign_in(page: Page, path: str, email: str) -> None:
    """Sign somebody in at the desk's or the portal's door."""
    page.goto(path)
    page.locator("[name=email]").first.fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.is-primary").first.click()
    page.wait_for_url(lambda url: not url.partition("?")[0].endswith(path))
