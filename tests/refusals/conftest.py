"""A desk with one row of everything, and each kind of caller on each surface."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.wrappers import Response

from app import services
from app.access import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.models.access import AccessGrant, DeskRole, RowScope, Verb
from app.models.coverage import BusinessHours, Holiday, OpenInterval, Shift
from app.models.customers import Customer
from app.models.effects import State
from app.models.jobs import Job, JobKind
from app.models.keys import ApiKey
from app.models.mails import Mail
from app.models.people import Employee
from app.models.settings import Setting
from app.models.system import Metric
from app.models.views import SavedView
from app.models.webhooks import Event
from app.record import act_as
from app.services import login_sessions
from app.views.portal.customer import remember
from tests.api.conftest import PASSWORD, furnish
from tests.importing import import_file

HALF = "half saved"
"""The name of what a deed wrote before it was refused."""


@dataclass
class Desk:
    """The application, the numbers of its rows by table, and who calls it."""

    app: Flask
    ids: dict[str, int]
    employee: FlaskClient
    customer: FlaskClient
    token: str

    def row(self, model: Any) -> Any:
        """Return the row of `model` that the desk has, whole and on its own."""
        found = db.session().get(model, self.ids[model.__tablename__])
        assert found is not None
        return found

    def api(self, method: str, path: str, **options: Any) -> Any:
        """Call the API as the administrator."""
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.employee.open(f"/api/v1/{path}", method=method, headers=headers, **options)

    def load(self, model: Any, content: str, mapping: dict[str, str], key: str | None = None) -> int:
        """Import a file as the administrator, as a worker does it; return the number of the job."""
        return import_file(self.app, self.ids["admin"], model, content, mapping, key)

    def half_saved(self) -> int:
        """How much of refused deeds was kept."""
        with self.app.app_context():
            return len(db.session().scalars(select(Metric.id).where(Metric.metric_name == HALF)).all())


@pytest.fixture(scope="module")
def desk(app: Flask) -> Desk:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        ids = furnish()
        mail = session.scalars(select(Mail)).first()
        assert mail is not None
        ids |= {"mails": mail.id, "outbox_events": session.scalars(select(Event.id)).first() or 0}
        mail.state = State.FAILED
        key = {"description": "Shop", "permissions": ["read_teams"]}
        ids["api_keys"] = services.add(session, SYSTEM, ApiKey, key).id
        role = services.add(session, SYSTEM, DeskRole, {"title": "Watcher", "name": "watcher"})
        rights = {"role_id": role.id, "table_name": "teams", "verb": Verb.READ, "rows": RowScope.ALL}
        ids |= {"roles": role.id, "grants": services.add(session, SYSTEM, AccessGrant, rights).id}
        view = {"name": "Ours", "object_table": "teams", "query": "q=x", "shared": True}
        ids["saved_views"] = services.add(session, SYSTEM, SavedView, view).id
        setting = {"name": "close_days", "value": 9}
        ids["settings"] = services.add(session, SYSTEM, Setting, setting).id
        hours = services.add(session, SYSTEM, BusinessHours, {"name": "Day", "time_zone": "UTC"}).id
        when = {"weekday": "1", "starts": "08:00", "ends": "12:00"}
        open_ = services.add(session, SYSTEM, OpenInterval, {"hours_id": hours, **when})
        free = {"hours_id": hours, "day": dt.date(2026, 12, 25), "name": "Christmas"}
        whose = {"employee_id": ids["admin"], "team_id": ids["teams"]}
        ids |= {
            "business_hours": hours,
            "business_intervals": open_.id,
            "holidays": services.add(session, SYSTEM, Holiday, free).id,
            "shifts": services.add(session, SYSTEM, Shift, whose | when).id,
        }
        job = Job(kind=JobKind.BULK, object_table="teams", verb="edit", employee_id=ids["admin"])
        session.add(job)
        session.commit()
        login = login_sessions.begin(session, session.get_one(Employee, ids["admin"]), None, "test")
        session.commit()
        customer = session.get_one(Customer, ids["customers"])
        kept = SimpleCookie(remember(Response(), customer).headers["Set-Cookie"])
    employee, outside = app.test_client(), app.test_client()
    with employee.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = login, True
    name = app.config["CUSTOMER_COOKIE_NAME"]
    outside.set_cookie(name, kept[name].value)
    said = {"email": "admin@example.com", "password": PASSWORD}
    token = app.test_client().post("/api/v1/security/login", json=said).json["access_token"]
    return Desk(app, ids | {"jobs": job.id}, employee, outside, token)


def half() -> Metric:
    """Something a deed writes before it is refused."""
    return Metric(metric_name=HALF, value={}, timestamp=now(), source="test")
