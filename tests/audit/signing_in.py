"""The visits of employees who sign in and out, and to their own profile."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.extensions import db
from app.models.people import Employee
from app.models.tokens import Purpose
from tests.audit.visit import Visit
from tests.audit.world import OTHER, PASSWORD, TEXT, World, give_password


def at_signing_in(world: World) -> Iterator[Visit]:
    """Yield a visit to each route of signing in by password, and of the profile."""
    nobody, number = world.app.test_client, world.make("employees")
    give_password(world, number)
    with world.app.app_context():
        email = db.session.get_one(Employee, number).email
    by, right, wrong = (
        f"employee:{number}",
        {"email": email, "password": PASSWORD},
        {"email": email, "password": OTHER},
    )
    yield Visit("SignInView.login", "/login/", "EMPLOYEE_LOGIN", nobody(), by, right)
    yield Visit("SignInView.login", "/login/", "EMPLOYEE_LOGIN_FAILED", nobody(), "anonymous", wrong)
    yield Visit(
        "TokenApi.login", "/api/v1/security/login", "EMPLOYEE_LOGIN", nobody(), by, right, is_json=True
    )
    yield Visit(
        "TokenApi.login", "/api/v1/security/login", "EMPLOYEE_LOGIN_FAILED", nobody(), "anonymous",
        wrong | {"email": "zoltan@nowhere.example"}, is_json=True,
    )  # fmt: skip
    profile = {
        "name": "Zoltan Q",
        "availability": "busy",
        "language": "en",
        "time_zone": "",
        "signature": TEXT,
    }
    yield Visit("home.profile", "/profile/", "EMPLOYEE_UPDATE", world.employee(number), by, profile)
    changed = {"current": PASSWORD, "password": OTHER}
    yield Visit(
        "home.password", "/profile/password", "EMPLOYEE_PASSWORD_CHANGE", world.employee(number), by, changed
    )
    yield Visit("SignInView.logout", "/logout/", "EMPLOYEE_LOGOUT", world.employee(number), by, {})
    raw = world.link(Purpose.RESET, "employee", number)
    where = f"/password/{raw}"
    yield Visit(
        "SignInView.set_password",
        where,
        "EMPLOYEE_PASSWORD_CHANGE",
        nobody(),
        "system",
        {"password": PASSWORD},
    )
