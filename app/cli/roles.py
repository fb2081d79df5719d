"""`roles list|show|why|sync`: the roles, what they may do, and why somebody may not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from app import models
from app.access import TableGrant, explain, grants
from app.cli.database import owner
from app.core.declare import Can, Scope
from app.core.extensions import db
from app.models.access import DeskRole
from app.models.people import Employee
from app.services import employees
from app.services.roles import actor_of

WORDS = {Can.READ: "read", Can.ADD: "add", Can.EDIT: "edit", Can.DELETE: "delete"}
ROWS = {Scope.OWN: "own", Scope.TEAM: "own teams", Scope.ALL: "all"}


@click.group()
def roles() -> None:
    """Roles and what they may do."""


@roles.command()
@with_appcontext
def sync() -> None:
    """Write newly declared grants. What was changed in the access screen is never overwritten."""
    with owner().begin() as connection:
        written = grants.sync(connection, models.load())
    click.echo(f"{written} grants were written.")


@roles.command("list")
@with_appcontext
def list_roles() -> None:
    """List the roles: name, title, how many employees have it, built in or made here."""
    count = select(func.count()).where(Employee.role == DeskRole.name).scalar_subquery()
    for role, employed in db.session().execute(select(DeskRole, count).order_by(DeskRole.id)):
        kind = "built in" if role.builtin else "custom"
        click.echo(f"{role.name}\t{role.title}\t{employed} employees\t{kind}")


@roles.command()
@click.argument("name")
@with_appcontext
def show(name: str) -> None:
    """Show what the role NAME may do now: one line a table, with the rows of each verb."""
    session = db.session()
    if session.scalar(select(DeskRole.id).where(DeskRole.name == name)) is None:
        raise click.ClickException(f"There is no role {name}. `roles list` shows them.")
    for line in matrix(grants.of_role(session, name)):
        click.echo(line)


@roles.command()
@click.argument("email")
@click.argument("verb", type=click.Choice(list(WORDS.values())))
@click.argument("table")
@click.argument("number", type=int, required=False)
@with_appcontext
def why(email: str, verb: str, table: str, number: int | None) -> None:
    """Say why the employee EMAIL may, or may not, VERB rows of TABLE, or the row NUMBER of it."""
    session = db.session()
    employee = employees.find(session, email)
    if employee is None or table not in {model.__tablename__ for model in models.load()}:
        raise click.ClickException("There is no such employee, or no such table.")
    model: Any = models.by_table(table)
    target = model if number is None else session.get(model, number)
    if target is None:
        raise click.ClickException(f"There is no row {number} in {table}.")
    can = next(can for can, word in WORDS.items() if word == verb)
    told = explain(actor_of(session, employee), can, target)
    click.echo("yes" if told.allowed else "no")
    for reason in told.reasons:
        click.echo(f"{reason.code}: {reason.text}")


def matrix(granted: Mapping[str, TableGrant]) -> Iterator[str]:
    """Yield a line for each table of the grants, by name."""
    for table, grant in sorted(granted.items()):
        verbs = ", ".join(f"{WORDS[can]} {ROWS[rows]}" for can, rows in grant.rows.items())
        hidden = f"\twithout {', '.join(sorted(grant.hide))}" if grant.hide else ""
        yield f"{table}\t{verbs}{hidden}"
