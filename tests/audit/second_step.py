"""The visits of employees who sign in with a second factor, and of those who end sessions."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyotp
from flask.testing import FlaskClient

from app.adapters.totp import SECONDS
from app.core.clock import now
from app.core.extensions import db
from app.models.people import Employee
from app.services import login_sessions
from tests.audit.visit import Visit
from tests.audit.world import PASSWORD, World, give_password

PROFILE = "/profile/second-factor"


def at_the_second_step(world: World) -> Iterator[Visit]:
    """Yield a visit to each route about second factor and sessions."""
    yield from _sessions(world)
    yield from _factor(world)
    yield from _forced(world)


def _sessions(world: World) -> Iterator[Visit]:
    number = world.make("employees")
    by, client = f"employee:{number}", world.employee(number)
    for _ in range(2):
        world.employee(number)
    with world.app.test_request_context():
        person = db.session.get_one(Employee, number)
        other = min(one.id for one in login_sessions.of(db.session(), person))
    end = "EMPLOYEE_SESSION_END"
    client = world.employee(number)
    yield Visit("home.end_session", f"/profile/sessions/{other}/end", end, client, by, {})
    yield Visit("home.end_other_sessions", "/profile/sessions/end-others", end, client, by, {})


def _factor(world: World) -> Iterator[Visit]:
    number, email = _person(world)
    by, client = f"employee:{number}", world.employee(number)
    secret, form = _offered(client.post(PROFILE, data={"current": PASSWORD}).text)
    proof = form | {"code": _code(secret, -1)}
    yield Visit(
        "home.confirm_second_factor", f"{PROFILE}/confirm", "EMPLOYEE_TOTP_ENABLE", client, "system", proof
    )
    said = {"current": PASSWORD}
    yield Visit("home.new_recovery_codes", f"{PROFILE}/codes", "EMPLOYEE_RECOVERY_CODES", client, by, said)
    fresh = _first_step(world, email)
    answer = {"code": _code(secret)}
    yield Visit("SecondStepView.code", "/login/code", "EMPLOYEE_LOGIN", fresh, by, answer)
    wrong = {"code": "000000"}
    fresh = _first_step(world, email)
    yield Visit("SecondStepView.code", "/login/code", "EMPLOYEE_LOGIN_FAILED", fresh, "anonymous", wrong)
    yield Visit("home.turn_off_second_factor", f"{PROFILE}/off", "EMPLOYEE_TOTP_DISABLE", client, by, said)


def _forced(world: World) -> Iterator[Visit]:
    _number, email = _person(world)
    kept = world.app.config["REQUIRE_TOTP_ROLES"]
    world.app.config["REQUIRE_TOTP_ROLES"] = frozenset({"agent"})
    client = _first_step(world, email)
    secret, form = _offered(client.get("/login/set-up").text)
    proof = form | {"code": _code(secret)}
    yield Visit("SecondStepView.set_up", "/login/set-up", "EMPLOYEE_TOTP_ENABLE", client, "system", proof)
    world.app.config["REQUIRE_TOTP_ROLES"] = kept


def _person(world: World) -> tuple[int, str]:
    number = world.make("employees")
    give_password(world, number)
    with world.app.app_context():
        return number, db.session.get_one(Employee, number).email


def _first_step(world: World, email: str) -> FlaskClient:
    client = world.app.test_client()
    client.post("/login/", data={"email": email, "password": PASSWORD})
    return client


def _offered(page: str) -> tuple[str, dict[str, str]]:
    """Return the secret that a page offers, and the hidden field that goes back with its code."""
    offer, key = (
        re.search(r'name="offer"[^>]*value="([^"]+)"', page),
        re.search(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", page),
    )
    assert offer is not None
    assert key is not None
    return key[0].replace(" ", ""), {"offer": offer[1]}


def _code(secret: str, later: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(now().timestamp()) + later * SECONDS)
