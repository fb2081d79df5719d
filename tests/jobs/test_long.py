"""Long work: in batches with a checkpoint, fenced by a lease, killed at any point, stopped and parked."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import delete, func, select

from app.access import SYSTEM
from app.adapters import storage
from app.core.clock import frozen, now
from app.core.extensions import queue, redis
from app.jobs import change, load, long, step, sweep, turn
from app.jobs.lease import Lost
from app.jobs.unit import unit
from app.models.customers import Customer
from app.models.jobs import Job, JobFailure, JobKind, JobState
from app.models.teams import Team
from app.models.tickets import Priority, Ticket, TicketChange
from app.services import bulk, files, jobs, tickets
from tests.jobs.conftest import change as set_columns
from tests.jobs.kills import killed_again_and_again, read

MANY = 40
LATER = dt.timedelta(seconds=5)
EVERYTHING = {"seen": {}, "tree": None, "q": "", "upto": 10**9}
URGENT = {"selection": EVERYTHING, "typed": {"priority": "urgent"}}


@pytest.fixture(autouse=True)
def _alone(app: Flask) -> Iterator[None]:
    """Tickets and jobs of this test only, an empty queue, and batches of a few rows."""
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        with unit() as session:
            for model in (JobFailure, Job, Ticket, Team, Customer):
                session.connection().execute(delete(model.__table__))
        redis().flushdb()
        patch.setattr(step, "SECONDS", 0.02)
        patch.setattr(change, "MOST", 5)
        patch.setattr(load, "TOGETHER", 5)
        yield


def write(number: int) -> None:
    with unit() as session:
        for n in range(number):
            told = {"email": "c@example.com", "title": f"Row {n}", "description": "x"}
            tickets.add(session, SYSTEM, told)


def begin(kind: JobKind, model: Any, verb: str, **said: Any) -> int:
    with unit() as session:
        return jobs.start(session, SYSTEM, kind, model, verb, arguments=said).id


def upload(content: str) -> int:
    with unit() as session:
        made = files.keep(
            session, _where(), SYSTEM, io.BytesIO(content.encode()), name="x.csv", media_type="text/csv"
        )
        return made.id


def _where() -> storage.Storage:
    return storage.from_config(current_app.config)


def count(what: Any, *where: Any) -> int:
    with unit() as session:
        return session.scalar(select(func.count()).select_from(what).where(*where)) or 0


def test_a_change_of_many_killed_again_and_again_is_done_once_each() -> None:
    write(MANY)
    job = begin(JobKind.BULK, Ticket, "edit", **URGENT)
    assert killed_again_and_again(job) >= 3
    ended = read(job)
    assert (ended.state, ended.done, ended.failed) == (JobState.DONE, MANY, 0)
    assert count(Ticket, Ticket.priority == Priority.URGENT) == MANY
    changed = TicketChange.changes["priority"]["new"].astext == "urgent"
    assert count(TicketChange, changed, TicketChange.source == "bulk") == MANY


@pytest.mark.parametrize(
    ("model", "header", "line", "mapping"),
    [
        (Team, "name", "Team {n}", {"name": "name"}),
        (Customer, "name,email", "C {n},c{n}@example.com", {"name": "name", "email": "email"}),
    ],
    ids=["plain save", "service"],
)
def test_an_import_killed_again_and_again_is_done_once_each(
    model: Any, header: str, line: str, mapping: dict[str, str]
) -> None:
    rows = [line.format(n=n) for n in range(MANY * 2)]
    file = upload("\n".join([header, *rows, "," * 5 + "surplus"]))
    job = begin(JobKind.IMPORT, model, "import", file=file, mapping=mapping)
    assert killed_again_and_again(job) >= 2
    ended = read(job)
    assert (ended.state, ended.done, ended.failed) == (JobState.DONE, MANY * 2, 1)
    assert count(model) == MANY * 2
    assert count(JobFailure) == 1


def test_a_holder_that_was_overtaken_writes_nothing() -> None:
    write(3)
    job = begin(JobKind.BULK, Ticket, "edit", **URGENT)
    with unit() as session:
        slow = turn.take(session, job)
    assert slow is not None
    with unit() as session:
        assert turn.take(session, job) is None, "a held job is nobody else's"
    set_columns(Job, leased_until=now())
    with frozen(now() + LATER), unit() as session:
        assert turn.take(session, job) is not None
    with pytest.raises(Lost):
        long._batch(slow, change.Change(slow))
    assert count(Ticket, Ticket.priority == Priority.URGENT) == 0


def test_a_running_job_stops_between_two_batches() -> None:
    write(MANY)
    job = begin(JobKind.BULK, Ticket, "edit", **URGENT)
    with unit() as session:
        row = turn.take(session, job)
    assert row is not None
    assert not long._batch(row, change.Change(row))
    with unit() as session:
        jobs.cancel(session, SYSTEM, session.get_one(Job, job))
    assert read(job).state is JobState.RUNNING
    assert long._batch(row, change.Change(row))
    ended = read(job)
    assert (ended.state, 0 < ended.done < MANY) == (JobState.CANCELLED, True)
    assert count(Ticket, Ticket.priority == Priority.URGENT) == ended.done


def test_a_job_makes_room_for_others_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    write(MANY)
    job = begin(JobKind.BULK, Ticket, "edit", **URGENT)
    redis().flushdb()
    monkeypatch.setattr(long, "SLICE", 0.01)
    long.run(job)
    rested = read(job)
    assert (rested.is_open, rested.leased_until, rested.attempts) == (True, None, 0)
    assert 0 < rested.done < MANY
    assert [one.args for one in queue("bulk").jobs] == [["job", job]]
    monkeypatch.undo()
    while read(job).is_open:
        long.run(job)
    assert read(job).done == MANY


def test_a_fault_of_our_own_is_tried_again_then_parked(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any, **_values: Any) -> None:
        raise RuntimeError("a bug")

    write(2)
    job = begin(JobKind.BULK, Ticket, "edit", **URGENT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "attempt", broken)
        for tried in range(1, turn.MOST + 1):
            with frozen(now() + tried * dt.timedelta(minutes=10)):
                long.run(job)
            assert "a bug" in str(read(job).error)
    parked = read(job)
    assert (parked.state, parked.done) == (JobState.PARKED, 0)
    with unit() as session:
        jobs.retry(session, SYSTEM, session.get_one(Job, job))
    long.run(job)
    assert (read(job).state, read(job).done) == (JobState.DONE, 2)


def test_what_kills_its_workers_is_parked_and_what_the_queue_lost_is_found() -> None:
    write(1)
    job = begin(JobKind.BULK, Ticket, "edit", **URGENT)
    assert [one.args for one in queue("bulk").jobs] == [["job", job]]
    redis().flushdb()
    with frozen(now() + LATER), unit() as session:
        assert ("job", job) in sweep.sweep(session)
    set_columns(Job, attempts=turn.MOST)
    with frozen(now() + LATER), unit() as session:
        assert ("job", job) not in sweep.sweep(session)
    assert read(job).state is JobState.PARKED


def test_the_file_of_an_export_is_whole_though_its_worker_was_killed() -> None:
    write(MANY)
    job = begin(JobKind.EXPORT, Ticket, "csv", view={})
    set_columns(Job, done=17, cursor=17, leased_until=now() - LATER, state=JobState.RUNNING)
    long.run(job)
    ended = read(job)
    assert (ended.state, ended.done, ended.total) == (JobState.DONE, MANY, MANY)
    with unit() as session:
        _file, content = files.read(session, _where(), SYSTEM, ended.file_id or 0)
        with content:
            assert len(content.readlines()) == MANY + 1


def test_a_name_with_a_formula_is_no_formula_in_a_file() -> None:
    with unit() as session:
        session.add(Team(name="=1+1"))
    job = begin(JobKind.EXPORT, Team, "csv", view={})
    long.run(job)
    with unit() as session:
        _file, content = files.read(session, _where(), SYSTEM, read(job).file_id or 0)
        with content:
            assert b",'=1+1," in content.read()
