"""Webhooks: where the desk tells of its events, and what each one wants to hear."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import current_app
from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from app import criteria
from app.access import Actor, require
from app.access.grants import may_edit
from app.adapters import http, vault, webhook_signature
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict, Invalid
from app.core.i18n import Text, _
from app.fields import fields_of
from app.models.effects import State
from app.models.jobs import Job
from app.models.people import Employee
from app.models.tickets import Ticket
from app.models.webhooks import Delivery, Event, Webhook
from app.record import expect, flush, log
from app.record.outbox import snapshot
from app.services import conditions, event_types, events, mails, plain, replays, tries, webhook_health
from app.services.asking import fill
from app.services.hearing import facts_of
from app.services.replays import Standing, Wanted

ALL = "*"
OVERLAP = dt.timedelta(hours=24)
"""How long a former secret signs beside the new one."""

figures = webhook_health.figures
"""What the page of a webhook says of its receiver."""


def replay(session: Session, actor: Actor, webhook: Webhook, wanted: Wanted | None = None) -> Job:
    """Begin to send events again that `webhook` was told of: those `wanted`, else all.

    Raises NotFound, and Conflict where it is switched off, or nothing is meant.
    """
    return replays.start(session, actor, webhook, wanted or Wanted())


def replay_failed(session: Session, actor: Actor, webhook: Webhook) -> Job:
    """Begin to send every event again that `webhook` has missed. Raises NotFound, Conflict."""
    return replay(session, actor, webhook, Wanted(state=Standing.FAILED))


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Webhook:
    """Add a webhook, with a new secret unless `secret` says otherwise (None: its deliveries are not signed).

    The returned row carries the secret in clear as `shown_once`: it is never to be had again.
    """
    require(actor, Can.ADD, Webhook)
    _check(session, actor, values)
    secret = values.get("secret", webhook_signature.new_secret())
    if secret is not None and not webhook_signature.is_secret(secret):
        raise Invalid.one(
            "secret", "not_allowed", _("Write whsec_ and 24 to 64 bytes in base 64, or leave it out.")
        )
    webhook: Any = Webhook()
    fill(session, webhook, values | {"secret": tries.seal(secret)})
    session.add(webhook)
    flush(session)
    webhook.shown_once = secret
    return webhook  # type: ignore[no-any-return]


def edit(
    session: Session, actor: Actor, webhook: Webhook, values: dict[str, Any], expected: int | None = None
) -> Webhook:
    """Change a webhook. Switching it on forgets that it failed; the secret is not changed here."""
    require(actor, Can.EDIT, webhook)
    expect(webhook, expected)
    changed = {name: value for name, value in values.items() if name != "secret"}
    different = {name: value for name, value in changed.items() if value != getattr(webhook, name)}
    _check(session, actor, different)
    if changed.get("is_active") and not webhook.is_active:
        changed |= {"failing_since": None, "disabled_reason": None}
    fill(session, webhook, changed)
    flush(session)
    return webhook


def delete(session: Session, actor: Actor, webhook: Webhook, expected: int | None = None) -> None:
    """Delete a webhook and the log of its deliveries."""
    plain.delete(session, actor, webhook, expected)


def new_secret(session: Session, actor: Actor, webhook: Webhook) -> Webhook:
    """Give a webhook a new secret; for a day the former one signs too, so that no delivery is refused.

    The returned row carries the new one in clear as `shown_once`. Raises NotFound.
    """
    require(actor, Can.EDIT, webhook)
    told: Any = webhook
    secret = webhook_signature.new_secret()
    if webhook.secret is not None:
        webhook.previous_secret, webhook.previous_until = webhook.secret, now() + OVERLAP
    webhook.secret = tries.seal(secret)
    flush(session)
    log(session, "NEW_SECRET", webhook)
    told.shown_once = secret
    return webhook


def forget_former_secrets(session: Session) -> int:
    """Forget the former secrets whose time is over; return how many."""
    over = update(Webhook).where(Webhook.previous_until <= now())
    done = session.connection().execute(over.values(previous_secret=None, previous_until=None))
    return done.rowcount


def test(session: Session, actor: Actor, webhook: Webhook) -> Delivery:
    """Tell the receiver of a test event now, once; return the try with its outcome, its body as `sent`.

    Nothing follows from it: a failure is not tried again, and the webhook does not count as failing. It may
    be switched off. Raises NotFound, and Conflict where the secret cannot be read.
    """
    require(actor, Can.EDIT, webhook)
    told = {"object": snapshot(session, webhook), "actor": actor.label}
    about = {"object_table": Webhook.__tablename__, "object_id": webhook.id, "payload": told}
    done = {"state": State.DONE, "done_at": now(), "published_at": now()}
    event = Event(event_type=event_types.TEST, **about, **done)
    session.add(event)
    flush(session)
    result = _sent(webhook, event)
    tried: Any = Delivery(
        webhook_id=webhook.id,
        event_id=event.id,
        is_signed=webhook.is_signed,
        is_test=True,
        **result.columns(),
    )
    session.add(tried)
    flush(session)
    log(session, "TEST", webhook, {"delivery_id": tried.id, "response_code": tried.response_code})
    tried.sent = tries.message_of(event).body.decode()
    return tried  # type: ignore[no-any-return]


def _sent(webhook: Webhook, event: Event) -> tries.Result:
    try:
        return tries.send(webhook.url, tries.message_of(event), tries.secrets_of(webhook))
    except vault.VaultError as error:
        raise Conflict(_("The secret cannot be read. Make a new one.")) from error


def disable(session: Session, webhook_id: int, reason: Text) -> None:
    """Switch a webhook off that is not to be told any more, and let those know who can mend it."""
    webhook = session.get_one(Webhook, webhook_id, with_for_update=True)
    if not webhook.is_active:
        return
    webhook.is_active, webhook.disabled_reason = False, str(reason)
    for person in session.scalars(select(Employee).where(may_edit(Webhook), Employee.active.is_(True))):
        facts: dict[str, Any] = {
            "name": person.name,
            "url": webhook.url,
            "path": f"/admin/webhooks/show/{webhook.id}",
        }
        mails.queue(
            session, "webhook_disabled", person.email, language=person.language, reason=reason, **facts
        )
    flush(session)
    log(session, "DISABLE", webhook, {"reason": str(reason)})


def choices() -> tuple[tuple[str, Text], ...]:
    """Return what a webhook can listen to, with its words in a form."""
    return ((ALL, _("All events")), *((one, one) for one in events.types()))


def hears(session: Session, webhook: Webhook, event: Row[Any]) -> bool:
    """Tell whether `webhook` wants to be told of `event`, a row of outbox_events."""
    kind = event_types.known().get(event.event_type)
    if kind is not None and kind.holds_notes and not webhook.include_notes:
        return False
    if not webhook.is_active:  # switched off by an event just before
        return False
    if not {ALL, event.event_type} & set(webhook.event_types):
        return False
    return not webhook.criteria or _meets(session, webhook, event)


def _meets(session: Session, webhook: Webhook, event: Row[Any]) -> bool:
    """Tell whether `event` is about a ticket that meets the criteria of `webhook`.

    Criteria that cannot be read any more, say because a field is gone, switch it off, which is said: that is
    better than telling too much, or nothing.
    """
    try:
        tree = criteria.parse(webhook.criteria, fields_of(session, Ticket))
    except Invalid as problem:
        disable(session, webhook.id, _("Its conditions cannot be read any more: %(why)s", why=str(problem)))
        return False
    facts = facts_of(session, event)
    return facts is not None and criteria.passes(tree, facts)


def _check(session: Session, actor: Actor, values: dict[str, Any]) -> None:
    if values.get("criteria"):
        errors = conditions.mistakes(session, actor, Ticket, values["criteria"], changes=True)
        if errors:
            raise Invalid(errors)
    if "url" in values:
        _check_url(values["url"] or "")
    if "event_types" in values:
        _check_types(values["event_types"] or ())


def _check_url(url: str) -> None:
    try:
        http.from_config(current_app.config).check(url)
    except (http.Refused, http.Unreachable) as error:
        raise Invalid.one("url", error.code, error.message) from error


def _check_types(wanted: Any) -> None:
    unknown = sorted(set(wanted) - {ALL, *events.types()})
    if not wanted:
        raise Invalid.one("event_types", "required", _("Name at least one event, or * for all."))
    if unknown:
        known = ", ".join((ALL, *events.types()))
        text = _("There is no event %(names)s. Known: %(known)s.", names=", ".join(unknown), known=known)
        raise Invalid.one("event_types", "not_an_option", text)
