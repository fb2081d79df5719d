"""Employees, who are the logins: made by invitation, changed, and never left without an administrator."""

from __future__ import annotations

from app.services.employees.capacity import end_of_day
from app.services.employees.invitation import STATE, figures, offered, resend_invitation, withdraw_invitation
from app.services.employees.leaving import consequences, deactivate, heirs
from app.services.employees.password import (
    authenticate,
    change_password,
    invite,
    is_link_alive,
    request_reset,
    require_password,
    set_password,
)
from app.services.employees.people import add, add_all, delete, edit, find, plan, reset_second_factor

__all__ = [
    "STATE",
    "add",
    "add_all",
    "authenticate",
    "change_password",
    "consequences",
    "deactivate",
    "delete",
    "edit",
    "end_of_day",
    "figures",
    "find",
    "heirs",
    "invite",
    "is_link_alive",
    "offered",
    "plan",
    "request_reset",
    "require_password",
    "resend_invitation",
    "reset_second_factor",
    "set_password",
    "withdraw_invitation",
]
