"""What surrounds every page of the portal: its few places, and who is signed in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request, url_for

from app.core.i18n import Text, _
from app.generate.desk import desk
from app.generate.frame import Frame, NavGroup, NavItem, Person
from app.generate.shell import frame
from app.models.customers import Customer
from app.views.portal.blueprint import portal
from app.views.portal.customer import current_customer
from app.views.portal.words import RATINGS, STANDINGS


@portal.context_processor
def around() -> dict[str, Any]:
    """Return what the portal's templates know: the frame (`shell`), the customer, and the words."""
    customer = current_customer()
    return {
        "shell": _frame(customer),
        "customer": customer,
        "standings": STANDINGS,
        "ratings": RATINGS,
        "may_sign_up": desk().sign_up_open,
    }


def _frame(customer: Customer | None) -> Frame:
    return replace(
        frame(),
        home_url=url_for("portal.home"),
        navigation=(NavGroup(None, _places(customer)),),
        person=Person(name=customer.name, initials="", role_label="") if customer else None,
        sign_out_url=url_for("portal.sign_out") if customer else None,
        keys=False,
    )


def _places(customer: Customer | None) -> list[NavItem]:
    places = [_place(_("Articles"), "portal.articles", "book-open")]
    if customer is None:
        return [*places, _place(_("Sign in"), "portal.sign_in", "user")]
    return [
        *places,
        _place(_("My requests"), "portal.tickets", "inbox"),
        _place(_("Account"), "portal.account", "user"),
    ]


def _place(label: Text, endpoint: str, icon: str) -> NavItem:
    url = url_for(endpoint)
    return NavItem(label=label, url=url, icon=icon, current=request.path.startswith(url))
