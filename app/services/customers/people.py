"""The customers of the desk: one row an address, whoever writes it first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, any_, bindparam, select
from sqlalchemy.orm import Session

from app.access import Actor, ActorKind, require
from app.core.declare import Can
from app.core.errors import Invalid
from app.fields.refusal import error
from app.models.customers import Customer
from app.record import expect, flush
from app.services import links, login_sessions, plain
from app.services.address import normal
from app.services.asking import fill

OWN = frozenset({"name", "language", "time_zone"})
"""What customers may change of themselves."""
BY_ADDRESS = select(Customer).where(
    Customer.email == any_(bindparam("addresses", type_=ARRAY(Customer.email.type)))
)
"""Built once: building it costs more than asking it."""


def find(session: Session, email: str) -> Customer | None:
    """Return the customer of an address."""
    return _found(session, (email,)).get(normal(email))


def join(session: Session, email: str, name: str = "") -> Customer:
    """Return the customer of an address, made now if there is none. Raises Invalid for no address."""
    return join_all(session, {email: name})[email]


def join_all(session: Session, people: Mapping[str, str]) -> dict[str, Customer]:
    """Return the customers of addresses by these, made now where there are none.

    `people` holds the name of each by the address, empty where it is not known. Raises Invalid.
    """
    known = _found(session, people)
    new: dict[str, Customer] = {}
    for email, name in people.items():
        address = normal(email)
        if address not in known and address not in new:
            new[address] = Customer(name=name or email.strip().partition("@")[0], email=address)
    if new and not _made(session, new):
        return join_all(session, people)
    return {email: known.get(normal(email)) or new[normal(email)] for email in people}


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Customer:
    """Add a customer. Raises NotFound, Forbidden, Invalid if the address is taken."""
    return add_all(session, actor, [values])[0]


def add_all(session: Session, actor: Actor, many: Sequence[dict[str, Any]]) -> list[Customer]:
    """Add customers together, all or none. Raises as `add` does."""
    return plain.add_all(session, actor, Customer, [_kept(values) for values in many])


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
    fill(session, customer, _kept(values))
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


def _found(session: Session, emails: Iterable[str]) -> dict[str, Customer]:
    """Return the customers there are of some addresses, by these in the form that is kept."""
    asked = {"addresses": sorted({normal(email) for email in emails})}
    return {customer.email: customer for customer in session.scalars(BY_ADDRESS, asked)}


def _made(session: Session, new: Mapping[str, Customer]) -> bool:
    """Save new customers; tell whether that went well: somebody may write from one address just now."""
    try:
        with session.begin_nested():
            session.add_all(new.values())
            flush(session)
    except Invalid:
        if not _found(session, new):
            raise
        return False
    return True


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    """Return values with the address as it is kept."""
    email = values.get("email")
    return values | {"email": normal(email)} if email else values
