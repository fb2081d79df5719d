"""Every setting changes what the desk does: one case each, and none that nobody reads."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from app import services
from app.access import SYSTEM
from app.adapters import mail
from app.core.clock import now
from app.core.extensions import db
from app.fields.settings import ABOUT
from app.generate import locale
from app.jobs import ageing, send, upkeep
from app.models.keys import ApiCall, ApiKey
from app.models.mails import Mail
from app.models.people import Employee
from app.models.sessions import LoginSession
from app.models.system import Metric
from app.models.tickets import Status, Ticket
from app.models.webhooks import Event
from app.record import act_as, plainly
from app.services import mails, second_factor
from tests.views.settings.conftest import Desk

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
Look = Callable[[Desk], Any]


def says(words: str) -> Look:
    """Whether the portal's first page says so."""
    return lambda desk: words in desk.app.test_client().get("/portal/").text


def mailed(part: str) -> Look:
    """What a mail says that is written now."""

    def look(desk: Desk) -> Any:
        with desk.app.test_request_context():
            act_as(db.session(), SYSTEM, source="test")
            person = db.session.get_one(Employee, desk.people["agent"])
            mails.write_to(db.session(), "reset", person, path="/x")
            newest = select(getattr(Mail, part)).order_by(Mail.id.desc()).limit(1)
            return db.session.scalar(newest)

    return look


def sender(desk: Desk) -> str:
    """Who letters come from, as the worker says it to the mail server."""
    with desk.app.app_context():
        said: list[Any] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mail, "from_config", lambda *facts: said.append(facts))
            send._mailer()
        return str(mail.sender(*said[0]))


def chosen(ask: Callable[[], str]) -> Look:
    def look(desk: Desk) -> str:
        with desk.app.test_request_context("/"):
            return ask()

    return look


def offered(desk: Desk) -> list[str]:
    form = desk.client().get("/profile/").text
    return [code for code in ("en", "de") if f'<option value="{code}"' in form]


def must_prove(desk: Desk) -> bool:
    with desk.app.test_request_context():
        return second_factor.is_required(db.session(), db.session.get_one(Employee, desk.people["agent"]))


def still_in(column: str, age: dt.timedelta) -> Look:
    """Whether a session as old as that still holds."""

    def look(desk: Desk) -> bool:
        client = desk.client("agent")
        with desk.app.app_context():
            rows = LoginSession.__table__
            mine = rows.update().where(rows.c.id == select(func.max(rows.c.id)).scalar_subquery())
            db.session.connection().execute(mine.values({column: now() - age}))
            db.session.commit()
        return client.get("/profile/").status_code == 200

    return look


def kept(model: Any, column: str, age: dt.timedelta, work: Callable[[], str], **values: Any) -> Look:
    """How many rows as old as that are left after the recurring work."""

    def look(desk: Desk) -> int:
        with desk.app.app_context():
            connection = db.session.connection()
            connection.execute(model.__table__.delete())
            connection.execute(insert(model.__table__), {column: now() - age, **values})
            db.session.commit()
            work()
            left = select(func.count()).select_from(model.__table__)
            return int(db.session.scalar(left) or 0)

    return look


def measured(age: dt.timedelta, source: str) -> Look:
    """Where the value comes from that a measurement as old as that is now."""

    def look(desk: Desk) -> list[str]:
        with desk.app.app_context():
            rows = Metric.__table__
            db.session.connection().execute(rows.delete())
            value = {"metric_name": "m", "value": 1, "timestamp": now() - age, "source": source}
            db.session.connection().execute(insert(rows), value)
            db.session.commit()
            upkeep.thin_metrics()
            return list(db.session.scalars(select(rows.c.source)))

    return look


def aged(status: Status, age: dt.timedelta, work: Callable[[], str]) -> Look:
    """What became of a ticket resolved that long ago."""

    def look(desk: Desk) -> str:
        with desk.app.app_context():
            act_as(db.session(), SYSTEM, source="test")
            values = {"email": "a@b.example", "title": "x", "description": "y", "status": status}
            db.session.execute(
                insert(Ticket), {**values, "resolved_at": now() - age}, execution_options=plainly
            )
            db.session.commit()
            return work()

    return look


def upload(desk: Desk) -> int:
    lines = b"name\n" + (b"x" * 99 + b"\n") * 12_000
    head = b'--B\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
    body, kind = head + lines + b"\r\n--B--\r\n", "multipart/form-data; boundary=B"
    return desk.client().post("/admin/teams/import", data=body, content_type=kind).status_code


def limit(desk: Desk) -> str | None:
    with desk.app.test_request_context():
        act_as(db.session(), SYSTEM, source="test")
        values = {"description": "k", "permissions": ["read_teams"]}
        key = services.add(db.session(), SYSTEM, ApiKey, values).shown_once
        db.session.commit()
    answer = desk.app.test_client().get("/api/v1/teams", headers={"Authorization": f"Bearer {key}"})
    return answer.headers.get("RateLimit-Limit")


def logo(desk: Desk) -> bool:
    """Whether the portal shows a picture that is there."""
    text = desk.app.test_client().get("/portal/").text
    return "/brand/logo/" in text


DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
CASES: dict[str, tuple[Any, Look]] = {
    "name": ("Kettle", says("Kettle")),
    "accent": ("#0b7a75", mailed("body_html")),
    "logo": (None, logo),
    "greeting": ("Ask us anything.", says("Ask us anything.")),
    "languages": (("en",), offered),
    "language": ("de", chosen(locale.choose_locale)),
    "time_zone": ("Asia/Tokyo", chosen(locale.choose_zone)),
    "totp_roles": (("agent",), must_prove),
    "sign_up_open": (False, lambda desk: desk.app.test_client().get("/portal/sign-up").status_code),
    "session_hours": (24, still_in("created_at", 48 * HOUR)),
    "session_idle_hours": (1, still_in("last_seen_at", 2 * HOUR)),
    "mail_name": ("Kettle help", sender),
    "mail_address": ("help@kettle.example", sender),
    "mail_signature": ("Kettle & Co, Berlin", mailed("body_text")),
    "api_log_days": (
        7,
        kept(
            ApiCall, "created_at", 8 * DAY, upkeep.purge,
            endpoint_accessed="/x", method="GET", response_code=200, duration_ms=1,
        ),
    ),
    "metric_days": (1, measured(2 * DAY, "queue")),
    "mean_days": (30, measured(31 * DAY, "hourly mean")),
    "event_days": (
        30,
        kept(
            Event, "created_at", 31 * DAY, upkeep.purge,
            event_type="TEAM_CREATED", object_table="teams", object_id=1, payload={}, due_at=now(),
        ),
    ),
    "close_days": (2, aged(Status.RESOLVED, 3 * DAY, ageing.close_resolved)),
    "archive_days": (30, aged(Status.CLOSED, 31 * DAY, ageing.archive_closed)),
    "upload_mb": (1, upload),
    "api_rate": (77, limit),
}  # fmt: skip
"""A value that is not the default, and where the difference shows."""


def test_every_setting_has_a_case() -> None:
    assert set(CASES) == set(ABOUT)


@pytest.mark.parametrize("name", CASES)
def test_a_setting_changes_what_is_done(desk: Desk, name: str) -> None:
    value, look = CASES[name]
    before = look(desk)
    if name == "logo":
        given = {"logo": (io.BytesIO(PICTURE), "logo.png"), "name": "Frontdesk"}
        assert desk.client().post("/settings/branding", data=given).status_code == 302
    else:
        desk.set(**{name: value})
    assert look(desk) != before
    desk.set(**{name: None})
    assert look(desk) == before


def test_the_logo_is_served_to_all_and_no_other_file(desk: Desk) -> None:
    given = {"logo": (io.BytesIO(PICTURE), "logo.png"), "name": "Frontdesk"}
    desk.client().post("/settings/branding", data=given)
    number, guest = desk.now("logo"), desk.app.test_client()
    answer = guest.get(f"/brand/logo/{number}")
    assert (answer.data, answer.mimetype) == (PICTURE, "image/png")
    answer.close()
    assert guest.get(f"/brand/logo/{number + 1}").status_code != 200
    desk.set(logo=None)
    assert guest.get(f"/brand/logo/{number}").status_code != 200
