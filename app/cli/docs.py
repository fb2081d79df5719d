"""`docs access`: the pages of the documentation that are written from the program."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app import models
from app.generate.access_page import access_page


@click.group()
def docs() -> None:
    """Write pages of the documentation anew."""


@docs.command()
@with_appcontext
def access() -> None:
    """Write docs/access.md from the declarations."""
    page = Path(current_app.root_path).parent / "docs" / "access.md"
    page.write_text(access_page(models.load()), encoding="utf-8")
    click.echo(f"{page} is written.")
