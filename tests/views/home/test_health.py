"""Whether the desk says that it is well, and what is not."""

from __future__ import annotations

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import text

from app.core.extensions import db, redis
from app.views.home.health import BEATS, WORKS


@pytest.fixture
def beating(app: Flask) -> None:
    with app.app_context():
        for work in WORKS:
            redis().set(f"{BEATS}{work}:here:1", 1, ex=10)


def test_a_process_that_serves_says_so(app: Flask) -> None:
    assert app.test_client().get("/healthz").data == b"ok\n"


def test_all_is_well(app: Flask, beating: None) -> None:
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200, answer.text
    checks = answer.json["checks"]
    assert {name: check["state"] for name, check in checks.items()} == dict.fromkeys(checks, "ok")
    assert set(checks) == {"database", "migrations", "redis", "workers"}
    assert checks["workers"]["seconds_since_heartbeat"]["effects:here:1"] >= 5
    assert "privilege" in checks["database"]["audit"]


@pytest.mark.parametrize("missing", WORKS)
def test_a_missing_process_is_named(app: Flask, beating: None, missing: str) -> None:
    with app.app_context():
        redis().delete(f"{BEATS}{missing}:here:1")
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert missing in answer.json["checks"]["workers"]["detail"]


def test_one_role_for_all_is_told(app: Flask, beating: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MIGRATE_DATABASE_URL", app.config["DATABASE_URL"])
    checks = app.test_client().get("/readyz").json["checks"]
    assert "trigger only" in checks["database"]["audit"]


def test_redis_away_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "frontdesk_redis", Redis(host="127.0.0.1", port=1))
    answer = app.test_client().get("/readyz")
    states = {name: check["state"] for name, check in answer.json["checks"].items()}
    assert states == {"database": "ok", "migrations": "ok", "redis": "failed", "workers": "failed"}


def test_a_database_behind_is_told(app: Flask, beating: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        present = db.session().scalar(text("SELECT version_num FROM alembic_version"))
    monkeypatch.setattr("app.views.home.health._head", lambda: "9999")
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    detail = answer.json["checks"]["migrations"]["detail"]
    assert present in detail
    assert "9999" in detail
