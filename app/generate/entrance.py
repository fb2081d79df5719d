"""Who came in, who left and who was turned away, in the audit log. What was typed is never kept."""

from __future__ import annotations

from typing import Any

from app.access import ANONYMOUS, Actor, ActorKind
from app.core.extensions import db
from app.generate.identity import take
from app.models.customers import Customer
from app.models.people import Employee
from app.record import log
from app.services import customers, employees

Person = Employee | Customer
SOURCE = "sign-in"


def entered(person: Person) -> None:
    """Note that a person signed in; commits."""
    _note("LOGIN", person)


def left(person: Person) -> None:
    """Note that a person signed out; commits."""
    _note("LOGOUT", person)


def turned_away(model: type[Person], email: str) -> None:
    """Note that somebody failed to sign in with an address, as the account of it where there is one; commits.

    Both cost the same statements, so that the time tells nothing.
    """
    find: Any = employees.find if model is Employee else customers.find
    take(ANONYMOUS, source=SOURCE)
    log(db.session(), "LOGIN_FAILED", find(db.session(), email) or model)
    db.session.commit()


def _note(action: str, person: Person) -> None:
    kind = ActorKind.EMPLOYEE if isinstance(person, Employee) else ActorKind.CUSTOMER
    take(Actor(kind, id=person.id), source=SOURCE)
    log(db.session(), action, person)
    db.session.commit()
