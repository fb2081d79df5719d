"""Employees, who are the logins: made by invitation, changed, and never left without an administrator."""

from __future__ import annotations

from app.services.employees.password import (
    authenticate,
    change_password,
    invite,
    is_link_alive,
    request_reset,
    require_password,
    set_password,
)
from app.services.employees.people import add, delete, edit, find, reset_second_factor

__all__ = [
    "add",
    "authenticate",
    "change_password",
    "delete",
    "edit",
    "find",
    "invite",
    "is_link_alive",
    "request_reset",
    "require_password",
    "reset_second_factor",
    "set_password",
]
