"""`audit verify|checkpoint|seal`: the sealed audit log, looked at from outside."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from app.access import SYSTEM
from app.adapters import audit_keys
from app.core.clock import now
from app.core.extensions import db
from app.record import act_as
from app.services import mails
from app.services.audit import Report, checkpoint, seal_now
from app.services.audit import verify as look

UNKEPT = (
    "Without a checkpoint it goes unseen if who owns the tables cut the end, or with the key rewrote it all."
)
SNAPSHOT: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def audit() -> None:
    """The sealed audit log."""


@audit.command()
@click.option("--checkpoint", "file", type=FILE, help="A file of checkpoints, one a line.")
@click.option("--since", type=click.IntRange(min=0), default=0, help="Trust blocks up to this number.")
@with_appcontext
def verify(file: Path | None, since: int) -> None:
    """Look at every row and block. Exits with 1 and names the first bad one if something was changed."""
    try:
        points = checkpoint.parse(file.read_text(encoding="utf-8").splitlines()) if file else []
    except ValueError as error:
        raise click.ClickException(f"{file}: {error}") from error
    keys = audit_keys.from_config(current_app.config)
    with db.engine.connect().execution_options(**SNAPSHOT) as connection:
        report = look(connection, keys, points, since)
    for line in _told(report):
        click.echo(line)
    if not points:
        click.echo(UNKEPT)
    raise SystemExit(1 if report.fault else 0)


@audit.command("checkpoint")
@click.option("--mail", "recipient", help="Send it to this address too.")
@click.option("--event", is_flag=True, help="Send it to webhooks too, as AUDIT_CHECKPOINT.")
@with_appcontext
def make(recipient: str | None, event: bool) -> None:
    """Seal what there is and print the last block as one line of JSON, to be kept elsewhere."""
    session, keys = db.session(), audit_keys.from_config(current_app.config)
    act_as(session, SYSTEM, source="cli")
    seal_now(session, keys)
    made = checkpoint.take(session.connection(), keys)
    if made is None:
        raise click.ClickException("Nothing was sealed yet. The process `schedule` seals every 30 seconds.")
    if event:
        checkpoint.tell(session, keys)
    if recipient:
        mails.queue(session, "checkpoint", recipient, line=made.line())
    session.commit()
    click.echo(made.line())


@audit.command()
@with_appcontext
def seal() -> None:
    """Seal now what the process `schedule` would seal within 30 seconds."""
    session = db.session()
    rows = seal_now(session, audit_keys.from_config(current_app.config))
    session.commit()
    click.echo(f"{rows} rows were sealed.")


def _told(report: Report) -> list[str]:
    last = report.last
    lines = [f"{report.rows} rows in {report.blocks} blocks, up to block {last.id} and row {last.last_id}."]
    if report.unsealed and report.unsealed_since:
        age = max(dt.timedelta(), now() - report.unsealed_since)
        lines.append(
            f"{report.unsealed} rows are not sealed yet, the oldest for {age.total_seconds():.0f} s."
        )
    lines.append(f"CHANGED  {report.fault}" if report.fault else "No change was detected.")
    return lines
