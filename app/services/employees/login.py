"""What Flask-AppBuilder's login row must say about an employee."""

from __future__ import annotations

from collections.abc import Mapping

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


def roles_by_name(session: Session) -> dict[str, LoginRole]:
    """Return the roles there are, by what they are known by."""
    return {role.name: role for role in session.scalars(select(LoginRole).order_by(LoginRole.name))}


def give_role(employee: Employee, role: str, roles: Mapping[str, LoginRole]) -> None:
    """Let the employee have this role and no other. Raises Invalid if it is none of the `roles` there are."""
    row = roles.get(str(role))
    if row is None:
        raise Invalid([error("role", "not_an_option", options=", ".join(roles))])
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
