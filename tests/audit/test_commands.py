"""The commands of an operator: verify, checkpoint, seal, doctor; and a restored copy."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from flask import Flask
from sqlalchemy import Engine, delete, make_url, select, text

from app import create_app, embedded
from app.adapters.audit_keys import Keys
from app.core.extensions import db
from app.embedded import binaries
from app.embedded.postgres import APP, OWNER
from app.jobs.recurring import RECURRING
from app.models.mails import Mail
from app.models.webhooks import Event
from app.services.audit import verify
from config import settings
from tests.audit.conftest import KEY, LOGS, ids
from tests.conftest import as_superuser


@pytest.fixture(autouse=True)
def sealing_key(app: Flask) -> None:
    """The application seals with the key of these tests."""
    app.config["AUDIT_KEY"] = KEY


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    """Exit code and output of a command."""
    result = app.test_cli_runner().invoke(args=arguments)
    return result.exit_code, result.output


def test_verify_says_what_it_saw(app: Flask, sealed: int) -> None:
    code, said = run(app, "audit", "verify")
    assert code == 0
    assert "43 rows in 6 blocks, up to block 6" in said
    assert "No change was detected." in said
    assert "Without a checkpoint" in said


def test_verify_tells_what_is_not_sealed_yet(app: Flask, sealed: int, write: Callable[..., None]) -> None:
    write(range(3))
    assert "3 rows are not sealed yet, the oldest for" in run(app, "audit", "verify")[1]
    assert run(app, "audit", "seal") == (0, "3 rows were sealed.\n")
    assert "not sealed yet" not in run(app, "audit", "verify")[1]


def test_a_checkpoint_is_printed_mailed_and_told(app: Flask, sealed: int, tmp_path: Path) -> None:
    code, line = run(app, "audit", "checkpoint", "--mail", "auditor@example.com", "--event")
    assert code == 0
    assert set(orjson.loads(line)) == {
        "block",
        "last_id",
        "mac",
        "key_id",
        "sealed_at",
        "made_at",
        "signature",
    }
    with app.app_context():
        mail = db.session.execute(
            select(Mail.recipient, Mail.body_text).where(Mail.kind == "checkpoint")
        ).one()
        assert mail.recipient == "auditor@example.com"
        assert line.strip() in mail.body_text
        told = db.session.scalars(select(Event.payload).where(Event.event_type == "AUDIT_CHECKPOINT")).all()
        assert [payload["checkpoint"] for payload in told] == [orjson.loads(line)]
        assert RECURRING["tell_checkpoint"].run() == "nothing new"
    kept = tmp_path / "checkpoints"
    kept.write_text(line + line)
    code, said = run(app, "audit", "verify", "--checkpoint", str(kept))
    assert code == 0
    assert "Without a checkpoint" not in said


def test_verify_ends_with_one_where_something_was_changed(app: Flask, owner: Engine, sealed: int) -> None:
    with owner.begin() as connection:
        number = ids(connection)[20]
        connection.execute(text("ALTER TABLE audit_logs DISABLE TRIGGER append_only"))
        held = connection.execute(select(LOGS).where(LOGS.c.id == number)).one()._asdict()
        connection.execute(delete(LOGS).where(LOGS.c.id == number))
    code, said = run(app, "audit", "verify")
    assert code == 1
    assert f"CHANGED  Row {number} (block 3) was deleted." in said
    with owner.begin() as connection:
        connection.execute(LOGS.insert().values(held))
        connection.execute(text("ALTER TABLE audit_logs ENABLE TRIGGER append_only"))
    assert run(app, "audit", "verify")[0] == 0


def test_a_file_that_holds_no_checkpoint_is_refused(app: Flask, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("{}\n")
    code, said = run(app, "audit", "verify", "--checkpoint", str(wrong))
    assert code == 1
    assert "This line is not a checkpoint." in said


def test_a_restored_copy_verifies(
    app: Flask, servers: embedded.Servers, owner: Engine, sealed: int, keys: Keys, tmp_path: Path
) -> None:
    name, dump = "restored", tmp_path / "desk.dump"
    as_superuser(servers, f"CREATE DATABASE {name} OWNER {OWNER}")
    here, there = (
        make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        for url in (app.config["MIGRATE_DATABASE_URL"], servers.database(OWNER, name))
    )
    programs = binaries.postgres()
    for command in (
        [programs / "pg_dump", "--format=custom", f"--file={dump}", here],
        [programs / "pg_restore", "--no-owner", "--exit-on-error", f"--dbname={there}", dump],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    from sqlalchemy import NullPool, create_engine

    copy = create_engine(servers.database(OWNER, name), poolclass=NullPool)
    with copy.connect() as restored, owner.connect() as original:
        reports = [verify(connection, keys) for connection in (restored, original)]
        assert reports[0] == reports[1]
        assert reports[0].fault is None
        assert reports[0].rows >= sealed
    as_superuser(servers, f"DROP DATABASE {name} WITH (FORCE)")


def test_the_doctor_looks_at_an_empty_database(
    environment: dict[str, str], servers: embedded.Servers, blank_database: str
) -> None:
    name = str(make_url(blank_database).database)
    urls = {"DATABASE_URL": servers.database(APP, name), "MIGRATE_DATABASE_URL": blank_database}
    code, said = run(create_app(settings(environment | urls)), "doctor")
    assert code == 1
    assert "FIX  Tables are missing. Run `python3 run.py migrate`." in said
    assert "FIX  The extension pg_trgm is not there yet." in said
    assert "Traceback" not in said


def test_the_doctor_says_that_a_database_is_away(environment: dict[str, str]) -> None:
    urls = {"DATABASE_URL": "postgresql://127.0.0.1:1/none", "MIGRATE_DATABASE_URL": ""}
    code, said = run(create_app(settings(environment | urls)), "doctor")
    assert code == 1
    assert "FIX  PostgreSQL does not answer:" in said
    assert "append-only by trigger only" in said


def test_the_doctor_is_content_with_this_desk(app: Flask, sealed: int) -> None:
    said = run(app, "doctor")[1]
    assert "ok   The audit log is sealed" in said
    assert "ok   Two database roles: frontdesk_owner owns, frontdesk_app works" in said
