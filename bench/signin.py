"""The figures of signing in: `python3 -m bench.signin` (two minutes, on a desk of its own).

Times are those of whole requests without a network, known and unknown addresses in turn, so that the load of
the machine falls on both alike.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import event

from app import create_app
from app.access import SYSTEM
from app.adapters.passwords import hash_password, verify_password
from app.core.clock import now
from app.core.extensions import db, redis
from app.models.customers import Customer
from app.models.people import Employee
from app.record import act_as
from app.services import employees
from config import settings

PASSWORD = "correct horse battery staple"  # noqa: S105  of a desk that lasts two minutes
WRONG = "a wrong password"
PEOPLE = ("known", "inactive", "unknown")
WARM = 3
"""Rounds that fill caches and are not counted."""


@dataclass(frozen=True)
class Door:
    """A way in: its path, what is sent besides the address, and whether as JSON."""

    name: str
    path: str
    more: dict[str, str]
    is_json: bool = False

    def knock(self, app: Flask, email: str, address: str = "127.0.0.1") -> int:
        """Try once, and return the status."""
        sent = {"email": email} | self.more
        body: dict[str, Any] = {"json": sent} if self.is_json else {"data": sent}
        answer = app.test_client().post(self.path, environ_base={"REMOTE_ADDR": address}, **body)
        return answer.status_code


DOORS = (
    Door("sign-in", "/login/", {"password": WRONG}),
    Door("sign-in by API", "/api/v1/security/login", {"password": WRONG}, is_json=True),
    Door("reset", "/password/", {}),
    Door("portal sign-in", "/portal/sign-in", {"password": WRONG}),
    Door("portal link", "/portal/sign-in/link", {}),
    Door("portal reset", "/portal/password/", {}),
    Door("portal sign-up", "/portal/sign-up", {"name": "Somebody"}),
)


def main() -> None:
    """Build the desk and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60, help="requests for each kind of address")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="frontdesk-signin-") as folder:
        app = create_app(settings({"DATA_DIR": folder, "DEMO": "0"}))
        app.config["WTF_CSRF_ENABLED"] = False
        furnish(app)
        equal_times(app, rounds)
        limits(app)
        costs(app)


def furnish(app: Flask) -> None:
    """Make the tables, an active and an inactive employee, and a customer."""
    done = app.test_cli_runner().invoke(args=["migrate"])
    if done.exit_code:
        raise SystemExit(done.output)
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="bench")
        hashed = hash_password(PASSWORD)
        for name in ("known", "inactive"):
            employee = employees.add(session, SYSTEM, {"name": name, "email": f"{name}@example.com"})
            employee.password = hashed
        session.flush()
        session.query(Employee).filter_by(name="inactive").one().active = False
        session.add(
            Customer(name="Known", email="known@example.com", password_hash=hashed, verified_at=now())
        )
        session.commit()


def equal_times(app: Flask, rounds: int) -> None:
    """Print how long each door takes to answer known and other addresses."""
    print(f"Equal times: median of {rounds} answers, milliseconds; ratio to a known address\n")
    print(f"{'door':<16}{'known':>9}{'inactive':>10}{'ratio':>7}{'unknown':>9}{'ratio':>7}")
    for door in DOORS:
        times: dict[str, list[float]] = {person: [] for person in PEOPLE}
        for number in range(WARM + rounds):
            for person in PEOPLE:
                took = timed(door, app, f"{person}@example.com")
                if number >= WARM:
                    times[person].append(took)
        known, inactive, unknown = (statistics.median(times[person]) * 1000 for person in PEOPLE)
        others = f"{inactive:>10.1f}{inactive / known:>7.2f}{unknown:>9.1f}{unknown / known:>7.2f}"
        print(f"{door.name:<16}{known:>9.1f}{others}")


def timed(door: Door, app: Flask, email: str) -> float:
    """Return the seconds that a door takes to answer when nothing was counted before."""
    forget_tries(app)
    begun = time.perf_counter()
    door.knock(app, email)
    return time.perf_counter() - begun


def limits(app: Flask) -> None:
    """Print how many of a hundred wrong tries at once were heard."""
    print("\nLimits: a hundred wrong tries at once for one account, from as many addresses\n")
    for door in DOORS:
        forget_tries(app)
        places = [f"10.0.0.{number}" for number in range(100)]
        with ThreadPoolExecutor(16) as crowd:
            codes = list(crowd.map(partial(door.knock, app, "known@example.com"), places))
        print(f"{door.name:<16}{100 - codes.count(429):>4} heard {codes.count(429):>4} refused")


def forget_tries(app: Flask) -> None:
    """Let nothing have been counted."""
    with app.app_context():
        redis().flushdb()


def costs(app: Flask) -> None:
    """Print what a password and a session cost."""
    hashed, took = hash_password(PASSWORD), []
    for _time in range(30):
        begun = time.perf_counter()
        verify_password(hashed, WRONG)
        took.append(time.perf_counter() - begun)
    asked: list[str] = []
    forget_tries(app)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    client = app.test_client()
    client.post("/login/", data={"email": "known@example.com", "password": PASSWORD})
    client.get("/profile/")
    asked.clear()
    client.get("/profile/")
    of_session = sum("login_sessions" in one for one in asked)
    print("\nCosts\n")
    print(f"a password (argon2id, 19 MiB, 2 passes)  {statistics.median(took) * 1000:.1f} ms")
    print(f"statements of the profile                {len(asked)}, {of_session} of them with the session")


if __name__ == "__main__":
    main()
