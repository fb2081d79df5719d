"""Customers: who they are, and how they come in."""

from __future__ import annotations

from app.services.customers.door import authenticate, enter, send_link, sign_up, verify
from app.services.customers.password import request_reset, reset_password, set_password
from app.services.customers.people import add, add_all, delete, edit, find, join, join_all

__all__ = [
    "add",
    "add_all",
    "authenticate",
    "delete",
    "edit",
    "enter",
    "find",
    "join",
    "join_all",
    "request_reset",
    "reset_password",
    "send_link",
    "set_password",
    "sign_up",
    "verify",
]
