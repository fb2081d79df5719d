"""A day in the filter of a list is one of the person's zone, also where it has 23 or 25 hours."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from werkzeug.datastructures import MultiDict

from app.access import SYSTEM
from app.core.extensions import db
from app.fields import Kind, fields_of
from app.generate import days
from app.generate.exchange import sheet_of
from app.models.people import Employee
from app.models.tickets import Ticket
from app.record import act_as
from app.services import exchange

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = "2026-03-29", "2026-10-25"
MOMENTS = {
    SPRING: (
        "2026-03-28T22:59:59",
        "2026-03-28T23:00",
        "2026-03-29T12:00",
        "2026-03-29T21:59:59",
        "2026-03-29T22:00",
    ),
    AUTUMN: (
        "2026-10-24T21:59:59",
        "2026-10-24T22:00",
        "2026-10-25T12:00",
        "2026-10-25T22:59:59",
        "2026-10-25T23:00",
    ),
}
"""Just before, first of, within, last of and just after the day in Berlin, in UTC."""
FOUND = {"is": "123", "is_not": "04", "before": "0", "lte": "0123", "gte": "1234", "after": "4"}


@pytest.fixture(scope="module")
def tickets(app: Flask) -> None:
    with app.app_context():
        for day, moments in MOMENTS.items():
            for place, moment in enumerate(moments):
                at = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)
                row = {"email": "ann@example.com", "title": f"{day} {place}", "description": "x"}
                statement = insert(Ticket.__table__).values(**row, category=day, created_at=at)
                db.session().connection().execute(statement)  # below the write path, which sets the time
        db.session.commit()


@pytest.fixture
def berliner(app: Flask, admin: FlaskClient, people: Any, tickets: None) -> FlaskClient:
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        row = db.session.scalars(select(Employee).where(Employee.email == "admin@example.com")).one()
        row.time_zone = "Europe/Berlin"
        db.session.commit()
    return admin


def places(text: str, day: str) -> str:
    return "".join(place for place in "01234" if f"{day} {place}" in text)


@pytest.mark.parametrize("day", MOMENTS)
@pytest.mark.parametrize("operator", FOUND)
def test_a_filter_by_day(berliner: FlaskClient, day: str, operator: str) -> None:
    asked = f"category={day}&created_at[{operator}]={day}"
    assert places(berliner.get(f"/admin/tickets/list/?{asked}").text, day) == FOUND[operator]


def test_a_file_and_a_selection_hold_the_rows_of_the_list(app: Flask, berliner: FlaskClient) -> None:
    asked = f"category={SPRING}&created_at[is]={SPRING}"
    assert places(berliner.get(f"/admin/tickets/export/csv?{asked}", buffered=True).text, SPRING) == "123"
    page = berliner.post("/admin/tickets/bulk/archive", data={"all": "1", "view": asked}).text
    assert places(page, SPRING) == "123"
    with app.app_context():
        session, view = db.session(), MultiDict({"category": SPRING, "created_at[is]": SPRING})
        for zone, found in ((BERLIN, "123"), (dt.UTC, "234")):
            sheet = sheet_of(session, SYSTEM, Ticket, view, zone)
            rows = [*exchange.chunks(session, Ticket, sheet.statement, sheet.columns)]
            assert places(str(rows), SPRING) == found


def test_conditions_keep_the_days_of_the_desk(berliner: FlaskClient) -> None:
    tree = f'{{"all":[{{"field":"created_at","op":"is","value":"{SPRING}"}}]}}'
    page = berliner.get("/admin/tickets/list/", query_string={"category": SPRING, "criteria": tree}).text
    assert places(page, SPRING) == "234"


def test_days_by_name_are_those_of_the_person(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.criteria.moment.now", lambda: dt.datetime(2026, 3, 28, 23, 30, tzinfo=dt.UTC))
    with app.app_context():
        field = fields_of(db.session(), Ticket)["created_at"]
        assert field.kind is Kind.DATETIME
        told = days.in_zone(field, "is", "today", BERLIN)
    assert told is not None
    assert [one["value"] for one in told["all"]] == ["2026-03-28T23:00:00+00:00", "2026-03-29T22:00:00+00:00"]


@pytest.mark.parametrize(
    ("operator", "raw"), [("within_last", "7d"), ("is", "yesterdayish"), ("is", "2026-03-29T10:00:00Z")]
)
def test_what_is_no_day_stays_as_it_was_written(app: Flask, operator: str, raw: str) -> None:
    with app.app_context():
        field = fields_of(db.session(), Ticket)["created_at"]
        assert days.in_zone(field, operator, raw, BERLIN) is None
