"""`/developers/usage`: who calls what how often, what is slow and what fails. Each figure opens its calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import format_decimal
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, visible
from app.core.clock import now
from app.core.errors import FieldError, Malformed
from app.core.extensions import db
from app.core.i18n import Text, _
from app.generate.forms import zone
from app.generate.identity import current_actor
from app.generate.pages import Action, Empty, FormField, ListPage, Option
from app.models.keys import ApiKey
from app.services.usage import ORDERS, Span, usage
from app.views.usage.tables import Links, tables

blueprint = Blueprint("usage", __name__)
URL = "/developers/usage"

HOURS: Mapping[str, Text] = {
    "24": _("Last 24 hours"),
    "1": _("Last hour"),
    "168": _("Last 7 days"),
    "720": _("Last 30 days"),
}
NONE = Empty(
    title=_("No calls in this time"),
    text=_("Calls of keys and of employees are counted here, a minute after they came."),
    icon="activity",
    action=Action(label=_("How programs call the desk"), url="/developers/"),
)
KEYS = 500
"""Keys that can be chosen."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """What the page shows: two choices, two figures, and a table for each way to sum up."""

    url: str
    choices: tuple[FormField, ...]
    order: str
    calls: tuple[str, str]
    failed: tuple[str, str]
    tables: tuple[ListPage, ...]
    empty: Empty | None


@blueprint.get(URL)
def show() -> str:
    """Show the sums of a span of time, of all keys or of one."""
    session, actor = db.session(), current_actor()
    hours, key = _chosen("hours", HOURS), request.args.get("key", "")
    order = _chosen("sort", ORDERS)
    until = now()
    span = Span(until - dt.timedelta(hours=int(hours)), until, _number(key))
    found = usage(session, actor, span, order, str(zone()))
    names = _names(session, actor)
    links = Links(URL, span, hours, key)
    page = Page(
        url=URL,
        choices=(
            _choice("hours", _("Time"), hours, HOURS.items()),
            _choice("key", _("Key"), key, [("", _("All")), *names.items()]),
        ),
        order=order,
        calls=(format_decimal(found.calls), links.calls()),
        failed=(format_decimal(found.failed), links.failed()),
        tables=tuple(tables(found, links, names, order)) if found.calls else (),
        empty=None if found.calls else NONE,
    )
    return render_template("usage/usage.html", page=page)


def _chosen(name: str, known: Iterable[str]) -> str:
    """Return one of `known`, the first if nothing was chosen. Raises Malformed for anything else."""
    options = list(known)
    chosen = request.args.get(name) or options[0]
    if chosen not in options:
        text = _("Choose one of these: %(options)s.", options=", ".join(options))
        raise Malformed([FieldError(name, "not_an_option", text)])
    return chosen


def _number(key: str) -> int | None:
    if key and not (key.isascii() and key.isdecimal() and len(key) < 19):
        raise Malformed([FieldError("key", "not_an_integer", _("Write the number of a key."))])
    return int(key) if key else None


def _names(session: Session, actor: Actor) -> dict[str, Text]:
    """Return what keys are called, by their numbers; 0 stands for calls without one."""
    seen = select(ApiKey.id, ApiKey.description, ApiKey.prefix).where(visible(actor, ApiKey))
    rows: Any = session.execute(seen.order_by(ApiKey.description, ApiKey.id).limit(KEYS))
    return {"0": _("Without a key"), **{str(row.id): f"{row.description} ({row.prefix}…)" for row in rows}}


def _choice(name: str, label: Text, value: str, options: Iterable[tuple[str, Text]]) -> FormField:
    known = tuple(Option(value=one, label=text, selected=one == value) for one, text in options)
    return FormField(name=name, kind="select", label=label, value=value, options=known, required=True)
