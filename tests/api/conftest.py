"""A desk with one row of everything, and the five kinds of caller."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from app import models, services
from app.access import SYSTEM
from app.core.clock import now
from app.core.declare import Role
from app.core.extensions import db
from app.models.archives import Archive
from app.models.articles import Article
from app.models.audit import AuditBlock, AuditLog
from app.models.coverage import BusinessHours, Shift, Weekday
from app.models.effects import State
from app.models.fields import FieldDefinition
from app.models.jobs import Job, JobFailure
from app.models.keys import ApiKey
from app.models.macros import Macro
from app.models.people import Employee
from app.models.routing import Decision, RoutingRule
from app.models.settings import Setting
from app.models.system import Metric
from app.models.teams import Membership, Skill, Team
from app.models.tickets import Assignment, TicketChange
from app.models.views import SavedView
from app.models.webhooks import Delivery, Event, Webhook
from app.record import act_as
from app.services import employees, feedback, messages, tickets
from tests.access.rows import Maker

PASSWORD = "correct horse battery"
PEOPLE = {"admin": Role.ADMIN, "supervisor": Role.SUPERVISOR, "agent": Role.AGENT}


@dataclass
class Desk:
    """The application, the ids of its rows by table, and a way to call it."""

    app: Flask
    client: FlaskClient
    ids: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    keys: dict[frozenset[str], str] = field(default_factory=dict)

    def key(self, *scopes: str) -> str:
        """Return a key with `scopes`, made once."""
        wanted = frozenset(scopes)
        if wanted not in self.keys:
            with self.app.test_request_context():
                act_as(db.session(), SYSTEM, source="test")
                values = {"description": "test", "permissions": sorted(wanted)}
                self.keys[wanted] = services.add(db.session(), SYSTEM, ApiKey, values).shown_once
                db.session.commit()
        return self.keys[wanted]

    def call(self, method: str, path: str, caller: str | None = "admin", **options: Any) -> TestResponse:
        """Call `/api/v1/<path>` as an employee (by name), with a key (its text), or as nobody (None)."""
        headers = dict(options.pop("headers", {}))
        if caller is not None:
            headers["Authorization"] = f"Bearer {self.tokens.get(caller, caller)}"
        return self.client.open(f"/api/v1/{path}", method=method, headers=headers, **options)


@pytest.fixture(scope="module")
def desk(app: Flask) -> Desk:
    made = Desk(app, app.test_client())
    with app.test_request_context():
        act_as(db.session(), SYSTEM, source="test")
        made.ids = furnish()
        maker = Maker(db.session())
        for model in models.load():
            if model.resource.api and model.__tablename__ not in made.ids:
                made.ids[model.__tablename__] = next(
                    iter(maker.insert(model.__table__, parents(model, made)).values())
                )
        db.session.commit()
    for name in PEOPLE:
        answer = made.client.post(
            "/api/v1/security/login", json={"email": f"{name}@example.com", "password": PASSWORD}
        )
        assert answer.status_code == 200, answer.text
        made.tokens[name] = answer.json["access_token"]
    return made


def parents(model: Any, desk: Desk) -> dict[str, int]:
    """Return the rows of the desk that a row of `model` has to belong to, by column."""
    needed = ((column, key) for column in model.__table__.columns for key in column.foreign_keys)
    tables = {column.name: key.column.table.name for column, key in needed if not column.nullable}
    return {name: desk.ids[table] for name, table in tables.items() if table in desk.ids}


def furnish() -> dict[str, int]:
    """Make one row of each resource and return their ids by table."""
    session = db.session()
    people = {name: person(name, role) for name, role in PEOPLE.items()}
    add = services.add
    team = add(session, SYSTEM, Team, {"name": "Billing"})
    hidden_team = add(session, SYSTEM, Team, {"name": "Legal"})
    member = add(session, SYSTEM, Membership, {"employee_id": people["agent"].id, "team_id": team.id})
    skill = add(session, SYSTEM, Skill, {"employee_id": people["agent"].id, "skill_name": "Refunds"})
    definition = add(
        session,
        SYSTEM,
        FieldDefinition,
        {"field_name": "seats", "field_type": "integer", "label": "Seats", "validation": {"min": 1}},
    )
    ticket = tickets.add(session, SYSTEM, ticket_values(team_id=team.id, assignee_id=people["agent"].id))
    foreign = tickets.add(session, SYSTEM, ticket_values(team_id=hidden_team.id))
    message = messages.reply(session, SYSTEM, ticket, "We look into it.")
    note = messages.reply(session, SYSTEM, ticket, "A note", internal=True)
    rated = tickets.add(session, SYSTEM, ticket_values(assignee_id=people["agent"].id))
    tickets.resolve(session, SYSTEM, rated)
    vote = feedback.rate(session, SYSTEM, rated, 5)
    archived = tickets.add(session, SYSTEM, ticket_values())
    tickets.resolve(session, SYSTEM, archived)
    archive: Archive = tickets.archive(session, SYSTEM, archived)
    about = session.query(Event.id).limit(1).scalar()
    hook = add(session, SYSTEM, Webhook, {"url": "https://127.0.0.1/hook", "event_types": ["*"]})
    delivery = Delivery(webhook_id=hook.id, event_id=about, state=State.FAILED)
    rule = {"rule_name": "All to Billing", "criteria": {}, "action": {"team": team.id}, "is_active": False}
    article = add(session, SYSTEM, Article, {"title": "Refunds", "content": "How to.", "state": "public"})
    thanks = {"title": "Thanks", "content": "Thank you.", "owner_id": people["agent"].id}
    macro = add(session, SYSTEM, Macro, thanks)
    urgent = {"name": "Urgent", "object_table": "tickets", "query": "priority=urgent", "shared": True}
    shift = {"employee_id": people["agent"].id, "team_id": team.id, "weekday": Weekday.MONDAY}
    hours = {"name": "Billing", "team_id": team.id}
    greeting = {"name": "greeting", "value": "Good morning"}
    session.execute(text("REFRESH MATERIALIZED VIEW employee_metrics"))
    metric = Metric(metric_name="queue", value={"n": 1}, timestamp=now(), source="test")
    session.add_all([metric, delivery])
    session.flush()
    return {
        **{name: one.id for name, one in people.items()},
        "employees": people["agent"].id,
        "teams": team.id,
        "hidden_team": hidden_team.id,
        "employee_teams": member.id,
        "skillsets": skill.id,
        "schema_definitions": definition.id,
        "tickets": ticket.id,
        "foreign_ticket": foreign.id,
        "ticket_messages": message.id,
        "note": note.id,
        "feedback": vote.id,
        "resolved": rated.id,
        "storage_archives": archive.id,
        "performance_metrics": metric.id,
        "webhooks": hook.id,
        "webhook_deliveries": delivery.id,
        "routing_rules": add(session, SYSTEM, RoutingRule, rule).id,
        "kb_articles": article.id,
        "macros_templates": macro.id,
        "saved_views": add(session, SYSTEM, SavedView, urgent | {"owner_id": people["agent"].id}).id,
        "shifts": add(session, SYSTEM, Shift, shift).id,
        "business_hours": add(session, SYSTEM, BusinessHours, hours).id,
        "settings": add(session, SYSTEM, Setting, greeting).id,
        "employee_metrics": people["agent"].id,
        **{
            model.__tablename__: session.query(model.id).filter_by(ticket_id=ticket.id).limit(1).scalar()
            for model in (TicketChange, Assignment, Decision)
        },
        "audit_logs": session.query(AuditLog.id).limit(1).scalar(),
        "audit_blocks": Maker(session).insert(AuditBlock.__table__)["id"],
        "customers": ticket.customer_id,
        "jobs": (job := Maker(session).insert(Job.__table__, {"employee_id": people["agent"].id}))["id"],
        "job_failures": Maker(session).insert(JobFailure.__table__, {"job_id": job["id"]})["id"],
    }


def person(name: str, role: Role) -> Employee:
    session = db.session()
    values = {"name": name.capitalize(), "email": f"{name}@example.com", "role": role}
    employee = services.add(session, SYSTEM, Employee, values)
    employees.set_password(session, employees.invite(session, employee), PASSWORD)
    return employee


def ticket_values(**more: Any) -> dict[str, Any]:
    return {
        "email": "customer@example.com",
        "title": "Refund",
        "description": "Please refund order 7.",
        "custom_fields": {"seats": 5},
        **more,
    }


TICKET = {"email": "new@example.com", "title": "Title", "description": "Text"}
"""The least that makes a ticket."""


def fields(answer: Any) -> list[str]:
    """The fields that a refusal names."""
    return [error["field"] for error in answer.json["errors"]]
