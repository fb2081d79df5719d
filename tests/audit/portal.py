"""The visits of customers to the portal."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.core.extensions import db
from app.models.customers import Customer
from app.models.tickets import Ticket
from app.models.tokens import Purpose
from tests.audit.visit import Visit
from tests.audit.world import OTHER, PASSWORD, TEXT, World, confirmed_customer


def at_the_portal(world: World) -> Iterator[Visit]:
    """Yield a visit to each route of the portal, signed in or by a link."""
    yield from _portal(world)
    yield from _links(world)


def _portal(world: World) -> Iterator[Visit]:
    nobody, number = world.app.test_client, world.ids["customer"]
    by, client = f"customer:{number}", world.customer()
    with world.app.app_context():
        email = db.session.get_one(Customer, number).email
    right, wrong = {"email": email, "password": PASSWORD}, {"email": email, "password": OTHER}
    yield Visit("portal.enter_by_password", "/portal/sign-in", "CUSTOMER_LOGIN", nobody(), by, right)
    yield Visit(
        "portal.enter_by_password", "/portal/sign-in", "CUSTOMER_LOGIN_FAILED", nobody(), "anonymous", wrong
    )
    yield Visit("portal.save_account", "/portal/account", "CUSTOMER_UPDATE", client, by, {"name": "Zoltan Q"})
    written = {"title": TEXT, "description": TEXT}
    yield Visit("portal.send", "/portal/new", "TICKET_CREATE", client, by, written)
    where = f"/portal/tickets/{world.make('own_ticket')}"
    yield Visit("portal.reply", f"{where}/reply", "MESSAGE_CREATE", client, by, {"message_body": TEXT})
    yield Visit("portal.solved", f"{where}/solved", "TICKET_UPDATE", client, by, {})
    rated = {"rating": "5", "comments": TEXT}
    yield Visit("portal.rating", f"{where}/rating", "FEEDBACK_CREATE", client, by, rated)
    account = {"name": "Zoltan New", "email": "zoltan.new@example.com"}
    yield Visit("portal.make_account", "/portal/sign-up", "CUSTOMER_CREATE", nobody(), "system", account)
    changed = {"current": PASSWORD, "password": OTHER}
    yield Visit(
        "portal.change_password", "/portal/account/password", "CUSTOMER_PASSWORD_CHANGE", client, by, changed
    )
    other = confirmed_customer(world)
    elsewhere = world.customer(other), world.customer(other)
    where = "/portal/account/sign-out-elsewhere"
    yield Visit(
        "portal.sign_out_elsewhere", where, "CUSTOMER_SESSION_END", elsewhere[1], f"customer:{other}", {}
    )
    yield Visit(
        "portal.sign_out",
        "/portal/sign-out",
        "CUSTOMER_LOGOUT",
        world.customer(other),
        f"customer:{other}",
        {},
    )


def _links(world: World) -> Iterator[Visit]:
    nobody, number = world.app.test_client, confirmed_customer(world)
    by = f"customer:{number}"
    for purpose, endpoint, path, action in (
        (Purpose.SIGN_IN, "portal.enter", "enter", "CUSTOMER_LOGIN"),
        (Purpose.VERIFY, "portal.verify", "verify", "CUSTOMER_LOGIN"),
        (Purpose.RESET, "portal.set_password", "password", "CUSTOMER_LOGIN"),
    ):
        raw = world.link(purpose, "customer", number)
        yield Visit(endpoint, f"/portal/{path}/{raw}", action, nobody(), by, {"password": PASSWORD})
    ticket = world.make("resolved")
    raw = world.link(Purpose.RATE, "ticket", ticket)
    with world.app.app_context():
        by = f"customer:{db.session.scalar(select(Ticket.customer_id).where(Ticket.id == ticket))}"
    yield Visit(
        "portal.vote",
        f"/portal/rate/{raw}",
        "FEEDBACK_CREATE",
        nobody(),
        by,
        {"rating": "4", "comments": TEXT},
    )
