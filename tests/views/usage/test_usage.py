"""How the API is used: right sums, each leading to its calls, cheap however many there are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, func, select, text

from app import services
from app.access import SYSTEM
from app.core.clock import now
from app.core.declare import Role
from app.core.extensions import db
from app.models.keys import ApiCall, ApiKey
from app.models.people import Employee
from app.record import act_as
from app.services import employees
from app.services.usage import Span, usage

PASSWORD = "correct horse battery"
MANY = 200_000
CALLS = """
INSERT INTO api_logs
    (created_at, api_key_id, endpoint_accessed, method, response_code, duration_ms, request_payload)
SELECT
    date_trunc('second', now()) - n * interval '13 seconds',
    CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN :one ELSE :other END,
    '/api/v1/' || CASE n % 5 WHEN 0 THEN 'teams' WHEN 1 THEN 'tickets' ELSE 'tickets/<key>' END,
    CASE n % 4 WHEN 0 THEN 'POST' ELSE 'GET' END,
    (ARRAY[200, 200, 200, 201, 404, 200, 422])[1 + n % 7],
    n % 101,
    jsonb_build_object('title', repeat('x', 200))
FROM generate_series(1, :many) AS n
"""
"""About thirty days of calls."""


@pytest.fixture(scope="module")
def desk(app: Flask) -> dict[str, int]:
    """An administrator, an agent, two keys, and many calls."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        for role in (Role.ADMIN, Role.AGENT):
            values = {"name": role.value, "email": f"{role.value}@example.com", "role": role}
            person = services.add(session, SYSTEM, Employee, values)
            employees.set_password(session, employees.invite(session, person), PASSWORD)
        keys = [
            services.add(session, SYSTEM, ApiKey, {"description": name, "permissions": ["read_teams"]}).id
            for name in ("Shop", "Phone")
        ]
        session.execute(text(CALLS), {"many": MANY, "one": keys[0], "other": keys[1]})
        session.commit()
    return dict(zip(("one", "other"), keys, strict=True))


def signed_in(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    client.post("/login/", data={"email": f"{name}@example.com", "password": PASSWORD})
    return client


@pytest.fixture(scope="module")
def admin(app: Flask, desk: dict[str, int]) -> FlaskClient:
    return signed_in(app, "admin")


@pytest.fixture(scope="module", autouse=True)
def tidy(app: Flask, desk: dict[str, int]) -> None:
    """What autovacuum does by and by: the index alone then answers."""
    with app.app_context():
        url = app.config["MIGRATE_DATABASE_URL"]
        owner = create_engine(url, isolation_level="AUTOCOMMIT")
        with owner.connect() as connection:
            connection.execute(text("VACUUM ANALYZE api_logs"))
        owner.dispose()


def links(html: str) -> list[tuple[str, int]]:
    """The addresses of calls on the page, each with the figure that is said to be theirs."""
    found = []
    for row in re.findall(r"<tr role=\"row\" data-row.*?</tr>", html, re.DOTALL):
        cells = re.findall(r"<td.*?</td>", row, re.DOTALL)
        figures = [cell for cell in cells if 'data-label="Calls"' in cell]
        found.append((href(cells[0]), number(figures[0])))
        found += [
            (href(cell), number(cell)) for cell in cells if 'data-label="Failed"' in cell and "href" in cell
        ]
    found += [(unescape(a), number(b)) for a, b in re.findall(r'<dd><a href="(.*?)">(.*?)</a>', html)]
    return found


def href(cell: str) -> str:
    match = re.search(r'href="(.*?)"', cell)
    assert match is not None, cell
    return unescape(match[1])


def number(cell: str) -> int:
    return int(re.sub(r"<.*?>|,", "", cell))


@pytest.mark.parametrize("key", ["", "0", "one"])
def test_every_figure_leads_to_as_many_calls(admin: FlaskClient, desk: dict[str, int], key: str) -> None:
    answer = admin.get(f"/developers/usage?hours=1&key={desk.get(key, key)}")
    assert answer.status_code == 200
    found = links(answer.text)
    assert len(found) > 15
    for address, figure in found:
        listed = admin.get(address)
        assert listed.status_code == 200, address
        counted = re.search(r'aria-live="polite">[\d,]+–[\d,]+ of ([\d,]+)<', listed.text)
        assert counted is not None
        assert number(counted[1]) == figure, address


def test_the_sums_are_those_of_the_calls(app: Flask, desk: dict[str, int]) -> None:
    with app.app_context():
        session = db.session()
        until = now()
        first = session.scalar(select(func.min(ApiCall.created_at)))
        assert first is not None
        found = usage(session, SYSTEM, Span(first, until), "p95", "UTC")
        wrong = session.scalar(select(func.count()).where(ApiCall.response_code >= 400))
    assert (found.calls, found.failed) == (MANY, wrong)
    for rows in (found.by_key, found.by_day, found.by_code, found.by_endpoint):
        assert sum(row.calls for row in rows) == MANY
    assert sum(row.failed for row in found.by_endpoint) == sum(row.calls for row in found.failing) == wrong
    assert [row.p95 for row in found.by_endpoint] == sorted(
        (row.p95 for row in found.by_endpoint), reverse=True
    )
    assert {row.api_key_id for row in found.by_key} == {None, *desk.values()}


@pytest.mark.parametrize("path", ["", "?hours=720", "?sort=p95", "?hours=1&sort=failed"])
def test_it_asks_at_most_eight_statements(admin: FlaskClient, statements: list[str], path: str) -> None:
    admin.get("/developers/usage")
    statements.clear()
    assert admin.get(f"/developers/usage{path}").status_code == 200
    assert len(statements) <= 8, statements


@pytest.fixture
def plans(app: Flask) -> Iterator[list[str]]:
    """How the database goes about each SELECT of the log of calls."""
    told: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "FROM api_logs" in statement and not statement.startswith("EXPLAIN"):
            raw = connection.connection.cursor()
            raw.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
            told.append(json.dumps(raw.fetchone()[0]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", explain)
    yield told
    event.remove(engine, "before_cursor_execute", explain)


def test_many_calls_are_summed_up_from_the_index_alone(admin: FlaskClient, plans: list[str]) -> None:
    assert admin.get("/developers/usage?hours=24").status_code == 200
    assert len(plans) == 3
    for plan in plans:
        assert "Index Only Scan" in plan
        assert "ix_api_logs_usage" in plan
        assert "Seq Scan" not in plan


@pytest.mark.parametrize("query", ["hours=2", "sort=name", "key=x", "key=-1", "key=99999999999999999999"])
def test_what_makes_no_sense_is_refused(admin: FlaskClient, query: str) -> None:
    assert admin.get(f"/developers/usage?{query}").status_code == 400


def test_a_key_that_is_gone_has_no_calls(admin: FlaskClient) -> None:
    answer = admin.get("/developers/usage?key=999999")
    assert answer.status_code == 200
    assert "No calls in this time" in answer.text


def test_who_may_not_see_calls_has_no_such_page(app: Flask, admin: FlaskClient) -> None:
    agent = signed_in(app, "agent")
    assert agent.get("/developers/usage").status_code == 404
    assert "/developers/usage" not in agent.get("/inbox/open/").text
    assert app.test_client().get("/developers/usage").status_code == 302
    assert "/developers/usage" in admin.get("/console/api_logs/").text
