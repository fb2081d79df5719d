"""The customer portal: find an answer, else be answered, without a password if one likes."""

from __future__ import annotations

from flask import Flask

from app.views.portal import (
    account,
    articles,
    customer,
    enter,
    frame,
    home,
    password,
    rate,
    sign_in,
    sign_up,
    tickets,
    write,
)
from app.views.portal.blueprint import portal

__all__ = ["install"]

PARTS = (account, articles, customer, enter, frame, home, password, rate, sign_in, sign_up, tickets, write)
"""Each hangs its part on the blueprint when it is imported."""


def install(app: Flask) -> None:
    """Hang the portal on `app`."""
    app.before_request(customer.leave_employees_out)
    app.register_blueprint(portal)
