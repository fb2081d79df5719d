"""Commands: `python3 run.py <command>`, or `flask --app app <command>` in the same environment."""

from __future__ import annotations

from flask import Flask

from app.cli.audit import audit
from app.cli.database import migrate
from app.cli.demo import demo
from app.cli.docs import docs
from app.cli.doctor import doctor
from app.cli.employees import employees
from app.cli.keys import keys
from app.cli.openapi import openapi
from app.cli.resource import resource
from app.cli.roles import roles


def install(app: Flask) -> None:
    """Add every command to the application."""
    for command in (migrate, roles, demo, doctor, employees, keys, docs, audit, openapi, resource):
        app.cli.add_command(command)
