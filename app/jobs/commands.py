"""The commands of the processes that stay, `worker` and `schedule`, and of jobs that are begun by hand."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.jobs.each import each
from app.jobs.exchange_commands import export_table, import_table
from app.jobs.queues import QUEUES


def install(app: Flask) -> None:
    """Add the commands to the application."""
    for command in (worker, schedule, export_table, import_table):
        app.cli.add_command(command)


@click.command()
@click.argument("queue", required=False, type=click.Choice(QUEUES))
@with_appcontext
def worker(queue: str | None) -> None:
    """Work on one queue; without a name, on each in a process of its own."""
    if queue is None:
        raise SystemExit(each(["worker", name] for name in QUEUES))
    from app.jobs.worker import Worker  # loaded by this process only: it is not small

    Worker(_application(), queue).run()


@click.command()
@with_appcontext
def schedule() -> None:
    """Start what is due again and again, and find effects that the queue lost."""
    from app.jobs.schedule import Clockwork

    Clockwork(_application()).run()


def _application() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]
