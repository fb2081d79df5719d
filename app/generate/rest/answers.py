"""Rows as JSON, each as its fields say, and the ETag a row is known by."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from flask import Response, request

from app.core.errors import Stale
from app.fields import FieldSet

OPTIONS = orjson.OPT_NON_STR_KEYS


def answer(body: Any, status: int = 200, etag: str | None = None) -> Response:
    """Return `body` as JSON."""
    response = Response(orjson.dumps(body, option=OPTIONS), status, mimetype="application/json")
    if etag is not None:
        response.set_etag(etag)
    return response


def etag_of(row: Any, fields: FieldSet) -> str:
    """Return what a row is known by: its version, or the digest of what is shown of a row without one."""
    version = getattr(row, "version", None)
    if version is not None:
        return str(version)
    return hashlib.sha256(orjson.dumps(fields.dump(row), option=OPTIONS)).hexdigest()[:32]


def expected(row: Any, fields: FieldSet) -> int | None:
    """Return the version the caller saw (If-Match), None if they did not say. Raises Stale."""
    seen = request.if_match
    if not seen or seen.star_tag:
        return None
    version = getattr(row, "version", None)
    if not seen.contains(etag_of(row, fields)):
        raise Stale(row, version)
    return version
