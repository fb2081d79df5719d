"""`keys create|list|rotate|revoke`: API keys of integrations."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.errors import Problem
from app.core.extensions import db
from app.models.keys import ApiKey, Overlap
from app.record import act_as
from app.services import api_keys

NUMBER = click.argument("number", type=int)


@click.group()
def keys() -> None:
    """API keys."""


@keys.command()
@click.option("--description", required=True, help="What the key is used for.")
@click.option("--scopes", required=True, help="For example read_tickets,create_tickets.")
@with_appcontext
def create(description: str, scopes: str) -> None:
    """Make a key and print it, alone on the last line. It is never shown again."""
    session = db.session()
    act_as(session, SYSTEM, source="cli")
    permissions = [scope.strip() for scope in scopes.split(",") if scope.strip()]
    try:
        key = api_keys.add(session, SYSTEM, {"description": description, "permissions": permissions})
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem
    session.commit()
    click.echo(f"Key {key.id} for {description}:")
    click.echo(key.shown_once)


@keys.command("list")
@with_appcontext
def list_keys() -> None:
    """List the keys: number, first characters, scopes, state."""
    for key in db.session().scalars(select(ApiKey).order_by(ApiKey.id)):
        state = "active" if api_keys.is_live(key) else "revoked" if key.revoked_at else "expired"
        click.echo(f"{key.id}\t{key.prefix}\t{state}\t{','.join(key.permissions)}\t{key.description}")


@keys.command()
@NUMBER
@click.option(
    "--overlap",
    type=click.Choice([one.value for one in Overlap]),
    default=Overlap.DAY.value,
    show_default=True,
    help="Hours that the old key works on beside the new one.",
)
@with_appcontext
def rotate(number: int, overlap: str) -> None:
    """Make a key with the same rights and print it, alone on the last line; the old one ends by itself."""
    session = db.session()
    try:
        fresh = api_keys.rotate(session, SYSTEM, _key(session, number), Overlap(overlap))
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem
    session.commit()
    hours = f"works for {overlap} more hours" if overlap != Overlap.NONE else "has ended"
    click.echo(f"Key {fresh.id} for {fresh.description}; key {number} {hours}:")
    click.echo(fresh.shown_once)


@keys.command()
@NUMBER
@with_appcontext
def revoke(number: int) -> None:
    """Revoke a key at once."""
    session = db.session()
    try:
        api_keys.revoke(session, SYSTEM, _key(session, number))
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem
    session.commit()
    click.echo(f"Key {number} is revoked.")


def _key(session: Session, number: int) -> ApiKey:
    act_as(session, SYSTEM, source="cli")
    key = session.get(ApiKey, number)
    if key is None:
        raise click.ClickException(f"There is no key {number}. `keys list` shows them.")
    return key
