"""Sending events to a webhook again: those of a choice, by a job that goes through them in their order.

One event more often than asked is never sent: a choice leaves out what a next try is to come for anyway, and
each batch is written in the transaction of its checkpoint.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.clock import now
from app.core.declare import Can, Choice
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.fields import Field, FieldSet, Kind
from app.fields.field import Option
from app.models.effects import State
from app.models.jobs import Job, JobKind
from app.models.webhooks import Delivery, Event, Webhook
from app.record import hint, log
from app.services import event_types, jobs

HINTS = 4
"""So many tries are made to one receiver at once; each goes on with the rest."""

DELIVERIES: Any = Delivery.__table__
EVENTS: Any = Event.__table__


class Standing(Choice):
    """How an event stands with a webhook."""

    FAILED = "failed", _("Not delivered")
    DONE = "done", _("Delivered")


CHOICE = FieldSet(
    Webhook.__tablename__,
    0,
    (
        Field(
            name="since", kind=Kind.DATETIME, label=_("Since"), help=_("When it happened, at the earliest.")
        ),
        Field(name="until", kind=Kind.DATETIME, label=_("Until"), help=_("When it happened, before this.")),
        Field(
            name="state",
            kind=Kind.SELECT,
            label=_("State"),
            help=_("Without, both what was delivered and what was not."),
            options=tuple(Option(one.value, one.label) for one in Standing),
            choices=Standing,
        ),
        Field(
            name="event_types",
            kind=Kind.TAGS,
            label=_("Events"),
            help=_("Without, events of every type."),
            offers="event_types.choices",
        ),
    ),
)
"""What may be chosen, as forms and the API ask it."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which events are meant: of a time, from `since` to before `until`, of some types, in a state."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    state: Standing | None = None
    event_types: Sequence[str] = ()

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Wanted:
        """Return what values of `CHOICE` mean. Raises Invalid."""
        made = cls(**{name: value for name, value in values.items() if value is not None})
        unknown = sorted(set(made.event_types) - set(event_types.known()))
        if unknown:
            text = _("There is no event %(names)s.", names=", ".join(unknown))
            raise Invalid.one("event_types", "not_an_option", text)
        if made.since and made.until and made.since >= made.until:
            raise Invalid.one("until", "not_allowed", _("Choose a moment after the first one."))
        return made

    def as_json(self) -> dict[str, Any]:
        """Return what `of` reads again, by `from_json`."""
        moments = {name: at.isoformat() for name in ("since", "until") if (at := getattr(self, name))}
        return {**moments, "state": self.state, "event_types": list(self.event_types)}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Wanted:
        """Return what `as_json` said."""
        return cls(
            since=dt.datetime.fromisoformat(said["since"]) if "since" in said else None,
            until=dt.datetime.fromisoformat(said["until"]) if "until" in said else None,
            state=Standing(said["state"]) if said["state"] else None,
            event_types=said["event_types"],
        )


def count(session: Session, webhook: Webhook, wanted: Wanted) -> int:
    """Return how many events are meant."""
    chosen = _chosen(webhook.id, wanted).subquery()
    return session.scalar(select(func.count()).select_from(chosen)) or 0


def start(session: Session, actor: Actor, webhook: Webhook, wanted: Wanted) -> Job:
    """Begin the job that sends the events of a choice again.

    Raises NotFound, and Conflict where the webhook is switched off, or nothing is meant.
    """
    require(actor, Can.EDIT, webhook)
    refuse_inactive(webhook)
    total = count(session, webhook, wanted)
    if not total:
        raise Conflict(_("There is nothing to send again: no event of this webhook is meant."))
    newest = session.scalar(select(func.max(Event.id)))
    said = {"webhook": webhook.id, "upto": newest, "wanted": wanted.as_json()}
    job = jobs.start(session, actor, JobKind.REPLAY, Webhook, "replay", arguments=said, total=total)
    log(session, "REPLAY", webhook, {"job_id": job.id, "count": total, **wanted.as_json()})
    return job


def send_next(session: Session, actor: Actor, said: Mapping[str, Any], after: int, most: int) -> list[int]:
    """Let the next events of a job be tried again, now; return their numbers, fewer than `most` at its end.

    `said` are the arguments of the job. Raises NotFound, and Conflict where the webhook was switched off.
    """
    webhook = session.get_one(Webhook, said["webhook"])
    require(actor, Can.EDIT, webhook)
    refuse_inactive(webhook)
    chosen = _chosen(webhook.id, Wanted.from_json(said["wanted"]))
    within = chosen.where(DELIVERIES.c.event_id > after, DELIVERIES.c.event_id <= said["upto"])
    rows = session.connection().execute(within.order_by(DELIVERIES.c.event_id).limit(most)).all()
    if rows:
        _add(session, webhook, rows)
    return [row.event_id for row in rows]


def refuse_inactive(webhook: Webhook) -> None:
    """Raise Conflict if the webhook is switched off."""
    if not webhook.is_active:
        raise Conflict(_("This webhook is switched off. Switch it on first."))


def _chosen(webhook: int, wanted: Wanted) -> Select[Any]:
    """Return the events that are meant, each with its latest try."""
    done = func.bool_or(DELIVERIES.c.state == State.DONE)
    chosen = (
        select(DELIVERIES.c.event_id, func.max(DELIVERIES.c.attempt).label("attempt"))
        .join(EVENTS, EVENTS.c.id == DELIVERIES.c.event_id)
        .where(DELIVERIES.c.webhook_id == webhook, DELIVERIES.c.is_test.is_(False))
        .group_by(DELIVERIES.c.event_id)
        .having(~func.bool_or(DELIVERIES.c.state == State.WAITING))
    )
    if wanted.state is not None:
        chosen = chosen.having(done if wanted.state is Standing.DONE else ~done)
    if wanted.since is not None:
        chosen = chosen.where(EVENTS.c.created_at >= wanted.since)
    if wanted.until is not None:
        chosen = chosen.where(EVENTS.c.created_at < wanted.until)
    if wanted.event_types:
        chosen = chosen.where(EVENTS.c.event_type.in_(wanted.event_types))
    return chosen


def _add(session: Session, webhook: Webhook, rows: Sequence[Row[Any]]) -> None:
    about = {"webhook_id": webhook.id, "is_signed": webhook.is_signed, "created_at": now(), "due_at": now()}
    tries = [{**about, "event_id": row.event_id, "attempt": row.attempt + 1} for row in rows]
    # Another person may ask for the same at this moment: each event gets one more try.
    statement = insert(DELIVERIES).on_conflict_do_nothing().returning(DELIVERIES.c.id)
    for added in session.connection().scalars(statement, tries).all()[:HINTS]:
        hint(session, Delivery.__effect__, added)
