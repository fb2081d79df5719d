"""The customers of the desk: one row an address, whoever writes it first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, ActorKind, require
from app.core.declare import Can
from app.core.errors import Invalid
from app.fields.refusal import error
from app.models.customers import Customer
from app.record import expect, flush
from app.services import links, login_sessions
from app.services.address import normal
from app.services.asking import demand, fill

OWN = frozenset({"name", "language", "time_zone"})
"""What customers may change of themselves."""


def find(session: Session, email: str) -> Customer | None:
    """Return the customer of an address."""
    found: Customer | None = session.scalar(select(Customer).where(Customer.email == normal(email)))
    return found


def join(session: Session, email: str, name: str = "") -> Customer:
    """Return the customer of an address, made now if there is none. Raises Invalid for no address."""
    known = find(session, email)
    if known is not None:
        return known
    customer = Customer(name=name or email.strip().partition("@")[0], email=normal(email))
    try:
        with session.begin_nested():
            session.add(customer)
            flush(session)
        return customer
    except Invalid:
        twin = find(session, email)  # somebody wrote from the same address in the same moment
        if twin is None:
            raise
        return twin


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Customer:
    """Add a customer. Raises NotFound, Forbidden, Invalid if the address is taken."""
    require(actor, Can.ADD, Customer)
    customer = Customer()
    _fill(session, customer, values)
    demand(session, customer)
    session.add(customer)
    flush(session)
    return customer


def edit(
    session: Session, actor: Actor, customer: Customer, values: dict[str, Any], expected: int | None = None
) -> Customer:
    """Change a customer; a new address has to be proved anew and ends sign-ins. Raises Stale, Invalid."""
    require(actor, Can.EDIT, customer)
    expect(customer, expected)
    foreign = [error(name, "unknown_field") for name in values if name not in OWN]
    if foreign and actor.kind is ActorKind.CUSTOMER:
        raise Invalid(foreign)
    address = customer.email
    _fill(session, customer, values)
    if customer.email != address:
        customer.verified_at = None
        login_sessions.end_all(session, customer)
        links.forget(session, "customer", customer.id)
    flush(session)
    return customer


def delete(session: Session, actor: Actor, customer: Customer, expected: int | None = None) -> None:
    """Delete a customer; their tickets stay, without an account. Raises NotFound, Stale."""
    require(actor, Can.DELETE, customer)
    expect(customer, expected)
    links.forget(session, "customer", customer.id)
    session.delete(customer)
    flush(session)


def _fill(session: Session, customer: Customer, values: dict[str, Any]) -> None:
    email = values.get("email")
    fill(session, customer, values | ({"email": normal(email)} if email else {}))
