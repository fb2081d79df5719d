"""`docs access`: the pages of the documentation that are written from the program."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app import models
from app.generate.access_page import access_page
from app.generate.declare_page import declare_page
from app.generate.events_page import events_page
from app.models.scopes import options


@click.group()
def docs() -> None:
    """Write pages of the documentation anew."""


@docs.command()
@with_appcontext
def access() -> None:
    """Write docs/access.md from the declarations."""
    _write("access.md", access_page(models.load(), options()))


@docs.command()
@with_appcontext
def declare() -> None:
    """Write docs/declare.md from the vocabulary of declarations."""
    _write("declare.md", declare_page())


@docs.command()
@with_appcontext
def events() -> None:
    """Write docs/events.md from the catalogue of events."""
    _write("events.md", events_page())


def _write(name: str, text: str) -> None:
    page = Path(current_app.root_path).parent / "docs" / name
    page.write_text(text, encoding="utf-8")
    click.echo(f"{page} is written.")
