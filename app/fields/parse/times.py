"""Days and moments."""

from __future__ import annotations

import datetime as dt
import re

from app.fields.refusal import Refused

FIRST_YEAR, LAST_YEAR = 1000, 9998
"""Years of four digits with a day to spare at the end, so that ISO dates order as texts do."""
_STAMP = 40
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def date(raw: object) -> dt.date:
    """Return a day between the years 1000 and 9998."""
    if isinstance(raw, str) and _DATE.fullmatch(raw.strip()):
        try:
            raw = dt.date.fromisoformat(raw.strip())
        except ValueError as problem:
            raise Refused("not_a_date") from problem
    if not isinstance(raw, dt.date) or isinstance(raw, dt.datetime):
        raise Refused("not_a_date")
    if not FIRST_YEAR <= raw.year <= LAST_YEAR:
        raise Refused("not_a_date")
    return raw


def instant(raw: object, zone: dt.tzinfo | None = None) -> dt.datetime:
    """Return a moment in UTC. A text without a zone is read in `zone`, or refused if there is none."""
    moment = _moment(raw)
    if moment.tzinfo is None and zone is not None:
        moment = moment.replace(tzinfo=zone)
    if moment.tzinfo is None or not FIRST_YEAR < moment.year < LAST_YEAR:
        raise Refused("not_a_datetime")
    return moment.astimezone(dt.UTC)


def _moment(raw: object) -> dt.datetime:
    if isinstance(raw, dt.datetime):
        return raw
    if not isinstance(raw, str) or not _DATE.match(raw.strip()) or len(raw) > _STAMP:
        raise Refused("not_a_datetime")
    try:
        return dt.datetime.fromisoformat(raw.strip())
    except ValueError as problem:
        raise Refused("not_a_datetime") from problem
