"""Rows as JSON, each as its fields say, and the ETag a row is known by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response, request

from app.core.errors import Stale
from app.fields import FieldSet

OPTIONS = orjson.OPT_NON_STR_KEYS
READING = frozenset({"GET", "HEAD"})


def answer(body: Any, status: int = 200, etag: str | None = None) -> Response:
    """Return `body` as JSON. What is read has an ETag, and is not sent again to whoever has it (304)."""
    content = orjson.dumps(body, option=OPTIONS)
    response = Response(content, status, mimetype="application/json")
    if request.method in READING:
        response.set_etag(etag or _digest(content))
        response.headers["Cache-Control"] = "private, no-cache"
        response.vary.update(("Authorization", "Accept-Language"))
        response.make_conditional(request.environ)
    elif etag is not None:
        response.set_etag(etag)
    return response


def etag_of(row: Any, told: Mapping[str, Any]) -> str:
    """Return what a row is known by: its version, where it has one, and the digest of what is told of it.

    The digest tells a reader that fields were added or hidden; a writer is only held to the version.
    """
    version, digest = getattr(row, "version", None), _digest(orjson.dumps(told, option=OPTIONS))
    return digest if version is None else f"{version}-{digest}"


def expected(row: Any, fields: FieldSet) -> int | None:
    """Return the version the caller saw (If-Match), None if they did not say. Raises Stale."""
    seen = request.if_match
    if not seen or seen.star_tag:
        return None
    version: int | None = getattr(row, "version", None)
    now = str(version) if version is not None else etag_of(row, fields.dump(row))
    if now not in {tag.partition("-")[0] for tag in seen.as_set() if tag}:  # what is malformed is None there
        raise Stale(row, version)
    return version


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
