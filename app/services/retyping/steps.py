"""The steps of the job: looking at every value, changing the definition, rewriting page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import models
from app.access import Actor
from app.core.errors import NotFound
from app.core.i18n import Text, _, _n
from app.fields import Field, Kind, Refused, becoming, is_same
from app.models.fields import FieldDefinition, FieldType
from app.models.jobs import JobFailure
from app.record import flush
from app.services import field_definitions, field_options
from app.services.bulk import Failure
from app.services.retyping.asking import EMPTYING, REPLACEMENTS, has_one, require_all
from app.services.retyping.report import replaced, short, zone_of

LOOKED = 2_000
"""Values looked at in one step."""
MOST_EMPTIED = 10_000
"""So many values are written down before they are emptied; where there are more, none is."""


@dataclass(frozen=True, kw_only=True)
class Came:
    """What a step came to: where the next begins, rows done, rows with a value nothing can be made of.

    With a `reason` it is over because nothing may be changed.
    """

    last: int
    done: int = 0
    failures: list[Failure] = field(default_factory=list)
    over: bool = False
    reason: Text = ""


def go_on(session: Session, actor: Actor, job: Any, most: int) -> Came:
    """Do the next step of a job: look at values, change the definition, or rewrite `most` rows.

    Raises NotFound, Stale and Conflict where the definition is no longer what it was, or may not be changed.
    """
    definition = session.get(FieldDefinition, job.arguments["definition"])
    if definition is None:
        raise NotFound
    require_all(actor, definition)
    if _is_changed(definition, job):
        return _rewrite(session, job, definition, most)
    return _look(session, job, definition) or _change(session, actor, job, definition)


def _is_changed(definition: FieldDefinition, job: Any) -> bool:
    """Tell whether the definition has its new type already, and none of the options that go."""
    present = field_options.values_of(definition.options)
    is_new = definition.field_type == job.arguments["values"]["field_type"]
    return is_new and not {*job.arguments.get("gone", ())} & {*present}


def _look(session: Session, job: Any, definition: FieldDefinition) -> Came | None:
    """Look at the next values; None after the last one."""
    row = field_definitions.draft(session, field_definitions.row_of(definition) | job.arguments["values"])
    about, model = field_definitions.as_field(session, row), _model(definition)
    page = select(model.id, model.custom_fields[about.key])
    page = page.where(has_one(model, definition), model.id > job.cursor).order_by(model.id).limit(LOOKED)
    rows, zone = session.execute(page).all(), zone_of(session)
    by = job.arguments.get(REPLACEMENTS, {})
    found = [(number, _made(about, number, kept, zone, by)) for number, kept in rows]
    failures = [made for _number, made in found if isinstance(made, Failure)]
    return Came(last=rows[-1][0], failures=failures) if rows else None


def _change(session: Session, actor: Actor, job: Any, definition: FieldDefinition) -> Came:
    """Change the definition once every value was looked at, or say why nothing is changed."""
    said = job.arguments
    if job.failed and (not said[EMPTYING] or job.failed > MOST_EMPTIED):
        return Came(last=job.cursor, over=True, reason=_refusal(job))
    values = said["values"] | {"field_type": FieldType(said["values"]["field_type"])}
    field_definitions.change(session, actor, definition, values, said["version"])
    flush(session)
    return Came(last=0)


def _refusal(job: Any) -> Text:
    if not job.arguments[EMPTYING]:
        return _n(
            "Nothing was changed: nothing can be made of %(num)s value. Mend it, or let it be emptied.",
            "Nothing was changed: nothing can be made of %(num)s values. Mend them, or let them be emptied.",
            job.failed,
        )
    return _(
        "Nothing was changed: nothing can be made of more than %(most)s values. Define a new field.",
        most=MOST_EMPTIED,
    )


def _rewrite(session: Session, job: Any, definition: FieldDefinition, most: int) -> Came:
    """Give the next rows what they keep from now on; they are held meanwhile, so that none is stale."""
    about = field_definitions.as_field(session, field_definitions.row_of(definition))
    model = _model(definition)
    page = select(model).where(has_one(model, definition), model.id > job.cursor).order_by(model.id)
    held = page.limit(most).with_for_update(of=model).execution_options(populate_existing=True)
    rows = session.scalars(held).unique().all()
    if not rows:
        return Came(last=job.cursor, over=True)
    zone, told, by = zone_of(session), _told(session, job, rows), job.arguments.get(REPLACEMENTS, {})
    impossible = []
    for row in rows:
        kept = row.custom_fields[about.key]
        made = _made(about, row.id, kept, zone, by)
        if isinstance(made, Failure):
            impossible.append(made)
            if not job.arguments[EMPTYING]:
                continue
            made = _rest(about, replaced(kept, by))
        _keep(row, about.key, made)
    flush(session)
    failures = [one for one in impossible if told.get(one.position) != one.raw]
    return Came(last=rows[-1].id, done=len(rows) - len(impossible), failures=failures)


def _keep(row: Any, key: str, made: Any) -> None:
    """Let `row` keep `made`, None for nothing; what it keeps already is not written again."""
    if made is None or not is_same(made, row.custom_fields[key]):
        others = {name: value for name, value in row.custom_fields.items() if name != key}
        row.custom_fields = others if made is None else {**others, key: made}


def _rest(about: Field, kept: Any) -> list[str] | None:
    """Return the options of a list that are left of a value, None if there is nothing."""
    items = kept if isinstance(kept, list) and about.kind is Kind.MULTI_SELECT else []
    return [item for item in items if item in about.values] or None


def _made(about: Field, number: int, kept: Any, zone: ZoneInfo, by: Mapping[str, str | None]) -> Any:
    """Return what row `number` keeps in the place of `kept`, or the failure that says why it cannot."""
    try:
        return becoming(about, replaced(kept, by), zone)
    except Refused as problem:
        error = problem.at(about.name)
        raw = {"id": number, about.key: kept}
        return Failure(number, short(kept), error.code, error.message, about.name, raw)


def _model(definition: FieldDefinition) -> Any:
    return models.by_table(definition.applies_to)


def _told(session: Session, job: Any, rows: Sequence[Any]) -> dict[int, Any]:
    """Return what was written down of these rows already, by their numbers."""
    mine = JobFailure.job_id == job.id, JobFailure.position.in_([row.id for row in rows])
    found = session.execute(select(JobFailure.position, JobFailure.raw).where(*mine))
    return {row.position: row.raw for row in found}
