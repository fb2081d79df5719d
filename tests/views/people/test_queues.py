"""The page of queues: what waits and stopped, as the database knows it; who lives, as Redis does."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from redis.exceptions import RedisError
from sqlalchemy import select

from app.access import SYSTEM
from app.core.extensions import db, redis
from app.models.audit import AuditLog
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
    assert "Long jobs and upkeep: no process does this. Start “bulk”" in shown
    assert "Start “effects”" not in shown


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


def test_what_stopped_is_tried_again_from_the_page_and_leads_back_to_it(office: Office, admin: str) -> None:
    """Asked first, with a token, noted in the audit log, once; nobody else reaches it."""
    client = office.client(admin)
    shown = client.get("/jobs/queues").text
    deeds = re.findall(r'href="(/console/(\w+)/act/(\w+)/(\d+)\?back=%2Fjobs%2Fqueues)"', shown)
    assert {(table, verb) for _url, table, verb, _key in deeds} == {
        ("jobs", "cancel"), ("jobs", "retry"), ("mails", "retry"),
    }  # fmt: skip
    assert all('data-confirm="' in part for part in shown.split("<a ")[1:] if "/act/" in part.split(">")[0])
    url, _table, _verb, key = next(deed for deed in deeds if deed[1:3] == ("jobs", "retry"))
    assert f'action="{url}"' in client.get(url).text
    assert office.client("Ben").post(url).status_code == 404
    assert client.post(url).location == "/jobs/queues"
    with office.app.app_context():
        assert db.session.get_one(Job, int(key)).state is JobState.WAITING
        noted = select(AuditLog.performed_by).where(AuditLog.action_type == "JOB_RETRY")
        assert db.session.scalars(noted).all() == [f"employee:{office.ids['Root']}"]
    again = client.post(url)
    assert again.status_code == 409
    assert "not one that stopped" in again.text
    assert "evil.example" not in client.get(url.replace("%2Fjobs%2Fqueues", "https://evil.example")).text
