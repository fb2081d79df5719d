"""Everybody who can ask, signed in once: three built-in roles, custom ones, keys, a customer, nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_jwt_extended import create_access_token
from sqlalchemy import NullPool, create_engine, text
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from app import models
from app.access import SYSTEM
from app.core.declare import Can, Grant, Role, Scope
from app.core.extensions import db
from app.models.access import RowScope, Verb
from app.models.customers import Customer
from app.models.teams import Membership, Team
from app.record import act_as
from app.services import api_keys, customers, employees, grants, login_sessions, roles
from app.views.portal.customer import remember
from tests.access.rows import Maker

VERBS = {Can.READ: Verb.READ, Can.ADD: Verb.ADD, Can.EDIT: Verb.EDIT, Can.DELETE: Verb.DELETE}


@dataclass
class Caller:
    """One who asks: by a browser, by the API, or by both."""

    name: str
    client: FlaskClient
    grants: Mapping[str, Grant] = field(default_factory=dict)
    """What is expected of them, by table."""
    id: int = 0
    team: int = 0
    token: str = ""
    scopes: frozenset[str] = frozenset()
    api: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.api = self.client.application.test_client()

    def page(self, path: str, method: str = "GET", **options: Any) -> TestResponse:
        """Ask for a page."""
        return self.client.open(path, method=method, buffered=True, **options)

    def rest(self, method: str, path: str, **options: Any) -> TestResponse:
        """Call the API."""
        headers = dict(options.pop("headers", {}))
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.api.open(f"/api/v1/{path}", method=method, headers=headers, **options)


@dataclass
class World:
    """The application with its callers, and a maker of rows."""

    app: Flask
    callers: dict[str, Caller] = field(default_factory=dict)
    absent: dict[tuple[str, str, str], tuple[int, str]] = field(default_factory=dict)
    """What is answered about rows there are not, by surface, caller and table."""
    maker: Maker = field(init=False)

    @contextmanager
    def session(self) -> Iterator[Maker]:
        """Make rows, as the system, committed at the end."""
        with self.app.app_context():
            act_as(db.session(), SYSTEM, source="test")
            self.maker.session = db.session()
            yield self.maker
            db.session.commit()

    def refresh(self) -> None:
        """Let the figures of employees know those just made."""
        owner = create_engine(self.app.config["MIGRATE_DATABASE_URL"], poolclass=NullPool)
        with owner.begin() as connection:
            connection.execute(text("REFRESH MATERIALIZED VIEW employee_metrics"))
        owner.dispose()


def built_in(role: Role) -> dict[str, Grant]:
    """Return what is declared of a role, by table."""
    return {
        model.__tablename__: model.resource.allow[role]
        for model in models.load()
        if role in model.resource.allow
    }


def custom(scope: Scope) -> dict[str, Grant]:
    """Return a grant of every possible verb, on `scope`, of each table whose rows have such."""
    found = {}
    for model in models.load():
        rows = model.resource.rows
        fits = {Scope.OWN: rows.owner, Scope.TEAM: rows.team, Scope.ALL: True}[scope]
        if fits and grants.possible(model):
            found[model.__tablename__] = Grant(grants.possible(model), rows=scope)
    return found


CUSTOM = {"owns": Scope.OWN, "teams": Scope.TEAM, "wide": Scope.ALL}
"""Custom roles, made by the services as an administrator would."""


def make_world(app: Flask) -> World:
    """Return the world of one application."""
    app.config["WTF_CSRF_ENABLED"] = False
    world = World(app)
    with app.app_context():
        world.maker = Maker(db.session())
    for role in Role:
        world.callers[role.value] = employee_of(world, role.value, built_in(role))
    for name, scope in CUSTOM.items():
        world.callers[f"custom {name}"] = custom_role(world, name, custom(scope))
    world.callers["customer"] = customer_of(world)
    world.callers["nobody"] = Caller("nobody", app.test_client())
    return world


def custom_role(world: World, name: str, wanted: Mapping[str, Grant]) -> Caller:
    """Return an employee of a new role with the `wanted` grants."""
    with world.session() as maker:
        session = maker.session
        role = roles.add(session, SYSTEM, {"name": name, "title": name.capitalize()})
        for table, grant in wanted.items():
            for can, verb in VERBS.items():
                if can in grant.can:
                    given = {"role_id": role.id, "table_name": table, "verb": verb}
                    more = {"rows": RowScope(grant.rows.value), "hidden_fields": list(grant.hide)}
                    grants.add(session, SYSTEM, given | more)
    return employee_of(world, name, wanted)


def employee_of(world: World, role: str, wanted: Mapping[str, Grant]) -> Caller:
    """Return a signed-in employee of a role, in a team of their own."""
    client = world.app.test_client()
    with world.session() as maker:
        session = maker.session
        team = Team(name=f"Team {role}")
        session.add(team)
        values = {"name": f"One {role}", "email": f"{role}@example.com", "role": role}
        made = employees.add(session, SYSTEM, values)
        session.flush()
        session.add(Membership(employee_id=made.id, team_id=team.id))
        session.flush()
        identity = login_sessions.begin(session, made, None, "test")
        token = create_access_token(identity=identity)
        with client.session_transaction() as kept:
            kept["_user_id"], kept["_fresh"] = identity, True
        return Caller(role, client, wanted, made.id, team.id, token)


def key_of_scopes(world: World, *scopes: str) -> Caller:
    """Return a key with these scopes; it comes by the API only."""
    with world.session() as maker:
        values = {"description": "test", "permissions": list(scopes)}
        raw = api_keys.add(maker.session, SYSTEM, values).shown_once
    client = world.app.test_client()
    return Caller(f"key {' '.join(scopes)}", client, token=raw, scopes=frozenset(scopes))


def customer_of(world: World) -> Caller:
    """Return a customer, signed in at the portal."""
    client = world.app.test_client()
    with world.session() as maker:
        number = customers.add(maker.session, SYSTEM, {"name": "Ann", "email": "ann@example.com"}).id
    with world.app.test_request_context():
        person = db.session.get_one(Customer, number)
        cookie = remember(Response(), person).headers["Set-Cookie"]
    name = world.app.config["CUSTOMER_COOKIE_NAME"]
    client.set_cookie(name, SimpleCookie(cookie)[name].value)
    return Caller("customer", client)


def plain(answer: TestResponse) -> str:
    """Return the body without what differs from one answer to the next."""
    return re.sub(r'csrf[-_]token" (content|value)="[^"]*"|[0-9a-f]{16,}|\d+', "", answer.text)
