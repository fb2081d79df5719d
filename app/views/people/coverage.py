"""`/people/coverage`: the week of a team, the open hours that nobody covers, and who is there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel.dates import format_interval
from flask import flash, redirect, request
from flask_babel import format_date, format_time, get_locale
from werkzeug.wrappers import Response

from app.access import hidden, is_hidden, may, require
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Invalid, NotFound, Stale, told_of
from app.core.extensions import db
from app.core.i18n import Text, _
from app.fields import Audience, Purpose, check, fields_of, settings_of
from app.generate.addresses import with_query
from app.generate.deeds import seen_version
from app.generate.errors import answer
from app.generate.identity import current_actor
from app.generate.pages import Action, FormField, Option
from app.models.coverage import Shift
from app.models.people import Availability, Employee
from app.models.teams import Team
from app.services import employees
from app.services.coverage import Week, week_of
from app.services.coverage.stretch import DAY, Span
from app.views.people.blueprint import blueprint, team_choice, teams_of

URL = "/people/coverage"
ISOLATE, END = "\u2068", "\u2069"
"""Around a text that reads in its own direction, whatever that of the page."""
TWELVE = frozenset("hK")
"""What hours are written as where the clock has twelve, in the patterns of CLDR."""
CHANGED = ("availability", "follows_shifts", "capacity")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One shift in a cell."""

    text: Text
    url: str | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One person: the days of the week, and what can be changed of them."""

    person: Employee
    days: tuple[tuple[Entry, ...], ...]
    add_urls: tuple[str, ...]
    fields: tuple[FormField, ...]
    limit: Text
    """What the person takes at most by their own word, where that is less than who plans has set."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """The week."""

    url: str
    team: FormField
    week: dt.date
    title: Text
    zone: str
    days: tuple[tuple[Text, tuple[Text, ...], tuple[Text, ...]], ...]
    lines: tuple[Line, ...]
    has_hours: bool
    hours: Action | None
    previous_url: str
    next_url: str
    may_edit: bool


@blueprint.get("/coverage")
def coverage() -> Response:
    """Show a week of a team; without a choice of the first one, and this week."""
    session, actor = db.session(), current_actor()
    require(actor, Can.READ, Shift)
    teams = teams_of(session, actor)
    chosen = request.args.get("team", "") or next(iter(teams), "")
    if not teams:
        return answer("people/no_team.html")
    team = session.get(Team, int(chosen)) if chosen in teams else None
    if team is None:
        raise NotFound
    found = week_of(session, actor, team, _monday(ZoneInfo(settings_of(session).time_zone)))
    return answer("people/coverage.html", page=_page(found, team_choice(teams, chosen)))


@blueprint.post("/coverage/<int:number>")
def plan(number: int) -> Response:
    """Change whether somebody is there, and how much they can take."""
    session, actor = db.session(), current_actor()
    require(actor, Can.EDIT, Shift)
    person = session.get(Employee, number)
    if person is None:
        raise NotFound
    fields = fields_of(session, Employee).pick(CHANGED)
    raw = {name: request.form.get(name, "") for name in ("availability", "capacity")}
    raw |= {"follows_shifts": "follows_shifts" in request.form}  # type: ignore[dict-item]
    try:
        values = check(fields, raw, Audience.AGENT, Purpose.PATCH)
        employees.plan(session, actor, person, values, seen_version())
        session.commit()
        flash(_("%(name)s was saved.", name=person.name), "success")
    except (Invalid, Stale) as problem:
        session.rollback()
        flash(told_of(problem), "danger")
    return redirect(with_query(URL, [(name, request.form.get(name, "")) for name in ("team", "week")]))


def _monday(zone: ZoneInfo) -> dt.date:
    """Return the Monday of the week that is asked for, of this week if none is."""
    try:
        day = dt.date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        day = now().astimezone(zone).date()
    if not 1 < day.year < 9999:
        raise NotFound
    return day - dt.timedelta(days=day.weekday())


def _page(found: Week, team: FormField) -> Page:
    actor, monday = current_actor(), found.days[0].date
    may_edit = may(actor, Can.EDIT, Shift)
    last = format_date(found.days[-1].date, "medium")
    hours = Action(label=_("Business hours"), url="/admin/business_hours/list/", icon="clock")
    return Page(
        url=URL,
        team=team,
        week=monday,
        title=_("%(first)s to %(last)s", first=format_date(monday, "medium"), last=last),
        zone=found.zone.key,
        days=tuple(
            (
                format_date(day.date, "EEE d"),
                tuple(_hours(span, found.zone) for span in day.open),
                tuple(_hours(span, found.zone) for span in day.gaps),
            )
            for day in found.days
        ),
        lines=tuple(_line(found, person, may_edit=may_edit) for person in found.people),
        has_hours=found.has_hours,
        hours=hours if may_edit else None,
        previous_url=_address(found, monday - 7 * DAY),
        next_url=_address(found, monday + 7 * DAY),
        may_edit=may_edit,
    )


def _line(found: Week, person: Employee, *, may_edit: bool) -> Line:
    days = tuple(
        tuple(
            Entry(
                text=_hours(one.span, found.zone),
                url=f"/admin/shifts/{'edit' if may_edit else 'show'}/{one.shift_id}",
            )
            for one in day
        )
        for day in found.shifts[person.id]
    )
    add = tuple(
        with_query(
            "/admin/shifts/add",
            [
                ("employee_id", str(person.id)), ("team_id", str(found.team.id)),
                ("weekday", str(day.date.isoweekday())), ("time_zone", found.zone.key),
            ],
        )
        for day in found.days
    )  # fmt: skip
    return Line(
        person=person,
        days=days,
        add_urls=add if may_edit else (),
        fields=_inputs(person),
        limit=_limit(person),
    )


def _limit(person: Employee) -> Text:
    seen = not is_hidden(hidden(current_actor(), Employee), "effective_capacity")
    lowered = person.effective_capacity < person.capacity
    return _("Own limit now: %(number)s", number=person.effective_capacity) if seen and lowered else ""


def _inputs(person: Employee) -> tuple[FormField, ...]:
    fields = fields_of(db.session(), Employee)
    options = tuple(Option(value=one.value, label=one.label) for one in Availability)
    return tuple(
        FormField(
            name=name,
            kind=kind,
            label=fields[name].label,
            value=getattr(person, name),
            options=options if kind == "select" else (),
            required=True,
            attributes={"id": f"f-{name}-{person.id}"},
        )
        for name, kind in (("availability", "select"), ("capacity", "integer"), ("follows_shifts", "boolean"))
    )


def _hours(span: Span, zone: ZoneInfo) -> Text:
    """Return from when to when, as short as the reader's clock allows: `9 – 11 AM`, `09:00–11:00`."""
    start, end = (moment.astimezone(zone) for moment in span)
    locale = get_locale()
    if not TWELVE & set(locale.time_formats["short"].pattern):
        said = "–".join(format_time(moment, "short", rebase=False) for moment in (start, end))
    else:
        is_full = start.minute == end.minute == 0
        said = format_interval(start, end, "h" if is_full else "hm", tzinfo=zone, locale=locale)
    return f"{ISOLATE}{said}{END}"


def _address(found: Week, monday: dt.date) -> str:
    return with_query(URL, [("team", str(found.team.id)), ("week", monday.isoformat())])
