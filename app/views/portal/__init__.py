"""The customer portal: find an answer, else be answered, without a password if one likes."""

from __future__ import annotations

from flask import Flask

from app.views.portal import account, articles, enter, home, password, rate, sign_in, sign_up, tickets, write
from app.views.portal.blueprint import portal
from app.views.portal.customer import arrive
from app.views.portal.frame import around

__all__ = ["install"]

PAGES = (account, articles, enter, home, password, rate, sign_in, sign_up, tickets, write)
"""The modules whose pages hang on the blueprint."""

portal.context_processor(around)


def install(app: Flask) -> None:
    """Hang the portal on `app`. Who asks is found out before anything else, for absent pages too."""
    app.before_request(arrive)
    app.register_blueprint(portal)
