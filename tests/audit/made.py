"""Rows of the walk that are not made by the plain service of their table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pyotp
from sqlalchemy import func, select

from app import services
from app.access import SYSTEM
from app.adapters import totp
from app.core.clock import now
from app.core.extensions import db
from app.models.access import AccessGrant, DeskRole, Origin, RowScope, Verb
from app.models.customers import Customer
from app.models.effects import State
from app.models.fields import FieldDefinition
from app.models.jobs import Job, JobKind, JobState
from app.models.mails import Mail
from app.models.people import Employee
from app.models.webhooks import Delivery, Event, Webhook
from app.services import feedback, field_definitions, second_factor, tickets

if TYPE_CHECKING:
    from tests.audit.world import World


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
