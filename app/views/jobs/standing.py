"""Jobs that go on or stopped, and effects that stopped, as tables with what can be done beside each row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask_babel import format_decimal

from app.access import Actor
from app.core.i18n import Text, _
from app.generate import menus
from app.generate.cells import page_address, title_of
from app.generate.pages import Column, Empty, ListPage, Row
from app.generate.parts import Cell, Show
from app.models.effects import State
from app.models.jobs import Job
from app.views.jobs.progress import TONES, counted, state, title


def column(name: str, label: Text, *, numeric: bool = False) -> Column:
    """Return a column nobody can order by."""
    return Column(name=name, label=label, numeric=numeric)


JOBS = (
    column("what", _("Job")),
    column("state", _("State")),
    column("done", _("Progress")),
    column("since", _("Started")),
)
EFFECTS = (
    column("what", _("What")),
    column("kind", _("Kind")),
    column("state", _("State")),
    column("tries", _("Tries"), numeric=True),
    column("error", _("Error")),
)


def standing_tables(
    actor: Actor, jobs: Sequence[Job], effects: Sequence[Any], back: str
) -> Iterator[ListPage]:
    """Yield the tables of what there is to look after; none where there is nothing."""
    if jobs:
        yield table(_("Jobs under way or stopped"), JOBS, (_job(actor, job, back) for job in jobs))
    if effects:
        yield table(
            _("Events and mails that stopped"), EFFECTS, (_effect(actor, one, back) for one in effects)
        )


def table(title: Text, columns: Iterable[Column], rows: Iterable[Row]) -> ListPage:
    """Return a table of a few rows, without anything to narrow it down."""
    empty = Empty(title=_("None"), icon="activity")
    return ListPage(title=title, columns=tuple(columns), rows=tuple(rows), url="", empty=empty)


def _job(actor: Actor, job: Job, back: str) -> Row:
    figures = (job.done, job.total, job.failed) if job.total else None
    cells = (
        Cell(text=title(job)),
        Cell(kind=Show.BADGE, text=state(job), value=TONES.get(job.state, "")),
        Cell(kind=Show.PROGRESS, text=counted(job), value=figures),
        Cell(kind=Show.TIME, value=job.created_at),
    )
    return _row(actor, job, title(job), cells, back)


def _effect(actor: Actor, row: Any, back: str) -> Row:
    cells = (
        Cell(text=title_of(row)),
        Cell(text=row.resource.title),
        Cell(kind=Show.BADGE, text=row.state.label, value="danger" if row.state is State.FAILED else "warn"),
        Cell(kind=Show.NUMBER, text=format_decimal(row.lease_count)),
        Cell(text=row.error or ""),
    )
    return _row(actor, row, title_of(row), cells, back)


def _row(actor: Actor, row: Any, label: Text, cells: tuple[Cell, ...], back: str) -> Row:
    url = page_address(type(row), row.id)
    deeds = menus.at_hand(actor, row, back)
    return Row(id=str(row.id), label=label, url=url, cells=cells, menu=deeds)
