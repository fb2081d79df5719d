"""A migrated database, a session with the write path on it, and a small desk to try the verbs with."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.command import upgrade
from alembic.config import Config
from flask import Flask
from flask_appbuilder.security.sqla.models import Role as LoginRole
from flask_babel import Babel
from redis import Redis
from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.orm import Session, sessionmaker

from app import embedded, models, record
from app.access import SYSTEM, Actor, ActorKind, TableGrant, grants
from app.core import copied
from app.core.declare import Can, Role
from app.embedded.postgres import OWNER, SUPERUSER
from app.fields import version
from app.models.customers import Customer
from app.models.fields import FieldDefinition
from app.models.people import Employee
from app.models.routing import RoutingRule
from app.models.teams import Membership, Skill, Team
from app.models.tickets import Ticket
from app.models.webhooks import Event
from app.services import tickets

ROOT = Path(__file__).resolve().parents[2]
VERBS = (Can.READ, Can.ADD, Can.EDIT, Can.DELETE)


@pytest.fixture(scope="session")
def engine(servers: embedded.Servers, worker_number: int) -> Iterator[Engine]:
    """A database of this worker's own, migrated to head, with the roles of the desk."""
    name = f"services_{worker_number}"
    with psycopg.connect(
        servers.database(SUPERUSER, "postgres").replace("+psycopg", ""), autocommit=True
    ) as server:
        server.execute(f"CREATE DATABASE {name} OWNER {OWNER}")
    models.load()
    made = create_engine(servers.database(OWNER, name))
    copied.install(made)
    with made.connect() as connection:
        config = Config(str(ROOT / "migrations" / "alembic.ini"))
        config.set_main_option("script_location", str(ROOT / "migrations"))
        config.attributes["connection"] = connection
        upgrade(config, "head")
        grants.sync(connection, models.load())
        connection.commit()
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def small_app(redis_url: str) -> Flask:
    """An application with nothing but what the verbs ask for: settings, languages, templates, Redis."""
    app = Flask("app", root_path=str(ROOT / "app"))
    app.config.update(
        BASE_URL="https://desk.example.com",
        MAIL_FROM="",
        BABEL_DEFAULT_LOCALE="en",
        LANGUAGES={"en": {}, "de": {}},
        DATA_KEY="a key of at least thirty-two characters",
        SESSION_IDLE_HOURS=12,
        SESSION_HOURS=168,
        REQUIRE_TOTP_ROLES=frozenset({"supervisor"}),
    )
    Babel(app)
    app.extensions["frontdesk_redis"] = Redis.from_url(redis_url)
    return app


@pytest.fixture
def context(small_app: Flask) -> Iterator[None]:
    """An application context."""
    with small_app.app_context():
        yield


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection whose work is undone after the test."""
    with engine.connect() as made:
        outer = made.begin()
        yield made
        outer.rollback()


@pytest.fixture(scope="session")
def factory() -> sessionmaker[Session]:
    """How the application makes sessions, with the write path hung on; one for the run, as there."""
    made = sessionmaker(autoflush=False, expire_on_commit=False)
    record.install(made)
    return made


@pytest.fixture
def new_session(factory: sessionmaker[Session], context: None) -> Callable[[Any], Session]:
    """A way to make sessions that write as the system."""

    def make(bind: Engine | Connection) -> Session:
        session = factory(bind=bind, join_transaction_mode="create_savepoint")
        record.act_as(session, SYSTEM, source="test")
        return session

    return make


@pytest.fixture
def session(connection: Connection, new_session: Callable[[Any], Session]) -> Iterator[Session]:
    """A session whose work is undone after the test."""
    with new_session(connection) as made:
        yield made


@pytest.fixture
def desk(session: Session) -> Desk:
    """The desk of this test."""
    return Desk(session)


@dataclass
class Desk:
    """Makes what a test needs, one short call each."""

    session: Session
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def keep(self, row: Any) -> Any:
        """Save a row."""
        self.session.add(row)
        self.session.flush()
        return row

    def team(self, name: str = "", **values: Any) -> Team:
        """Make a team."""
        team: Team = self.keep(Team(name=name or f"Team {next(self.numbers)}", **values))
        return team

    def employee(
        self,
        team: Team | None = None,
        skills: dict[str, int] | None = None,
        role: Role = Role.AGENT,
        **values: Any,
    ) -> Employee:
        """Make an employee, in a team, with skills."""
        name = f"e{next(self.numbers)}"
        login = self.session.scalar(select(LoginRole).where(LoginRole.name == role.value))
        values = {"active": True, "name": name, "email": f"{name}@desk.example"} | values
        employee: Employee = Employee(first_name=name, last_name="", username=name, role=role.value, **values)
        employee.roles = [login]
        self.keep(employee)
        if team:
            self.keep(Membership(employee_id=employee.id, team_id=team.id))
        for skill, level in (skills or {}).items():
            self.keep(Skill(employee_id=employee.id, skill_name=skill, skill_level=level))
        return employee

    def customer(self, **values: Any) -> Customer:
        """Make a customer."""
        name = f"c{next(self.numbers)}"
        customer: Customer = self.keep(Customer(**{"name": name, "email": f"{name}@example.com"} | values))
        return customer

    def rule(self, criteria: Any = None, action: Any = None, **values: Any) -> RoutingRule:
        """Make a routing rule."""
        name = f"Rule {next(self.numbers)}"
        rule: RoutingRule = self.keep(
            RoutingRule(**{"rule_name": name, "criteria": criteria or {}, "action": action or {}} | values)
        )
        return rule

    def field(self, name: str, **values: Any) -> FieldDefinition:
        """Define a custom field of tickets."""
        made: FieldDefinition = self.keep(FieldDefinition(field_name=name, **values))
        return made

    def ticket(self, actor: Actor = SYSTEM, **values: Any) -> Ticket:
        """Write a ticket through the service."""
        given = {"email": "ann@example.com", "title": "It is broken", "description": "All of it."} | values
        if actor.kind is ActorKind.CUSTOMER:
            del given["email"]
        self.act(actor)
        return tickets.add(self.session, actor, given)

    def act(self, actor: Actor) -> Actor:
        """Let `actor` write from now on."""
        record.act_as(self.session, actor, source="test")
        return actor

    def as_employee(self, employee: Employee, *teams: Team) -> Actor:
        """Return an employee as an actor, with the declared grants of the role."""
        role = Role(employee.role)
        ids = frozenset(team.id for team in teams)
        return self.act(Actor(ActorKind.EMPLOYEE, employee.id, employee.role, ids, grants_of(role)))

    def as_customer(self, customer: Customer) -> Actor:
        """Return a customer as an actor."""
        return self.act(Actor(ActorKind.CUSTOMER, customer.id))

    def as_key(self, *scopes: str) -> Actor:
        """Return an API key as an actor."""
        return self.act(Actor(ActorKind.KEY, 1, scopes=frozenset(scopes)))

    def events(self) -> list[str]:
        """Return the types of all events, in order."""
        return list(self.session.scalars(select(Event.event_type).order_by(Event.id)))


def grants_of(role: Role) -> dict[str, TableGrant]:
    """Return the declared grants of a role."""
    found = {}
    for model in models.load():
        grant = model.resource.allow.get(role)
        if grant:
            rows = {verb: grant.rows for verb in VERBS if verb in grant.can}
            found[model.__tablename__] = TableGrant(rows, frozenset(grant.hide))
    return found


@pytest.fixture
def statements(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that the database is asked while the test runs, however long that takes."""
    monkeypatch.setattr(version, "BELIEVED", 600.0)
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)
