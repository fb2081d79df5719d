"""Recurring work: started when it is due, once, and written down."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import orjson
import pytest
from flask import current_app
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import func, select

from app.access import SYSTEM
from app.core.clock import frozen, now
from app.core.extensions import queue, redis
from app.fields.settings import DEFAULTS
from app.jobs import ageing, recurring, schedule, upkeep
from app.jobs.calls import LIST
from app.jobs.unit import unit
from app.models.archives import Archive
from app.models.keys import ApiCall
from app.models.system import IndexOptimization, Metric, Schedule
from app.models.tickets import Status, Ticket
from app.models.tokens import Purpose, Token
from app.services import metrics, tickets


@pytest.fixture(autouse=True)
def calm(clean: None) -> None:
    """Nothing is scheduled yet."""
    with unit() as session:
        session.connection().execute(Schedule.__table__.delete())
        session.connection().execute(Metric.__table__.delete())


def tick() -> list[str]:
    """Look once."""
    with unit() as session:
        return schedule.tick(session)


def rows(model: Any) -> dict[str, Any]:
    """Return all rows by name."""
    with unit() as session:
        return {row.name: row for row in session.connection().execute(select(model.__table__))}


def test_all_work_is_started_first_and_then_when_it_is_due() -> None:
    assert set(tick()) == set(recurring.RECURRING)
    assert tick() == []
    soon = [work.name for work in recurring.RECURRING.values() if work.seconds <= recurring.MINUTE]
    with frozen(now() + dt.timedelta(seconds=61)):
        assert tick() == soon
    jobs = queue("bulk").jobs
    assert {job.func_name for job in jobs} == {"app.jobs.recurring.run"}
    assert len(jobs) == len(recurring.RECURRING) + len(soon)


def test_while_redis_is_away_nothing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    away = Redis(host="127.0.0.1", port=9, socket_connect_timeout=0.2)
    with monkeypatch.context() as patch:
        patch.setitem(current_app.extensions, "frontdesk_redis", away)
        with pytest.raises(RedisError):
            tick()
        schedule.beat()  # which only says so
    assert set(tick()) == set(recurring.RECURRING)


def test_only_one_process_looks_at_a_time() -> None:
    with unit() as other:
        other.scalar(select(func.pg_advisory_xact_lock(schedule.LOCK)))
        _beat_elsewhere()
        assert queue("bulk").count == 0
    schedule.beat()
    assert queue("bulk").count == len(recurring.RECURRING)


def _beat_elsewhere() -> None:
    with current_app._get_current_object().app_context():  # type: ignore[attr-defined]
        schedule.beat()


@pytest.mark.parametrize("name", recurring.RECURRING)
def test_each_work_runs_on_real_servers(name: str) -> None:
    tick()
    recurring.run(name)
    row = rows(Schedule)[name]
    assert row.last_at is not None
    assert not row.last_result.startswith("failed"), row.last_result


def test_a_failure_is_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise LookupError("gone")

    tick()
    monkeypatch.setitem(
        recurring.RECURRING, "purge_old_rows", replace(recurring.RECURRING["purge_old_rows"], run=fail)
    )
    recurring.run("purge_old_rows")
    assert rows(Schedule)["purge_old_rows"].last_result == "failed: LookupError: gone"


def _ticket(**values: Any) -> int:
    with unit() as session:
        made = tickets.add(session, SYSTEM, {"email": "ann@example.com", "title": "t", "description": "d"})
        session.connection().execute(Ticket.__table__.update().where(Ticket.id == made.id).values(values))
        return int(made.id)


def _state(number: int) -> tuple[Status, bool]:
    with unit() as session:
        found = session.get_one(Ticket, number)
        return found.status, found.archived_at is not None


def test_resolved_tickets_are_closed_after_a_week() -> None:
    week = dt.timedelta(days=DEFAULTS.close_days)
    old = _ticket(status=Status.RESOLVED, resolved_at=now() - week - dt.timedelta(minutes=1))
    young = _ticket(status=Status.RESOLVED, resolved_at=now() - week + dt.timedelta(minutes=1))
    assert ageing.close_resolved() == "1 closed"
    assert _state(old)[0] is Status.CLOSED
    assert _state(young)[0] is Status.RESOLVED


def test_closed_tickets_are_archived_after_their_time() -> None:
    year = dt.timedelta(days=DEFAULTS.archive_days)
    old = _ticket(status=Status.CLOSED, resolved_at=now() - year - dt.timedelta(minutes=1))
    young = _ticket(status=Status.CLOSED, resolved_at=now() - year + dt.timedelta(minutes=1))
    assert ageing.archive_closed() == "1 archived"
    assert _state(old) == (Status.CLOSED, True)
    assert _state(young) == (Status.CLOSED, False)
    with unit() as session:
        assert session.scalar(select(Archive.reason).where(Archive.ticket_id == old)) == "retention"


def test_old_figures_become_one_mean_an_hour() -> None:
    old = now() - dt.timedelta(days=DEFAULTS.metric_days, hours=2)
    hour = old.replace(minute=0, second=0, microsecond=0)
    ancient = now() - dt.timedelta(days=DEFAULTS.mean_days, hours=1)
    values = [(hour, 10), (hour + dt.timedelta(minutes=59), 20), (now(), 5), (ancient, 1)]
    with unit() as session:
        session.connection().execute(
            Metric.__table__.insert(),
            [{"metric_name": "m", "value": v, "timestamp": at, "source": "queue"} for at, v in values],
        )
    upkeep.thin_metrics()
    upkeep.thin_metrics()  # a second time changes nothing
    with unit() as session:
        found = session.execute(
            select(Metric.value, Metric.timestamp, Metric.source).order_by(Metric.timestamp)
        )
        kept = [tuple(row) for row in found]
    assert kept == [(15, hour, metrics.HOURLY), (5, kept[1][1], "queue")]


def test_indexes_are_written_down_with_their_reasons() -> None:
    upkeep.look_after_indexes()
    upkeep.refresh_employee_metrics()
    found = rows(IndexOptimization)
    assert all(row.reason and row.size > 0 for row in found.values())
    assert found["employee_metrics"].last_refresh is not None


def test_calls_are_kept_and_nonsense_is_left_out() -> None:
    call = {"method": "GET", "endpoint_accessed": "/api/v1/teams", "response_code": 200, "duration_ms": 3}
    call |= {"created_at": now().isoformat(), "api_key_id": 999_999_999, "request_payload": {"a": 1}}
    redis().rpush(LIST, orjson.dumps(call), b"no JSON", orjson.dumps(call))
    schedule.beat()
    assert redis().llen(LIST) == 0
    with unit() as session:
        kept = session.scalars(select(ApiCall)).all()
    assert [(one.endpoint_accessed, one.api_key_id, one.request_payload) for one in kept] == [
        ("/api/v1/teams", None, {"a": 1})
    ] * 2


def test_old_rows_are_forgotten() -> None:
    token = {"purpose": Purpose.RATE, "subject_type": "ticket", "subject_id": 1, "expires_at": now()}
    with unit() as session:
        session.connection().execute(Token.__table__.delete())
        ages = {"old": dt.timedelta(days=31), "new": dt.timedelta(days=29)}
        for digest, age in ages.items():
            session.add(Token(digest=digest, created_at=now() - age, **token))
    upkeep.purge()
    with unit() as session:
        assert session.scalars(select(Token.digest)).all() == ["new"]


def test_calls_are_kept_for_as_many_days_as_the_setting_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(current_app.config, "API_LOG_DAYS", 7)
    call = {"method": "GET", "response_code": 200, "duration_ms": 3}
    with unit() as session:
        session.connection().execute(ApiCall.__table__.delete())
        for endpoint, hours in (("old", 7 * 24 + 1), ("new", 7 * 24 - 1)):
            at = now() - dt.timedelta(hours=hours)
            session.add(ApiCall(endpoint_accessed=endpoint, created_at=at, **call))
    upkeep.purge()
    with unit() as session:
        assert session.scalars(select(ApiCall.endpoint_accessed)).all() == ["new"]
