"""`employees create`: the first administrator, and whoever cannot be invited from a screen."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.access import SYSTEM
from app.core.errors import NotFound, Problem
from app.core.extensions import db
from app.core.i18n import _
from app.record import act_as
from app.services import employees as service


@click.group()
def employees() -> None:
    """Employees."""


@employees.command()
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", default="agent", show_default=True, help="admin, supervisor, agent or a custom role.")
@with_appcontext
def create(email: str, name: str, role: str) -> None:
    """Make an employee and print, alone on the last line, a one-time link to set the password."""
    session = db.session()
    act_as(session, SYSTEM, source="cli")
    try:
        employee = service.add(session, SYSTEM, {"email": email, "name": name, "role": role})
        token = service.invite(session, employee)
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem
    session.commit()
    click.echo(f"{name} may sign in after setting a password by this link (7 days, once):")
    click.echo(f"{current_app.config['BASE_URL']}/password/{token}")


@employees.command()
@click.argument("email")
@with_appcontext
def reset_second_factor(email: str) -> None:
    """Take away the second factor of who lost phone and recovery codes; their sessions end."""
    session = db.session()
    act_as(session, SYSTEM, source="cli")
    employee = service.find(session, email)
    try:
        if employee is None:
            raise NotFound(_("There is no employee with this address."))
        service.reset_second_factor(session, SYSTEM, employee)
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem
    session.commit()
    click.echo(f"{employee.name} signs in with the password alone now.")
