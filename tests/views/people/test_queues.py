"""The page of queues: what waits and stopped, as the database knows it; who lives, as Redis does."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from redis.exceptions import RedisError

from app.access import SYSTEM
from app.core.extensions import db, redis
from app.models.effects import State
from app.models.jobs import Job, JobKind, JobState
from app.models.mails import Mail
from app.record import act_as
from app.services import employees, work
from tests.views.people.conftest import Office


@pytest.fixture(scope="module")
def admin(office: Office) -> str:
    with office.app.test_request_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        values = {"name": "Root", "email": "root@desk.example", "role": "admin"}
        office.ids["Root"] = employees.add(session, SYSTEM, values).id
        mails = session.query(Mail).order_by(Mail.id).all()
        mails[0].state, mails[1].state = State.FAILED, State.PARKED
        for state in (JobState.WAITING, JobState.FAILED, JobState.PARKED, JobState.PARKED, JobState.DONE):
            session.add(Job(kind=JobKind.BULK, object_table="teams", verb="edit", state=state))
        session.commit()
    return "Root"


@pytest.fixture
def living(office: Office) -> Iterator[None]:
    with office.app.app_context():
        names = [f"{work.BEATS}{role}:host:1" for role in ("effects", "schedule")]
        for name in names:
            redis().set(name, 1, ex=60)
        yield
        redis().delete(*names)


def row(text: str, label: str) -> list[str]:
    """The cells of the row that begins with `label`."""
    found = next(part for part in text.split("<tr")[1:] if f">{label}<" in part)
    return [re.sub("<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", found, re.DOTALL)]


def test_what_waits_and_stopped_is_counted_and_leads_to_its_list(
    office: Office, admin: str, living: None
) -> None:
    shown = office.client(admin).get("/jobs/queues").text
    jobs, mails = row(shown, "Jobs"), row(shown, "Mails")
    assert (jobs[1], jobs[3], jobs[4]) == ("1", "1", "2")
    assert mails[3:5] == ["1", "1"]
    assert "/console/jobs/?state=parked" in shown
    assert "No process works on bulk" in shown
    assert "No process works on effects" not in shown


def test_it_comes_without_redis_too(office: Office, admin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise RedisError

    monkeypatch.setattr(work, "redis", away)
    shown = office.client(admin).get("/jobs/queues").text
    assert "Redis does not answer" in shown
    assert row(shown, "Jobs")[1] == "1"


def test_only_who_sees_all_of_it_sees_the_sums(office: Office, admin: str) -> None:
    assert office.client("Ben").get("/jobs/queues").status_code == 404
    assert "/jobs/queues" not in office.client("Ben").get("/profile/").text
    assert "/jobs/queues" in office.client(admin).get("/profile/").text


def test_it_costs_few_statements(office: Office, admin: str, statements: list[str]) -> None:
    client = office.client(admin)
    client.get("/jobs/queues")
    statements.clear()
    client.get("/jobs/queues")
    assert len(statements) <= 8
