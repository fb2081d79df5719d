"""`resource new`: the model file and the migration of a new thing."""

from __future__ import annotations

import importlib
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli.database import migrations
from app.core.declare import Menu
from app.generate import checks
from app.generate.scaffold import KINDS, Mistake, model_file, thing


@click.group()
def resource() -> None:
    """Add a thing to the desk."""


@resource.command(
    epilog=f"Kinds: {', '.join(KINDS)}. A ! behind the kind makes it unique, a ? lets it be empty; "
    "state:select=new,done names the values of a list, team:reference=teams the table of a reference."
)
@click.argument("name")
@click.argument("columns", nargs=-1, required=True, metavar="COLUMN:KIND…")
@click.option("--about", default="", help="One sentence: what it is.")
@click.option(
    "--menu", type=click.Choice([group.value for group in Menu]), default=Menu.SETUP.value, show_default=True
)
@click.option("--icon", default="circle", show_default=True, help="A name of the icon set.")
@click.option(
    "--migration/--no-migration", default=True, help="Write the migration too; the database must be at head."
)
@with_appcontext
def new(name: str, columns: tuple[str, ...], about: str, menu: str, icon: str, migration: bool) -> None:
    """Write app/models/<table>.py and its migration: `resource new Supplier name:text! email:email`."""
    try:
        made = thing(name, columns, about=about or f"One {name}", menu=Menu(menu), icon=icon)
    except Mistake as mistake:
        raise click.UsageError(str(mistake)) from mistake
    file = Path(current_app.root_path) / "models" / f"{made.table}.py"
    if file.exists():
        raise click.UsageError(f"{file.name} is there already in app/models.")
    file.write_text(model_file(made), encoding="utf-8")
    click.echo(f"app/models/{file.name} is written.")
    model = getattr(importlib.import_module(f"app.models.{made.table}"), made.name)
    checks.declarations([model])
    if migration:
        migrations().migrate(message=f"Add {made.plural.lower()}")
        click.echo("Read both files, mend what you mean otherwise, then: python3 run.py migrate")
