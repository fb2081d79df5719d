"""Customers: who they are, and how they come in."""

from __future__ import annotations

from app.services.customers.door import authenticate, enter, send_link, sign_up, verify
from app.services.customers.password import request_reset, reset_password, set_password
from app.services.customers.people import add, delete, edit, find, join

__all__ = [
    "add",
    "authenticate",
    "delete",
    "edit",
    "enter",
    "find",
    "join",
    "request_reset",
    "reset_password",
    "send_link",
    "set_password",
    "sign_up",
    "verify",
]
