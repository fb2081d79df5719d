"""Commands: `python3 run.py <command>`, or `flask --app app <command>` in the same environment."""

from __future__ import annotations

import os

from flask import Flask

from app.cli.audit import audit
from app.cli.database import migrate, migrations
from app.cli.demo import demo
from app.cli.docs import docs
from app.cli.doctor import doctor
from app.cli.employees import employees
from app.cli.keys import keys
from app.cli.openapi import openapi
from app.cli.resource import resource
from app.cli.roles import roles


def install(app: Flask) -> None:
    """Add every command to the application; for `flask db`, which is not ours, what it looks for."""
    for command in (migrate, roles, demo, doctor, employees, keys, docs, audit, openapi, resource):
        app.cli.add_command(command)
    if os.environ.get("FLASK_RUN_FROM_CLI"):
        with app.app_context():
            migrations()
