"""A desk for the walk over its routes: people, and a fresh row of anything, full of what must not be told."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app import services
from app.access import SYSTEM
from app.adapters import totp
from app.core.clock import now
from app.core.extensions import db
from app.models import by_table
from app.models.access import AccessGrant, DeskRole, Origin, RowScope, Verb
from app.models.customers import Customer
from app.models.effects import State
from app.models.fields import FieldDefinition
from app.models.jobs import Job, JobKind, JobState
from app.models.mails import Mail
from app.models.people import Employee
from app.models.tokens import Purpose
from app.models.webhooks import Delivery, Event, Webhook
from app.record import act_as
from app.services import (
    customers,
    employees,
    feedback,
    field_definitions,
    links,
    login_sessions,
    second_factor,
    tickets,
)
from app.views.portal.customer import remember

NAME, TEXT, MAIL = "Zoltan Quux", "Xyzzy plugh, my knee hurts", "zoltan.quux"
PASSWORD, OTHER = "vexed hamster battery 41", "calmer hamster battery 42"
HIDDEN = ("Zoltan", "Quux", "zoltan", "Xyzzy", "plugh", "hamster", "sesame", "fd_live_", "whsec_")
"""What was planted: names, addresses, texts, passwords, secrets in links."""

numbers, further = itertools.count(100), itertools.count()
SETTINGS = ("api_log_days", "event_days", "close_days", "metric_days", "upload_mb")
"""A setting has one row at most, so each sample is one of another."""


@dataclass
class World:
    """The application with an administrator, an agent and a customer, and the way to act as each."""

    app: Flask
    ids: dict[str, int] = field(default_factory=dict)

    def make(self, table: str, **more: Any) -> int:
        """Return the number of a new row of a table, made by the system."""
        with self.app.test_request_context():
            act_as(db.session(), SYSTEM, source="test")
            special = MADE.get(table)
            if special:
                row = special(self, **more)
            else:
                row = services.add(db.session(), SYSTEM, by_table(table), self.sample(table) | more)
            db.session().flush()
            number = int(row.id)
            db.session.commit()
            return number

    def link(self, purpose: Purpose, kind: str, number: int) -> str:
        """Return the secret of a fresh link."""
        with self.app.app_context():
            act_as(db.session(), SYSTEM, source="test")
            raw = links.make(db.session(), purpose, kind, number)
            db.session.commit()
            return raw

    def employee(self, number: int | None = None) -> FlaskClient:
        """Return a browser in which an employee is signed in; the administrator if not told whom."""
        client = self.app.test_client()
        with self.app.test_request_context():
            act_as(db.session(), SYSTEM, source="test")
            person = db.session.get_one(Employee, number or self.ids["admin"])
            identity = login_sessions.begin(db.session(), person, None, "test")
            db.session.commit()
        with client.session_transaction() as kept:
            kept["_user_id"] = identity
        return client

    def customer(self, number: int | None = None) -> FlaskClient:
        """Return a browser in which a customer is signed in."""
        client, name = self.app.test_client(), self.app.config["CUSTOMER_COOKIE_NAME"]
        with self.app.test_request_context():
            person = db.session.get_one(Customer, number or self.ids["customer"])
            cookie = SimpleCookie(remember(Response(), person).headers["Set-Cookie"])[name]
        client.set_cookie(name, cookie.value)
        return client

    def sample(self, table: str) -> dict[str, Any]:
        """Return values for a new row of a table."""
        values = samples(self, next(further if table == "settings" else numbers))[table]
        values |= {column: self.make(target) for column, target in FRESH.get(table, {}).items()}
        return values


def address(number: int) -> str:
    return f"{MAIL}.{number}@example.com"


def samples(world: World, n: int) -> dict[str, dict[str, Any]]:
    """Return values for a new row of each table; `n` makes them differ from all others."""
    return {
        "api_keys": {"description": TEXT, "permissions": ["read_teams"], "allowed_ips": ["192.0.2.0/24"]},
        "business_hours": {"name": f"Hours {n}", "time_zone": "UTC"},
        "business_intervals": {"weekday": "1", "starts": "08:00", "ends": "12:00"},
        "customers": {"name": NAME, "email": address(n), "tier": "standard"},
        "employee_teams": {"employee_id": world.ids.get("agent"), "role_in_team": "agent"},
        "employees": {
            "name": NAME, "email": address(n), "role": "agent", "active": True, "availability": "available",
            "capacity": 5,
        },
        "grants": {"table_name": "teams", "verb": Verb.READ, "rows": RowScope.ALL},
        "holidays": {"day": "2026-12-25", "name": f"Holiday {n}"},
        "kb_articles": {"title": f"Refunds {n}", "content": TEXT, "state": "draft", "section": "Orders"},
        "macros_templates": {"title": f"Thanks {n}", "content": TEXT, "shared": True},
        "roles": {"title": f"Role {n}", "name": f"role_{n}", "description": TEXT},
        "routing_rules": {
            "rule_name": f"Rule {n}", "event": "created", "priority": n, "is_active": False, "stop": False,
            "criteria": {"all": [{"field": "email", "op": "is", "value": address(n)}]},
            "action": {"team": world.ids.get("team")},
        },
        "saved_views": {"name": f"View {n}", "object_table": "teams", "query": "q=x", "shared": True},
        "schema_definitions": {
            "field_name": f"seats_{n}", "field_type": "integer", "label": f"Seats {n}",
            "applies_to": "tickets", "required_on": "create", "position": 1,
        },
        "settings": {"name": SETTINGS[n % len(SETTINGS)], "value": 20},
        "shifts": {"weekday": "1", "starts": "08:00", "ends": "12:00", "time_zone": "UTC"},
        "skillsets": {"employee_id": world.ids.get("agent"), "skill_name": f"Skill {n}", "skill_level": 3},
        "teams": {"name": f"Team {n}", "description": TEXT, "is_active": True},
        "ticket_messages": {"ticket_id": world.ids.get("ticket"), "message_body": TEXT},
        "tickets": {"email": address(n), "title": TEXT, "description": TEXT, "priority": "low"},
        "webhooks": {
            "url": f"https://127.0.0.1/hook/sesame-{n}", "description": TEXT, "event_types": ["TEAM_CREATED"],
            "is_active": True,
        },
    }  # fmt: skip


FRESH = {
    "business_hours": {"team_id": "teams"},
    "business_intervals": {"hours_id": "business_hours"},
    "employee_teams": {"team_id": "teams"},
    "grants": {"role_id": "roles"},
    "holidays": {"hours_id": "business_hours"},
    "shifts": {"employee_id": "employees", "team_id": "teams"},
}
"""What a row refers to that must be its own, by column."""


CHANGES: dict[str, dict[str, Any]] = {
    "api_keys": {"permissions": ["read_teams", "read_tickets"]},
    "business_hours": {"name": "Other hours"},
    "business_intervals": {"ends": "13:00"},
    "customers": {"name": f"{NAME} junior", "tier": "vip"},
    "employee_teams": {"role_in_team": "team_lead"},
    "employees": {"name": f"{NAME} junior", "role": "supervisor"},
    "grants": {"hidden_fields": ["description"]},
    "holidays": {"name": "Another day"},
    "kb_articles": {"state": "public", "content": f"{TEXT}!"},
    "macros_templates": {"content": f"{TEXT}!"},
    "roles": {"title": "Another title"},
    "routing_rules": {
        "criteria": {"all": [{"field": "title", "op": "contains", "value": "a@zoltan.example"}]}
    },
    "saved_views": {"query": "q=y", "shared": False},
    "schema_definitions": {"help": TEXT, "position": 2},
    "settings": {"value": 21},
    "shifts": {"ends": "13:00"},
    "skillsets": {"skill_level": 4},
    "teams": {"description": f"{TEXT}!"},
    "tickets": {"priority": "high", "title": f"{TEXT}!"},
    "webhooks": {"url": "https://127.0.0.1/hook/open-sesame", "description": f"{TEXT}!"},
}
"""What an edit changes of each thing."""


def _archive(world: World) -> Any:
    ticket = tickets.add(db.session(), SYSTEM, world.sample("tickets"))
    tickets.resolve(db.session(), SYSTEM, ticket)
    return tickets.archive(db.session(), SYSTEM, ticket)


def _resolved(world: World) -> Any:
    ticket = tickets.add(db.session(), SYSTEM, world.sample("tickets"))
    return tickets.resolve(db.session(), SYSTEM, ticket)


def _delivery(world: World) -> Any:
    hook = services.add(db.session(), SYSTEM, Webhook, world.sample("webhooks"))
    event = db.session().scalar(select(func.min(Event.id)))
    tried = Delivery(webhook_id=hook.id, event_id=event, state=State.FAILED)
    db.session().add(tried)
    return tried


def _failing_webhook(world: World) -> Any:
    tried = _delivery(world)
    db.session().flush()
    return db.session().get_one(Webhook, tried.webhook_id)


def _event(world: World) -> Any:
    event = db.session().scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    event.state = State.PARKED
    return event


def _mail(world: World) -> Any:
    services.add(db.session(), SYSTEM, Employee, world.sample("employees"))
    mail = db.session().scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()
    mail.state = State.FAILED
    return mail


def _job(state: JobState) -> Job:
    job = Job(kind=JobKind.BULK, object_table="teams", verb="edit", state=state)
    db.session().add(job)
    return job


def _retired_field(world: World) -> Any:
    definition = services.add(db.session(), SYSTEM, FieldDefinition, world.sample("schema_definitions"))
    return field_definitions.retire(db.session(), SYSTEM, definition)


def _guarded(world: World) -> Any:
    person = services.add(db.session(), SYSTEM, Employee, world.sample("employees"))
    secret = totp.new_secret()
    second_factor.enable(db.session(), person, secret, pyotp.TOTP(secret).at(now()))
    return person


def _own_ticket(world: World) -> Any:
    person = db.session.get_one(Customer, world.ids["customer"])
    return tickets.add(db.session(), SYSTEM, world.sample("tickets") | {"email": person.email})


def _changed_grant(_world: World) -> Any:
    declared = select(AccessGrant).join(DeskRole).where(DeskRole.name == "agent")
    wanted = (AccessGrant.origin == Origin.DECLARED, AccessGrant.verb == Verb.ADD)
    grant = db.session().scalars(declared.where(*wanted).limit(1)).one()
    grant.rows, grant.origin = RowScope.NONE, Origin.CHANGED
    return grant


def _feedback(world: World) -> Any:
    return feedback.rate(db.session(), SYSTEM, _resolved(world), 5)


MADE: dict[str, Callable[..., Any]] = {
    "storage_archives": _archive,
    "webhook_deliveries": _delivery,
    "failing_webhooks": _failing_webhook,
    "outbox_events": _event,
    "mails": _mail,
    "feedback": _feedback,
    "jobs": lambda _world: _job(JobState.WAITING),
    "stopped_jobs": lambda _world: _job(JobState.CANCELLED),
    "guarded_employee": _guarded,
    "changed_grant": _changed_grant,
    "resolved": _resolved,
    "retired_field": _retired_field,
    "own_ticket": _own_ticket,
}
"""Rows that are not made by the plain service of their table."""


def build(app: Flask) -> World:
    """Return the world, with its people signed up."""
    app.config["WTF_CSRF_ENABLED"] = False
    world = World(app)
    for role in ("admin", "agent"):
        world.ids[role] = world.make("employees", role=role)
        give_password(world, world.ids[role])
    world.ids["team"] = world.make("teams")
    world.ids["customer"] = confirmed_customer(world)
    world.ids["ticket"] = world.make("tickets")
    return world


def give_password(world: World, number: int) -> None:
    """Let an employee have the password."""
    raw = world.link(Purpose.INVITE, "employee", number)
    with world.app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        employees.set_password(db.session(), raw, PASSWORD)
        db.session.commit()


def confirmed_customer(world: World) -> int:
    """Return a customer with a confirmed address and the password."""
    number = world.make("customers")
    raw = world.link(Purpose.RESET, "customer", number)
    with world.app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        customers.reset_password(db.session(), raw, PASSWORD)
        db.session.commit()
    return number
