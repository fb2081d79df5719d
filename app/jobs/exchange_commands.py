"""`export` and `import`: whole tables to a file and back, by hand or by a timer of the operator's."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app import models
from app.access import SYSTEM
from app.adapters import storage
from app.core.errors import Problem
from app.core.extensions import db
from app.fields import fields_of
from app.generate.exchange import guess, plan_of, sheet_of
from app.generate.exchange.plan import importable, keys_of
from app.jobs import long
from app.jobs.unit import unit
from app.models.jobs import Job, JobFailure, JobKind, JobState
from app.record import act_as
from app.services import exchange, files, jobs
from app.services.bulk import Failure

TABLE = click.argument("table")
TOLD = 20
"""Refused lines told by the command; a file holds all."""
LOOK = 0.5
"""Seconds between two looks whether a worker that was faster has ended the job."""


@click.command("export")
@TABLE
@click.option("--to", "target", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--filter", "filters", multiple=True, help="As in the address of a list: status=open")
@with_appcontext
def export_table(table: str, target: Path, filters: tuple[str, ...]) -> None:
    """Write the rows of TABLE to a file that ends in .csv, .xlsx or .json."""
    model, form = _model(table), exchange.FORMATS.get(target.suffix.lstrip("."))
    if form is None:
        raise click.ClickException(f"Name a file that ends in .{', .'.join(exchange.FORMATS)}.")
    session, written = db.session(), 0
    try:
        sheet = sheet_of(session, SYSTEM, model, MultiDict(parse_qsl("&".join(filters))))
        with target.open("wb") as content:
            writer = form.writer(content, sheet.columns, dt.UTC)
            for some in exchange.chunks(session, model, sheet.statement, sheet.columns):
                writer.add(some)
                written += some.count
            writer.end()
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"{written} rows of {table} are in {target}.")


@click.command("import")
@TABLE
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", help="Change the row that has the same id or unique value, in place of adding one.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@with_appcontext
def import_table(table: str, source: Path, key: str | None, dry_run: bool) -> None:
    """Read the rows of a CSV or JSON file into TABLE; columns are fields by name or label."""
    model, session = _model(table), db.session()
    act_as(session, SYSTEM, source="import")
    try:
        with source.open("rb") as content:
            columns = exchange.read_rows(content, source.name).columns
        mapping = _mapping(session, model, columns, key)
        if dry_run:
            _try(session, model, mapping, key, source)
        else:
            _load(session, model, mapping, key, source)
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem


def _model(table: str) -> Any:
    known = {model.__tablename__: model for model in models.load() if model.resource.columns}
    if table not in known:
        raise click.ClickException(f"There is no table {table}. Known: {', '.join(known)}.")
    return known[table]


def _mapping(session: Session, model: Any, columns: Sequence[str], key: str | None) -> dict[str, str]:
    fields = importable(session, SYSTEM, model)
    mapping = guess(columns, fields, fields_of(session, model))
    if not set(mapping.values()) & set(fields):
        raise click.ClickException(f"No column is a field of {model.__tablename__}: {', '.join(fields)}.")
    if key and (key not in keys_of(fields, model) or key not in mapping.values()):
        raise click.ClickException(
            f"Rows can be found by: {', '.join(keys_of(fields, model))}, if a column has it."
        )
    left_out = [column for column in columns if column not in mapping]
    if left_out:
        click.echo(f"Left out: {', '.join(left_out)}")
    return mapping


def _try(session: Session, model: Any, mapping: dict[str, str], key: str | None, source: Path) -> None:
    """Load everything in one transaction and take it back."""
    plan = plan_of(session, SYSTEM, model, mapping, key=key)
    with source.open("rb") as content:
        came = exchange.load(session, SYSTEM, plan, list(exchange.read_rows(content, source.name).lines))
    session.rollback()
    _tell(came.failures)
    click.echo(f"{came.done} rows can be imported, {len({one.position for one in came.failures})} cannot.")


def _load(session: Session, model: Any, mapping: dict[str, str], key: str | None, source: Path) -> None:
    """Begin the job of this import, and do it here; if this is killed, a worker goes on with it."""
    where = storage.from_config(current_app.config)
    with source.open("rb") as content:
        file = files.keep(session, where, SYSTEM, content, name=source.name, media_type="text/csv")
    said = {"file": file.id, "mapping": mapping, "key": key}
    number = jobs.start(session, SYSTEM, JobKind.IMPORT, model, "import", arguments=said).id
    session.commit()
    job = _ended(number)
    with unit() as anew:
        told = select(JobFailure).where(JobFailure.job_id == number).order_by(JobFailure.id).limit(TOLD)
        _tell(
            [Failure(one.position, one.label, one.code, one.message, one.field) for one in anew.scalars(told)]
        )
    click.echo(f"Job {number}: {job.done} rows were imported, {job.failed} were refused.")
    if job.state is not JobState.DONE:
        raise click.ClickException(f"The job is {job.state}: {job.error or '/jobs/' + str(number)}")


def _ended(number: int) -> Job:
    while True:
        long.run(number)
        with unit() as session:
            job = session.get_one(Job, number)
        if not job.is_open:
            return job
        time.sleep(LOOK)


def _tell(failures: Sequence[Failure | JobFailure]) -> None:
    for failure in failures[:TOLD]:
        name = f"{failure.field}: " if failure.field else ""
        click.echo(f"Row {failure.position} ({failure.label}): {name}{failure.message}")
