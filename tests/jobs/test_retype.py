"""Another type for a field: all or nothing, killed at any point, beside people who go on writing."""

from __future__ import annotations

import csv
import random
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import delete, select

from app.access import SYSTEM
from app.adapters import storage
from app.core.errors import Invalid, Stale
from app.core.extensions import db, redis
from app.criteria import where
from app.fields import definition_version, fields_of, remember_version
from app.jobs import long, retype, step, turn
from app.jobs.unit import unit
from app.models.fields import FieldDefinition
from app.models.jobs import Job, JobFailure, JobState
from app.models.tickets import Ticket, TicketChange
from app.record import act_as
from app.services import field_definitions, files, jobs, tickets
from app.services.retyping import asking, steps
from tests.jobs.kills import killed_again_and_again, read

MANY = 30
SEATS = "custom_fields.seats"
WRONG = ("none", "a few", "2,5")
WHY = f"{SEATS}: Write a number, for example 12."


@pytest.fixture(autouse=True)
def _alone(app: Flask) -> Iterator[None]:
    """A field of texts, tickets and jobs of this test only, and batches of a few rows."""
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        _clear()
        with unit() as session:
            field_definitions.add(session, SYSTEM, {"field_name": "seats", "field_type": "text"})
        patch.setattr(step, "SECONDS", 0.02)
        patch.setattr(retype, "MOST", 5)
        patch.setattr(steps, "LOOKED", 7)
        yield
        _clear()


def _clear() -> None:
    with unit() as session:
        for model in (JobFailure, Job, Ticket, FieldDefinition):
            session.connection().execute(delete(model.__table__))
    redis().flushdb()


def write(*values: Any) -> None:
    with unit() as session:
        for value in values:
            told = {"email": "c@example.com", "title": "Row", "description": "x"}
            tickets.add(session, SYSTEM, told | {"custom_fields": {"seats": value}})


def begin(**more: Any) -> int:
    with unit() as session:
        definition = session.scalars(select(FieldDefinition)).one()
        return asking.start(session, SYSTEM, definition, {"field_type": "integer", **more}).id


def kept() -> list[Any]:
    with unit() as session:
        rows = session.scalars(select(Ticket.custom_fields).order_by(Ticket.id))
        return [one.get("seats") for one in rows]


def type_now() -> str:
    with unit() as session:
        return str(session.scalars(select(FieldDefinition.field_type)).one())


def failures() -> list[str]:
    with unit() as session:
        return list(session.scalars(select(JobFailure.label).order_by(JobFailure.id)))


def lines_of(job: Job) -> list[dict[str, str]]:
    with unit() as session:
        where_kept = storage.from_config(current_app.config)
        _file, content = files.read(session, where_kept, SYSTEM, job.file_id or 0)
        with content:
            return list(csv.DictReader(content.read().decode("utf-8-sig").splitlines()))


def test_killed_again_and_again_each_value_is_rewritten_once_and_each_emptied_one_is_told() -> None:
    values = [str(number) for number in range(MANY)]
    write(*values[:10], WRONG[0], *values[10:20], WRONG[1], *values[20:], WRONG[2])
    job = begin(emptying=True)
    assert killed_again_and_again(job) >= 3
    ended = read(job)
    assert (ended.state, ended.done, ended.failed, ended.total) == (JobState.DONE, MANY, 3, MANY + 3)
    assert [one for one in kept() if one is not None] == list(range(MANY))
    assert failures() == list(WRONG)
    assert [line["seats"] for line in lines_of(ended)] == list(WRONG)
    with unit() as session:
        changed = TicketChange.changes[SEATS]["old"].astext
        told = session.scalars(select(changed).where(TicketChange.source == "retype")).all()
    assert sorted(told) == sorted([*values, *WRONG])


def test_nothing_changes_where_nothing_can_be_made_of_one_value() -> None:
    values = [*map(str, range(MANY)), "none"]
    write(*values)
    job = begin()
    long.run(job)
    ended = read(job)
    assert (ended.state, ended.done, ended.failed) == (JobState.FAILED, 0, 1)
    assert str(ended.error).startswith("Nothing was changed: nothing can be made of 1 value.")
    assert (kept(), type_now(), failures()) == (values, "text", ["none"])
    assert [(line["seats"], line["Reason"]) for line in lines_of(ended)] == [("none", WHY)]


def test_more_than_can_be_written_down_is_never_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "MOST_EMPTIED", 1)
    write("1", "none", "few")
    job = begin(emptying=True)
    long.run(job)
    assert (read(job).state, type_now(), kept()) == (JobState.FAILED, "text", ["1", "none", "few"])


def test_a_definition_that_changed_meanwhile_is_left_as_it_is() -> None:
    write("1")
    job = begin()
    with unit() as session:
        definition = session.scalars(select(FieldDefinition)).one()
        field_definitions.edit(session, SYSTEM, definition, {"help": "How many?"})
    long.run(job)
    assert (read(job).state, type_now(), kept()) == (JobState.FAILED, "text", ["1"])


def test_stopped_half_way_everything_is_read_and_the_rest_can_follow() -> None:
    write(*map(str, range(MANY)))
    job = begin()
    with unit() as session:
        row = turn.take(session, job)
    assert row is not None
    while type_now() == "text" or read(job).done == 0:
        assert not long._batch(row, retype.Retype(row))
    with unit() as session:
        jobs.cancel(session, SYSTEM, session.get_one(Job, job))
    assert long._batch(row, retype.Retype(row))
    assert {type(one) for one in kept()} == {int, str}
    assert read_as_numbers() == list(range(MANY))
    with unit() as session:
        jobs.retry(session, SYSTEM, session.get_one(Job, job))
    long.run(job)
    assert (read(job).state, kept()) == (JobState.DONE, list(range(MANY)))


def read_as_numbers() -> list[int]:
    """The values as everybody reads them, and as lists find them."""
    with unit() as session:
        fields = fields_of(session, Ticket)
        rows = session.scalars(select(Ticket).order_by(Ticket.id)).all()
        for row in rows:
            asked = where({"field": SEATS, "op": "is", "value": int(fields[SEATS].read(row))}, fields, Ticket)
            assert row.id in set(session.scalars(select(Ticket.id).where(asked)))
        return [int(fields[SEATS].read(row)) for row in rows]


def test_who_began_before_the_change_and_ends_after_it_loses_nothing() -> None:
    write("1", "2")
    slow = db.session.session_factory()
    act_as(slow, SYSTEM, source="test")
    first = slow.scalars(select(Ticket).order_by(Ticket.id)).first()
    remember_version(slow, slow.scalar(select(definition_version())))
    long.run(begin())
    with pytest.raises(Stale), slow.begin_nested():
        tickets.edit(slow, SYSTEM, first, {"custom_fields": {"seats": "7"}})
    told = {"email": "c@example.com", "title": "Row", "description": "x"}
    tickets.add(slow, SYSTEM, told | {"custom_fields": {"seats": "77"}})
    slow.commit()
    slow.close()
    assert (kept(), read_as_numbers()) == ([1, 2, "77"], [1, 2, 77])


def test_people_write_on_meanwhile_and_the_last_word_is_kept(app: Flask) -> None:
    write(*map(str, range(MANY)))
    said: dict[int, int] = {}
    ended = threading.Event()
    writer = threading.Thread(target=_writing, args=(app, ended, said))
    writer.start()
    job = begin()
    while read(job).is_open:
        long.run(job)
    ended.set()
    writer.join()
    with unit() as session:
        rows = session.execute(select(Ticket.id, Ticket.custom_fields).order_by(Ticket.id)).all()
    wrong = {
        number: (one, said[number]) for number, one in rows if number in said and one["seats"] != said[number]
    }
    assert (wrong, read(job).failed) == ({}, 0)
    assert all(isinstance(one["seats"], int) for _number, one in rows)
    assert len(said) > 1


def _writing(app: Flask, ended: threading.Event, said: dict[int, int]) -> None:
    """Change tickets again and again, as a form of either type would; remember what was the last word."""
    dice = random.Random(7)
    with app.app_context():
        while not ended.is_set():
            number = dice.randrange(1000)
            try:
                with unit() as session:
                    row = dice.choice(session.scalars(select(Ticket).order_by(Ticket.id)).all())
                    is_text = fields_of(session, Ticket)[SEATS].kind == "text"
                    given = str(number) if is_text else number
                    tickets.edit(session, SYSTEM, row, {"custom_fields": {"seats": given}})
                said[row.id] = number
            except (Stale, Invalid):
                continue
