"""Webhooks: where the desk tells of its events, and what each one wants to hear."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app import criteria
from app.access import Actor, require
from app.access.grants import may_edit
from app.adapters import http, vault, webhook_signature
from app.core.declare import Can
from app.core.errors import Invalid
from app.core.i18n import Text, _
from app.fields import fields_of
from app.models.people import Employee
from app.models.tickets import Ticket
from app.models.webhooks import Webhook
from app.record import expect, flush, log
from app.services import conditions, events, mails, plain
from app.services.asking import fill
from app.services.hearing import facts_of

SEALED = "webhooks.secret"
"""What a sealed secret is bound to, so that it cannot be opened as anything else."""
ALL = "*"


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
    fill(session, webhook, values | {"secret": seal(secret)})
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


def hears(session: Session, webhook: Webhook, event: Row[Any]) -> bool:
    """Tell whether `webhook` wants to be told of `event`, a row of outbox_events."""
    if event.event_type in events.NOTE_EVENTS and not webhook.include_notes:
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


def seal(secret: str | None) -> str | None:
    """Return a secret as it is kept."""
    return None if secret is None else vault.from_config(current_app.config).seal(secret, SEALED)


def unseal(sealed: str) -> str:
    """Return a kept secret in clear, to sign with. Raises VaultError when DATA_KEY does not fit."""
    return vault.from_config(current_app.config).open(sealed, SEALED)


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
