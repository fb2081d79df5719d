"""Who calls: an API key or an employee's token, always as bearer. A cookie alone is nobody here."""

from __future__ import annotations

from flask import g, request

from app.access import Actor
from app.adapters.api_keys import PREFIX
from app.core.clock import now
from app.core.errors import Barred, Unauthenticated
from app.core.extensions import db
from app.core.i18n import _
from app.generate.identity import actor_of_key, take
from app.generate.limits import count_try
from app.generate.rest import rate
from app.generate.tokens import verify_token
from app.services import api_keys

BEARER = "bearer"


def caller() -> Actor:
    """Return who calls, and let this request act as them.

    Raises Unauthenticated, Barred, or TooMany after many failures or too many calls in a minute.
    """
    scheme, _space, credential = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != BEARER or not credential.strip():
        raise Unauthenticated(_("No valid credentials. Send a key or token as bearer."))
    is_key = credential.strip().startswith(PREFIX)
    actor, limit = _key(credential.strip()) if is_key else (_employee(), None)
    take(actor, source="api")
    rate.count(actor, limit)
    return actor


def _key(raw: str) -> tuple[Actor, int | None]:
    """Return the key that calls, and how many calls a minute it may make where it says so."""
    key = api_keys.find(db.session(), raw)
    if key is None:
        count_try("key", raw)
        raise Unauthenticated(_("This key is not known, has expired or was revoked."))
    if not api_keys.admits(key, request.remote_addr):
        raise Barred(str(request.remote_addr))
    if key.last_used_at is None or key.last_used_at < now() - api_keys.USE:
        db.session.commit()  # its use was noted: let go of the row before anything else is done
    return actor_of_key(key), key.rate_limit


def _employee() -> Actor:
    verify_token()
    actor: Actor = g.signed_in
    return actor
