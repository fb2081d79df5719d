"""Databases of many tickets: made once by COPY, the same for a seed, and kept until the tables change."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

import config
from app import create_app, embedded, services
from app.access import SYSTEM
from app.adapters.passwords import hash_password
from app.core.declare import Role
from app.core.extensions import db
from app.demo import bulk, desk
from app.demo.people import COLLEAGUES, PASSWORD
from app.demo.people import TEAMS as TEAMS_OF_DEMO
from app.embedded.postgres import OWNER, SUPERUSER
from app.launch.console import step
from app.launch.desk import prepared_from
from app.models.teams import Membership, Team, TeamRole
from app.record import act_as, flush
from app.services import employees
from bench.cluster import ROOT, Place, one

SEED = 20
AGENTS, TEAMS = 50, 10
TICKETS_OF_A_CUSTOMER = 20

LARGE = ("tickets", "ticket_messages")
"""Tables that are filled without their indexes, which are then built in one go."""


def place_of(servers: embedded.Servers, tickets: int) -> Place:
    """Return the database of so many tickets, made anew if the tables or this file changed since."""
    place = Place(servers, f"desk_{tickets}", tickets)
    with Place(servers, "postgres", 0).session() as session:
        found = one(
            session,
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            place.database,
        )
        if found == (_stamp(),):
            return place
        session.execute(f"DROP DATABASE IF EXISTS {place.database} WITH (FORCE)")
        session.execute(f"CREATE DATABASE {place.database} OWNER {OWNER}")
        with step(f"Making a desk of {tickets:,} tickets"):
            _fill(place)
        session.execute(f"COMMENT ON DATABASE {place.database} IS '{_stamp()}'")
    return place


def application(place: Place) -> Flask:
    """Return the application on a database, for what is measured or made within this process."""
    return create_app(config.settings(place.environment))


def command(place: Place, *arguments: str) -> str:
    """Run a command of the application on a database; return what it said."""
    done = application(place).test_cli_runner().invoke(args=arguments)
    if done.exit_code:
        raise RuntimeError(f"{' '.join(arguments)}: {done.output}")
    return str(done.output)


def _stamp() -> str:
    files = [Path(bulk.__file__)]
    return hashlib.sha256(
        b"".join(file.read_bytes() for file in files) + prepared_from(ROOT).encode()
    ).hexdigest()


def _fill(place: Place) -> None:
    command(place, "migrate")
    with application(place).app_context():
        desk.build(db.session(), SEED)
        _hire(db.session())
        db.session.remove()
        db.engine.dispose()
    _copy(place)


def _hire(session: Session) -> None:
    """Let the desk of the demo grow to 50 agents in 10 teams."""
    act_as(session, SYSTEM, source="bench")
    names = [f"Team {number}" for number in range(len(TEAMS_OF_DEMO), TEAMS)]
    teams = [services.add(session, SYSTEM, Team, {"name": name}) for name in names]
    flush(session)
    password = hash_password(PASSWORD)
    for number in range(len(COLLEAGUES), AGENTS):
        _agent(session, number, teams, password)
    session.commit()


def _agent(session: Session, number: int, teams: list[Team], password: str) -> None:
    values = {"name": f"Agent {number}", "email": f"agent{number}@example.com", "role": Role.AGENT.value}
    agent = employees.add(session, SYSTEM, values)
    agent.password = password
    flush(session)
    team = teams[number % len(teams)]
    membership = {"employee_id": agent.id, "team_id": team.id, "role_in_team": TeamRole.AGENT}
    services.add(session, SYSTEM, Membership, membership)


def _copy(place: Place) -> None:
    """Fill the large tables: no indexes, no checks of what is known to fit, no waiting for the disk."""
    with place.session() as session:
        session.execute(CUSTOMERS, [place.tickets // TICKETS_OF_A_CUSTOMER])
        dropped = _drop_indexes(session)
    engine = create_engine(place.servers.database(SUPERUSER, place.database))
    with Session(engine) as filling:
        filling.execute(text("SET session_replication_role = replica"))
        filling.execute(text("ALTER TABLE tickets ENABLE ALWAYS TRIGGER search"))  # it writes a column
        filling.execute(text("SET synchronous_commit = off"))
        bulk.copy_tickets(filling, place.tickets, SEED)
        filling.execute(text("ALTER TABLE tickets ENABLE TRIGGER search"))
        filling.commit()
    engine.dispose()
    with place.session() as session:
        session.execute("SET maintenance_work_mem = '512MB'")
        for definition in dropped:
            session.execute(definition.encode())
        session.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        session.execute("VACUUM (ANALYZE, FREEZE)")
        session.execute("CHECKPOINT")


def _drop_indexes(session: psycopg.Connection[Any]) -> list[str]:
    """Drop the indexes that no constraint needs, and return their definitions."""
    found = session.execute(INDEXES, [list(LARGE)]).fetchall()
    for name, _definition in found:
        session.execute(f"DROP INDEX {name}".encode())
    return [definition for _name, definition in found]


CUSTOMERS = """
INSERT INTO customers (name, email, language, created_at, updated_at)
SELECT 'Customer ' || n, 'customer' || n || '@customers.example',
  CASE n %% 5 WHEN 0 THEN 'de' ELSE 'en' END, now(), now()
FROM generate_series(1, %s) AS n
"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
WHERE relname = ANY(%s) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
