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
from app.generate.pages import Column, Empty, ListPage, Row
from app.generate.parts import NOTHING, Cell, Show
from app.services.work import KINDS, Work, work
from app.views.jobs.blueprint import blueprint

URL = "/jobs/queues"
NEEDED = ("effects", "bulk", "schedule")
"""The processes without which something is left undone."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """The tables, and what is not as it should be."""

    tables: tuple[ListPage, ...]
    warnings: tuple[Text, ...]


@blueprint.get(URL)
def queues() -> str:
    """Show the backlog of each kind of work, the queues and the living processes."""
    found = work(db.session(), current_actor())
    page = Page(tables=tuple(_tables(found)), warnings=tuple(_warnings(found)))
    return render_template("jobs/queues.html", page=page)


def navigation(actor: Actor) -> list[NavItem]:
    """Return the place of the page, for who may see all that it sums up."""
    if not all(may(actor, Can.READ, model) for model in KINDS.values()):
        return []
    return [NavItem(label=_("Queues"), url=URL, icon="list-ordered", current=request.path == URL)]


def _tables(found: Work) -> Iterator[ListPage]:
    columns = [
        _column("what", _("What")),
        _column("waiting", _("Waiting"), numeric=True),
        _column("oldest", _("Oldest since")),
        _column("failed", _("Failed"), numeric=True),
        _column("parked", _("Parked"), numeric=True),
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
    yield _table(_("Work"), columns, rows)
    if found.queues:
        named = [(name, format_decimal(length)) for name, length in found.queues.items()]
        yield _table(
            _("Queues"),
            [_column("queue", _("Queue")), _column("length", _("Hints"), numeric=True)],
            [Row(id="", label=n, cells=(Cell(text=n), Cell(kind=Show.NUMBER, text=k))) for n, k in named],
        )
    if found.workers:
        beats = [one.split(":", 2) for one in found.workers]
        yield _table(
            _("Living processes"),
            [_column("role", _("Works on")), _column("host", _("Machine")), _column("pid", _("Process"))],
            [Row(id="", label=one[0], cells=tuple(Cell(text=part) for part in one)) for one in beats],
        )


def _warnings(found: Work) -> Iterator[Text]:
    if found.workers is None:
        yield _("Redis does not answer. Nothing is lost: the work waits in the database.")
        return
    alive = {one.partition(":")[0] for one in found.workers}
    for name in NEEDED:
        if name not in alive:
            yield _("No process works on %(name)s. Start it, or work stays undone.", name=name)


def _count(number: int, url: str) -> Cell:
    return Cell(kind=Show.LINK, text=format_decimal(number), url=url if number else None)


def _column(name: str, label: Text, *, numeric: bool = False) -> Column:
    return Column(name=name, label=label, numeric=numeric)


def _table(title: Text, columns: list[Column], rows: list[Row]) -> ListPage:
    empty = Empty(title=_("None"), icon="activity")
    return ListPage(title=title, columns=tuple(columns), rows=tuple(rows), url="", empty=empty)
