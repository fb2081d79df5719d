"""API keys: made once, shown once, found by their digest, rotated with an overlap, revoked at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache, partial
from ipaddress import ip_address, ip_network
from typing import Any

from sqlalchemy import Row, Select, bindparam, or_, select, update
from sqlalchemy.orm import Session

from app import models
from app.access import Actor, holds_scope, require
from app.adapters import api_keys as form
from app.adapters import tokens
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict, FieldError, Invalid
from app.core.i18n import _
from app.fields import definition_version, remember_version
from app.models.keys import ApiKey, Overlap
from app.models.scopes import options
from app.record import expect, flush, log
from app.services import plain
from app.services.asking import fill

USE = dt.timedelta(minutes=1)
"""How often the last use of a key is written at most."""

HANDED_ON = ("description", "permissions", "owner_id", "allowed_ips", "rate_limit")
"""What a key has of the one that it replaces."""

STATE = ("revoked_at", "expires_at")
"""What says which actions are offered."""

NEEDED = ("id", "permissions", "allowed_ips", "rate_limit", "last_used_at")
"""What a call asks of its key."""

KEYS: Any = ApiKey.__table__


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Any:
    """Make a key with the values of the form; who makes it owns it unless `owner_id` says otherwise.

    The returned row carries the key in clear as `shown_once`: it is never to be had again. Raises NotFound,
    Invalid.
    """
    require(actor, Can.ADD, ApiKey)
    owner = actor.id if actor.is_employee else None
    values = {"permissions": (), **values, "owner_id": values.get("owner_id") or owner}
    raw = form.new_key()
    key: Any = ApiKey(key_value=tokens.digest(raw), prefix=form.hint(raw))
    fill(session, key, _checked(actor, values))
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
    if values.get("permissions") == key.permissions:
        values = {name: value for name, value in values.items() if name != "permissions"}
    fill(session, key, _checked(actor, values))
    flush(session)
    return key


def delete(session: Session, actor: Actor, key: ApiKey, expected: int | None = None) -> None:
    """Delete a key; the calls made with it stay in the log, without its name."""
    plain.delete(session, actor, key, expected)


def offered(key: ApiKey) -> tuple[str, ...]:
    """Return the verbs that make sense for the key as it stands: a key that is replaced is only revoked."""
    if not is_live(key):
        return ()
    return ("rotate", "revoke") if key.revoked_at is None else ("revoke",)


def is_live(key: ApiKey) -> bool:
    """Tell whether the key still opens anything."""
    return all(end is None or end > now() for end in (key.revoked_at, key.expires_at))


def rotate(session: Session, actor: Actor, key: ApiKey, overlap: Overlap) -> Any:
    """Make a key with the same rights, to live as long; `key` works on for the overlap and ends by itself.

    The returned new row carries the key in clear as `shown_once`. Raises NotFound, Conflict, Invalid.
    """
    require(actor, Can.EDIT, key)
    if "rotate" not in offered(key):
        raise Conflict(_("This key has ended, or another one replaces it already."))
    values = {name: getattr(key, name) for name in HANDED_ON}
    life = None if key.expires_at is None else key.expires_at - key.created_at
    fresh = add(session, actor, values | {"expires_at": life and now() + life, "replaces_id": key.id})
    key.revoked_at = now() + dt.timedelta(hours=int(overlap))
    flush(session)
    log(session, "ROTATE", key)
    return fresh


def revoke(session: Session, actor: Actor, key: ApiKey) -> ApiKey:
    """End a key at once and for good. Raises NotFound, Conflict."""
    require(actor, Can.EDIT, key)
    if key.revoked_at is not None and key.revoked_at <= now():
        raise Conflict(_("This key is revoked already."))
    key.revoked_at = now()
    flush(session)
    log(session, "REVOKE", key)
    return key


def find(session: Session, raw: str) -> Row[Any] | None:
    """Return what a call needs of the live key that `raw` is, or None; a mistyped one costs no query.

    Notes that it is used. The version of the definitions comes along, so that a call asks for it no more than
    a page does.
    """
    if not form.is_well_formed(raw):
        return None
    key = session.execute(_live(), {"digest": tokens.digest(raw), "moment": now()}).one_or_none()
    if key is None:
        return None
    remember_version(session, key.definitions)
    if key.last_used_at is None or key.last_used_at < now() - USE:
        _write_use(session, key)
    return key


@cache
def _live() -> Select[Any]:
    """Return the statement of every call, built once: building it costs more than asking it."""
    needed = (KEYS.c[name] for name in NEEDED)
    live = (or_(end.is_(None), end > bindparam("moment")) for end in (KEYS.c.revoked_at, KEYS.c.expires_at))
    asked = select(*needed, definition_version().label("definitions"))
    return asked.where(KEYS.c.key_value == bindparam("digest"), *live)


def _write_use(session: Session, key: Row[Any]) -> None:
    """Set the last use below the write path; whoever finds the row held leaves it to that one."""
    mine = select(KEYS.c.id).where(KEYS.c.id == key.id).with_for_update(skip_locked=True).scalar_subquery()
    used = update(KEYS).where(KEYS.c.id == mine).values(last_used_at=now(), updated_at=KEYS.c.updated_at)
    session.connection().execute(used)


def admits(key: ApiKey | Row[Any], address: str | None) -> bool:
    """Tell whether the key may be used from `address`. An IPv4 address within IPv6 is that of IPv4."""
    if not key.allowed_ips:
        return True
    try:
        given = ip_address(address or "")
    except ValueError:  # a socket of this machine has none
        return False
    given = getattr(given, "ipv4_mapped", None) or given
    return any(given in ip_network(network) for network in key.allowed_ips)


def _checked(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with addresses in their plain form. Raises Invalid naming each mistake."""
    read: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, reader in (("permissions", partial(_scopes, actor)), ("allowed_ips", _networks)):
        if name in values:
            try:
                read[name] = reader(values[name] or ())
            except Invalid as problem:
                errors += problem.errors
    if errors:
        raise Invalid(errors)
    return values | read


def _scopes(actor: Actor, given: Iterable[str]) -> list[str]:
    known, wanted = options(), list(dict.fromkeys(given))
    if not wanted:
        raise Invalid.one("permissions", "required", _("Choose at least one scope."))
    unknown = [scope for scope in wanted if scope not in known]
    if unknown:
        facts = {"names": ", ".join(unknown), "known": ", ".join(known)}
        text = _("There is no scope %(names)s. Known: %(known)s.", **facts)
        raise Invalid.one("permissions", "not_an_option", text)
    beyond = [scope for scope in wanted if not holds_scope(actor, scope, models.load())]
    if beyond:
        text = _("You may not do all that %(names)s allows. Ask an administrator.", names=", ".join(beyond))
        raise Invalid.one("permissions", "not_allowed", text)
    return wanted


def _networks(given: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(_network(one.strip()) for one in given))


def _network(text: str) -> str:
    try:
        network = ip_network(text)
    except ValueError as error:
        said = _(
            "%(text)s is no address and no network. Write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32.",
            text=text,
        )
        raise Invalid.one("allowed_ips", "not_an_address", said) from error
    whole = network.prefixlen == network.max_prefixlen
    return str(network.network_address if whole else network)
