"""Employees, who are the logins: made by invitation, changed, and never left without an administrator."""

from __future__ import annotations

from app.services.employees.password import (
    authenticate,
    change_password,
    invite,
    request_reset,
    set_password,
)
from app.services.employees.people import add, delete, edit, find

__all__ = [
    "add",
    "authenticate",
    "change_password",
    "delete",
    "edit",
    "find",
    "invite",
    "request_reset",
    "set_password",
]
