"""`demo`: a desk like a real company's."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.cli.database import owner
from app.core.extensions import db


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing where there is an employee already.")
@click.option("--seed", default=20, show_default=True, help="The same seed makes the same desk.")
@click.option(
    "--tickets", type=int, default=None, help="Add this many bulk tickets by COPY, for measurements."
)
@with_appcontext
def demo(if_empty: bool, seed: int, tickets: int | None) -> None:
    """Fill the database with a desk to try things on: logins, teams, rules, tickets of 90 days."""
    from app.demo import bulk, desk  # only this command needs the name generator

    session = db.session()
    if tickets is not None:
        added = bulk.copy_tickets(session, tickets, seed)
        bulk.vacuum(owner())
        click.echo(f"{added} tickets were added.")
    elif if_empty and not desk.is_empty(session):
        click.echo("There is data already; nothing was added.")
    else:
        desk.build(session, seed)
        click.echo("The demo desk is ready.")
