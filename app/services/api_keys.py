"""API keys: made once, shown once, found by their digest, revoked at once."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app import models
from app.access import Actor, holds_scope, require
from app.adapters import api_keys as form
from app.adapters import tokens
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.models.keys import ApiKey
from app.record import expect, flush, log
from app.services import plain
from app.services.asking import fill

NAMED = ("create_tickets", "update_tickets", "read_notes", "manage_webhooks", "replay", "archive", "admin")
"""Scopes of deeds; the others are `read_` and `write_` of each table that the API shows."""

USE = dt.timedelta(minutes=1)
"""How often the last use of a key is written at most."""

KEYS = ApiKey.__table__


@cache
def scopes() -> tuple[str, ...]:
    """Return every scope a key can have, in alphabetical order."""
    shown = [(model.__tablename__, model.resource.api) for model in models.load() if model.resource.api]
    read = [f"read_{table}" for table, _api in shown]
    write = [f"write_{table}" for table, api in shown if api.write]
    return tuple(sorted({*NAMED, *read, *write}))


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Any:
    """Make a key with `description`, `permissions` and perhaps `expires_at`.

    The returned row carries the key in clear as `shown_once`: it is never to be had again. Raises NotFound,
    Invalid.
    """
    require(actor, Can.ADD, ApiKey)
    _check(actor, values.get("permissions"))
    raw = form.new_key()
    key: Any = ApiKey(key_value=tokens.digest(raw), prefix=form.hint(raw))
    fill(session, key, values)
    session.add(key)
    flush(session)
    key.shown_once = raw
    return key


def edit(
    session: Session, actor: Actor, key: ApiKey, values: dict[str, Any], expected: int | None = None
) -> ApiKey:
    """Change what a key is for and what it may. Raises NotFound, Stale, Invalid."""
    require(actor, Can.EDIT, key)
    expect(key, expected)
    if "permissions" in values and values["permissions"] != key.permissions:
        _check(actor, values["permissions"])
    fill(session, key, values)
    flush(session)
    return key


def delete(session: Session, actor: Actor, key: ApiKey, expected: int | None = None) -> None:
    """Delete a key; the calls made with it stay in the log, without its name."""
    plain.delete(session, actor, key, expected)


def revoke(session: Session, actor: Actor, key: ApiKey) -> ApiKey:
    """End a key at once and for good. Raises NotFound, Conflict."""
    require(actor, Can.EDIT, key)
    if key.revoked_at is not None:
        raise Conflict(_("This key is revoked already."))
    key.revoked_at = now()
    flush(session)
    log(session, "REVOKE", key)
    return key


def find(session: Session, raw: str) -> ApiKey | None:
    """Return the live key that `raw` is, or None; a mistyped one costs no query. Notes that it is used."""
    if not form.is_well_formed(raw):
        return None
    live = (ApiKey.revoked_at.is_(None), or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now()))
    key = session.scalar(select(ApiKey).where(ApiKey.key_value == tokens.digest(raw), *live))
    if key is not None and (key.last_used_at is None or key.last_used_at < now() - USE):
        _write_use(session, key)
    return key


def _write_use(session: Session, key: ApiKey) -> None:
    """Set the last use below the write path; whoever finds the row held leaves it to that one."""
    mine = select(KEYS.c.id).where(KEYS.c.id == key.id).with_for_update(skip_locked=True).scalar_subquery()
    used = update(KEYS).where(KEYS.c.id == mine).values(last_used_at=now(), updated_at=KEYS.c.updated_at)
    session.connection().execute(used)


def _check(actor: Actor, permissions: Any) -> None:
    unknown = sorted(set(permissions or ()) - set(scopes()))
    if not permissions:
        raise Invalid.one("permissions", "required", _("Name at least one scope."))
    if unknown:
        facts = {"names": ", ".join(unknown), "known": ", ".join(scopes())}
        text = _("There is no scope %(names)s. Known: %(known)s.", **facts)
        raise Invalid.one("permissions", "not_an_option", text)
    beyond = [scope for scope in permissions if not holds_scope(actor, scope, models.load())]
    if beyond:
        text = _("You may not do all that %(names)s allows. Ask an administrator.", names=", ".join(beyond))
        raise Invalid.one("permissions", "not_allowed", text)
