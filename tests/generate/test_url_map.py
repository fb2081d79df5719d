"""Every route of every library: as nobody, another customer, an agent outside the team, a bare key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_jwt_extended import create_access_token
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from app.access import SYSTEM
from app.core.extensions import db
from app.models.customers import Customer
from app.record import act_as
from app.services import api_keys, customers, tickets
from app.views.portal.customer import remember
from tests.generate.conftest import People

OPEN = {
    "SignInView.forgot",
    "SignInView.login",
    "SignInView.logout",
    "SignInView.set_password",
    "TokenApi.login",
    "TokenApi.refresh",
    "assets",
    "home.healthz",
    "home.readyz",
    "home.start",
    "home.theme",
    "portal.article",
    "portal.articles",
    "portal.choose_password",
    "portal.enter",
    "portal.enter_by_password",
    "portal.hints",
    "portal.home",
    "portal.look_at_sign_in",
    "portal.look_at_verification",
    "portal.make_account",
    "portal.new",
    "portal.password",
    "portal.rate",
    "portal.send",
    "portal.send_link",
    "portal.send_password_link",
    "portal.sent",
    "portal.set_password",
    "portal.sign_in",
    "portal.sign_out",
    "portal.sign_up",
    "portal.verify",
    "portal.vote",
    "static",
}
"""What a visitor may reach; each guards what lies behind it by itself (a token, a password, a limit)."""
SignIn = Callable[[str | None], FlaskClient]


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Yield every route with each of its methods."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def address(rule: Rule, values: dict[str, Any]) -> str:
    """Return the address of a rule, its blanks filled in."""
    usual = {
        "verb": "archive",
        "view": "open",
        "name": "x",
        "version": "1",
        "token": "x",
        "slug": "x",
        "key": 1,
        "pk": 1,
    }
    filled = {name: values.get(name, usual.get(name, 1)) for name in rule.arguments}
    built = rule.build({name: str(value) for name, value in filled.items()}, append_unknown=False)
    assert built is not None
    return built[1]


def test_nobody_reaches_what_is_not_open(app: Flask, sign_in: SignIn) -> None:
    client, leaks = sign_in(None), []
    for rule, method in routes(app):
        if rule.endpoint in OPEN:
            continue
        answer = client.open(address(rule, {}), method=method)
        sent_away = answer.status_code == 302 and (
            "/login/" in answer.location or "/portal/sign-in" in answer.location
        )
        if not (sent_away or answer.status_code in {401, 404, 405}):
            leaks.append((answer.status_code, method, str(rule)))
    assert leaks == []


def test_the_libraries_own_screens_do_not_exist(app: Flask) -> None:
    paths = {str(rule) for rule, _ in routes(app)}
    swept = (
        "/users",
        "/roles",
        "/resetpassword",
        "/resetmypassword",
        "/registeruser",
        "/lang",
        "/back",
        "/swagger",
        "/api/v1/menu",
    )
    assert [path for path in paths if path.startswith(swept)] == []
    assert not any("bootstrap" in path or "appbuilder" in path for path in paths)


@pytest.fixture(scope="module")
def world(app: Flask, people: People) -> dict[str, Any]:
    """A ticket of customer B in the team the agent is not in; customer A; a key with one scope."""
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        other = customers.add(session, SYSTEM, {"name": "A", "email": "a@example.com"})
        values = {"email": "b@example.com", "title": "Secret title", "description": "Secret text"}
        ticket = tickets.add(session, SYSTEM, values)
        tickets.assign(session, SYSTEM, ticket, None, team_id=people.other_team)
        key = api_keys.add(session, SYSTEM, {"description": "bare", "permissions": ["read_teams"]})
        session.commit()
        token = create_access_token(identity=people.logins["agent"])
        return {"ticket": ticket.id, "customer": other.id, "key": key.shown_once, "token": token}


KEY_OPENS = ("/api/v1/teams", "/api/v1/changes", "/api/v1/openapi.json")
"""What the scope read_teams opens: its table, its events, and the document of what it may do."""
OWN_FILES = ("/api/v1/jobs/export", "/api/v1/job_failures/export")
"""What a key may write to a file whatever its scopes: its own jobs, and what they could not do."""
TICKET_ROUTES = (
    "/admin/tickets/show",
    "/admin/tickets/edit",
    "/admin/tickets/act",
    "/inbox/<view>/<int:number>",
    "/api/v1/tickets/<key>",
)


def ticket_routes(app: Flask) -> list[tuple[Rule, str]]:
    found = [(rule, method) for rule, method in routes(app) if str(rule).startswith(TICKET_ROUTES)]
    assert len(found) >= 12
    return found


def test_an_agent_outside_the_team_finds_nothing(app: Flask, sign_in: SignIn, world: dict[str, Any]) -> None:
    client, leaks = sign_in("agent"), []
    for rule, method in ticket_routes(app):
        path = address(rule, {"pk": world["ticket"], "key": world["ticket"], "number": world["ticket"]})
        headers = {"Authorization": f"Bearer {world['token']}"} if path.startswith("/api/") else {}
        body: dict[str, Any] = (
            {"json": {"message_body": "x", "employee_id": None}}
            if path.startswith("/api/")
            else {"data": {"body": "x"}}
        )
        answer = client.open(path, method=method, headers=headers, **(body if method != "GET" else {}))
        if answer.status_code != 404 or "Secret" in answer.text:
            leaks.append((answer.status_code, method, path))
    assert leaks == []


def test_a_key_without_the_scope_is_told_which(app: Flask, world: dict[str, Any]) -> None:
    client = app.test_client()
    headers = {"Authorization": f"Bearer {world['key']}"}
    answer = client.get(f"/api/v1/tickets/{world['ticket']}", headers=headers)
    assert answer.status_code == 403
    assert "read_tickets" in answer.text
    assert client.get("/api/v1/teams", headers=headers).status_code == 200


def test_a_key_is_told_of_what_it_may_read_only(app: Flask, world: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {world['key']}"}
    answer = app.test_client().get("/api/v1/changes?limit=100", headers=headers)
    assert {event["type"].split("_")[0] for event in answer.json["data"]} <= {"TEAM"}


def test_a_key_without_scopes_of_use_reaches_no_route(app: Flask, world: dict[str, Any]) -> None:
    client, leaks = app.test_client(), []
    headers = {"Authorization": f"Bearer {world['key']}"}
    for rule, method in routes(app):
        if rule.endpoint in OPEN or str(rule).startswith(KEY_OPENS):
            continue
        answer = client.open(address(rule, {}), method=method, headers=headers)
        sent_away = answer.status_code == 302 and (
            "/login/" in answer.location or "/portal/sign-in" in answer.location
        )
        own = answer.status_code == 200 and answer.is_json and answer.json.get("data") == []
        own |= str(rule) in OWN_FILES  # of the jobs it has begun, which are none
        if not (sent_away or own or answer.status_code in {401, 403, 404, 405}):
            leaks.append((answer.status_code, method, str(rule)))
    assert leaks == []


def test_another_customer_finds_nothing(app: Flask, world: dict[str, Any]) -> None:
    client, leaks = app.test_client(), []
    with app.test_request_context():
        kept = remember(Response(), db.session().get_one(Customer, world["customer"])).headers["Set-Cookie"]
    client.set_cookie(
        app.config["CUSTOMER_COOKIE_NAME"], SimpleCookie(kept)[app.config["CUSTOMER_COOKIE_NAME"]].value
    )
    app.config["WTF_CSRF_ENABLED"] = False
    assert client.get("/portal/tickets/").status_code == 200
    for rule, method in routes(app):
        if not str(rule).startswith("/portal/tickets/<"):
            continue
        answer = client.open(
            address(rule, {"number": world["ticket"]}), method=method, data={"body": "x", "rating": "5"}
        )
        if answer.status_code != 404 or "Secret" in answer.text:
            leaks.append((answer.status_code, method, str(rule)))
    assert leaks == []
    assert client.get("/admin/teams/list/").status_code == 302
    assert client.get("/inbox/").status_code == 302
