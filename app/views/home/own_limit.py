"""The own limit in the profile: how many open tickets somebody takes at most, and for how long."""

from __future__ import annotations

from typing import Any

from flask_babel import format_datetime

from app.core.clock import now
from app.core.errors import Invalid
from app.core.extensions import db
from app.core.i18n import Text, _
from app.fields import fields_of
from app.fields.refusal import Refused
from app.models.people import Employee
from app.services.employees import end_of_day

TODAY, KEPT = "today", "kept"
"""How long it holds: until the day ends, or until the moment that is set; else until it is changed."""


def present(person: Employee) -> dict[str, Any]:
    """Return what the inputs hold: nothing once the limit is over."""
    until = person.own_capacity_until
    if person.own_capacity is None or (until is not None and until <= now()):
        return {"own_capacity": "", "own_capacity_until": ""}
    today = until == end_of_day(db.session(), person.time_zone)
    return {
        "own_capacity": str(person.own_capacity),
        "own_capacity_until": "" if until is None else TODAY if today else KEPT,
    }


def terms(person: Employee) -> tuple[tuple[str, Text], ...]:
    """Return for how long the limit can hold; a moment set elsewhere can be kept."""
    kept = present(person)["own_capacity_until"] == KEPT
    said = _("Until %(moment)s", moment=format_datetime(person.own_capacity_until, "short")) if kept else ""
    return (
        ("", _("Until I change it")),
        (TODAY, _("Until the end of today")),
        *(((KEPT, said),) if kept else ()),
    )


def values(person: Employee, typed: dict[str, Any]) -> dict[str, Any]:
    """Return what the service takes. Raises Invalid for what is no number or no such term."""
    known = {
        "": None,
        TODAY: end_of_day(db.session(), typed["time_zone"]),
        KEPT: person.own_capacity_until,
    }
    if typed["own_capacity_until"] not in known:
        raise Invalid.one("own_capacity_until", "not_an_option", _("Please choose one of the list."))
    try:
        limit = fields_of(db.session(), Employee)["own_capacity"].parse(typed["own_capacity"])
    except Refused as problem:
        raise Invalid((problem.at("own_capacity"),)) from problem
    return {"own_capacity": limit, "own_capacity_until": known[typed["own_capacity_until"]]}
