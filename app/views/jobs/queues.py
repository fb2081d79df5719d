"""`/jobs/queues`: how much waits and since when, what stopped, and which processes work on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template, request
from flask_babel import format_decimal

from app.access import Actor, may
from app.core.declare import Can
from app.core.extensions import db
from app.core.i18n import Text, _
from app.generate.addresses import with_query
from app.generate.frame import NavItem
from app.generate.identity import current_actor
from app.generate.pages import ListPage, Row
from app.generate.parts import NOTHING, Cell, Show
from app.services import stuck
from app.services.work import KINDS, Work, worded, work
from app.views.jobs.blueprint import blueprint
from app.views.jobs.standing import column, standing_tables, table

URL = "/jobs/queues"
NEEDED = ("effects", "bulk", "schedule")
"""The processes without which something is left undone."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """What waits, row by row what goes on and what stopped, and what is not as it should be.

    Each menu of a row is drawn as buttons. While something goes on, the page renews itself (`renews`).
    """

    tables: tuple[ListPage, ...]
    warnings: tuple[Text, ...]
    renews: bool


@blueprint.get(URL)
def queues() -> str:
    """Show the backlog of each kind of work, what goes on and what stopped, and the living processes."""
    session, actor = db.session(), current_actor()
    found, jobs = work(session, actor), stuck.jobs(session, actor)
    standing = standing_tables(actor, jobs, stuck.effects(session, actor), URL)
    sums, *processes = _tables(found)
    page = Page(
        tables=(sums, *standing, *processes),
        warnings=tuple(_warnings(found)),
        renews=any(job.is_open for job in jobs),
    )
    return render_template("jobs/queues.html", page=page)


def navigation(actor: Actor) -> list[NavItem]:
    """Return the place of the page, for who may see all that it sums up."""
    if not all(may(actor, Can.READ, model) for model in KINDS.values()):
        return []
    return [NavItem(label=_("Queues"), url=URL, icon="list-ordered", current=request.path == URL)]


def _tables(found: Work) -> Iterator[ListPage]:
    columns = [
        column("what", _("What")),
        column("waiting", _("Waiting"), numeric=True),
        column("oldest", _("Oldest since")),
        column("failed", _("Failed"), numeric=True),
        column("parked", _("Parked"), numeric=True),
    ]
    rows = []
    for backlog in found.backlogs.values():
        url = f"/console/{backlog.model.__tablename__}/"
        label = backlog.model.resource.plural
        stopped = (("failed", backlog.failed), ("parked", backlog.parked))
        cells = (
            Cell(text=label),
            Cell(kind=Show.NUMBER, text=format_decimal(backlog.waiting)),
            Cell(kind=Show.TIME, value=backlog.oldest) if backlog.oldest else NOTHING,
            *(_count(number, with_query(url, [("state", state)])) for state, number in stopped),
        )
        rows.append(Row(id="", label=label, url=url, cells=cells))
    yield table(_("Work"), columns, rows)
    if found.queues:
        named = [(str(worded(name)), format_decimal(length)) for name, length in found.queues.items()]
        yield table(
            _("Queues"),
            [column("queue", _("Queue")), column("length", _("Hints"), numeric=True)],
            [Row(id="", label=n, cells=(Cell(text=n), Cell(kind=Show.NUMBER, text=k))) for n, k in named],
        )
    if found.workers:
        beats = [(str(worded(role)), *where) for role, *where in (one.split(":", 2) for one in found.workers)]
        yield table(
            _("Living processes"),
            [column("role", _("Works on")), column("host", _("Machine")), column("pid", _("Process"))],
            [Row(id="", label=one[0], cells=tuple(Cell(text=part) for part in one)) for one in beats],
        )


def _warnings(found: Work) -> Iterator[Text]:
    if found.workers is None:
        yield _("Redis does not answer. Nothing is lost: the work waits in the database.")
        return
    alive = {one.partition(":")[0] for one in found.workers}
    for name in NEEDED:
        if name not in alive:
            told = {"what": worded(name), "name": name}
            yield _("%(what)s: no process does this. Start “%(name)s”, or work stays undone.", **told)


def _count(number: int, url: str) -> Cell:
    return Cell(kind=Show.LINK, text=format_decimal(number), url=url if number else None)
