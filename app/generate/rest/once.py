"""Writes end here: one commit, and with an Idempotency-Key the same answer however often it is sent."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from flask import Response, request

from app.access import Actor
from app.core import prepared
from app.core.errors import FieldError, Malformed
from app.core.extensions import db
from app.core.i18n import _
from app.generate.rest.intake import LARGEST
from app.services import idempotency

HEADER = "Idempotency-Key"
KEPT = ("Location", "ETag")
"""Headers that are answered again."""
SHAPE = re.compile(r"[\x21-\x7e]{1,200}")


def write(actor: Actor, work: Callable[[], Response], largest: int = LARGEST) -> Response:
    """Do `work` and commit; the answer of an earlier request with the same key is given again instead.

    The key is claimed in the transaction of the work: who comes second at the same moment waits for the
    first to end, and what failed leaves no trace and may be tried again. A body has `largest` bytes at most.
    Raises Malformed for a key of a wrong form, Invalid if the key was used for another request.
    """
    key = request.headers.get(HEADER)
    session = db.session()
    prepared.keep_plans(session)
    if key is None:
        response = work()
        session.commit()
        return response
    claim = idempotency.claim(session, actor.label, _checked(key), _fingerprint(largest))
    if claim.earlier is not None:
        return _again(claim.earlier)
    response = work()
    headers = {name: response.headers[name] for name in KEPT if name in response.headers}
    idempotency.keep(session, claim, idempotency.Kept(response.status_code, headers, response.get_data()))
    session.commit()
    return response


def _checked(key: str) -> str:
    if SHAPE.fullmatch(key):
        return key
    raise Malformed([FieldError(HEADER, "malformed", _("Use 1 to 200 visible ASCII characters."))])


def _fingerprint(largest: int) -> str:
    request.max_content_length = largest
    said = (request.method.encode(), request.full_path.encode(), request.get_data())
    return hashlib.sha256(b"\0".join(said)).hexdigest()


def _again(kept: idempotency.Kept) -> Response:
    response = Response(kept.body, kept.status, kept.headers, mimetype="application/json")
    response.headers["Idempotency-Replayed"] = "true"
    return response
