"""What Flask-AppBuilder's login row must say about an employee."""

from __future__ import annotations

from flask_appbuilder.security.sqla.models import Role as LoginRole
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.fields.refusal import error
from app.models.people import Employee
from app.services.address import normal

LONGEST_ADDRESS = 128
"""Characters of a username, which the address is."""
LONGEST_NAME = 64


def give_role(session: Session, employee: Employee, role: str) -> None:
    """Let the employee have this role and no other. Raises Invalid if there is no such role."""
    row = session.scalar(select(LoginRole).where(LoginRole.name == str(role)))
    if row is None:
        names = session.scalars(select(LoginRole.name).order_by(LoginRole.name))
        raise Invalid([error("role", "not_an_option", options=", ".join(names))])
    employee.role = row.name
    employee.roles = [row]


def give_address(employee: Employee, email: str | None) -> None:
    """Let the employee sign in by this address. Raises Invalid."""
    if not email:
        raise Invalid([error("email", "required")])
    if len(email) > LONGEST_ADDRESS:
        raise Invalid([error("email", "too_long", maximum=LONGEST_ADDRESS)])
    employee.email = employee.username = normal(email)


def give_names(employee: Employee) -> None:
    """Write the name as first and last name, which the login wants apart."""
    first, _, last = (employee.name or "").strip().rpartition(" ")
    employee.first_name, employee.last_name = (
        (first or last)[:LONGEST_NAME],
        last[:LONGEST_NAME] if first else "",
    )
