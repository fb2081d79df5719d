"""Many rows at once: chosen, asked about, done by each service; what fails is told, the rest goes on."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from app.access import SYSTEM
from app.core.extensions import db
from app.generate.bulk.views import AT_ONCE
from app.jobs import long
from app.models.audit import AuditLog
from app.models.jobs import Job, JobFailure, JobState
from app.models.people import Employee
from app.models.teams import Team
from app.models.tickets import Priority, Ticket
from app.record import act_as
from app.services import tickets
from tests.generate.conftest import People

SignIn = Callable[[str | None], FlaskClient]
MANY = AT_ONCE + 5


def make(app: Flask, number: int, name: str, **more: Any) -> list[str]:
    """Write tickets and return their ticks, as the boxes of a list send them."""
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        told = {"email": "c@example.com", "description": "x", "category": name, **more}
        made = [tickets.add(session, SYSTEM, {**told, "title": f"{name} {n}"}) for n in range(number)]
        session.commit()
        return [f"{ticket.id}.{ticket.version}" for ticket in made]


def of(app: Flask, name: str) -> list[Ticket]:
    with app.app_context():
        return list(db.session().scalars(select(Ticket).where(Ticket.category == name).order_by(Ticket.id)))


def kept(page: TestResponse) -> str:
    """The selection that a question carries to its answer."""
    found = re.search(r'name="selection" value="([^"]*)"', page.text)
    assert found
    return unescape(found[1])


def confirm(client: FlaskClient, verb: str, asked: TestResponse, **values: Any) -> TestResponse:
    data = {"selection": kept(asked), "confirmed": "1", **values}
    return client.post(f"/admin/tickets/bulk/{verb}", data=data)


def urgent(client: FlaskClient, asked: TestResponse) -> TestResponse:
    return confirm(client, "edit", asked, set="priority", priority="urgent")


def run_jobs(app: Flask) -> None:
    """Do what waits, as a worker would."""
    with app.app_context():
        waiting = db.session().scalars(select(Job.id).where(Job.state == JobState.WAITING)).all()
        for job in waiting:
            long.run(job)


def last_job(app: Flask) -> Job:
    with app.app_context():
        job = db.session().scalars(select(Job).order_by(Job.id.desc())).first()
        assert job is not None
        return job


def test_a_list_offers_what_may_be_done_to_many(app: Flask, sign_in: SignIn) -> None:
    make(app, 1, "offer")
    for role, may_delete in (("admin", True), ("agent", False)):
        page = sign_in(role).get("/admin/tickets/list/").text
        assert ("bulk/delete" in page) is may_delete
        assert "bulk/edit" in page
        assert "bulk/archive" in page
    assert "bulk/" not in sign_in("agent").get("/admin/teams/list/").text


def test_few_rows_are_changed_at_once_and_audited(app: Flask, admin: FlaskClient) -> None:
    ticks = make(app, 3, "few")
    asked = admin.post("/admin/tickets/bulk/edit", data={"id": ticks})
    assert "3 rows are chosen" in asked.text
    assert "few 1" in asked.text
    assert {ticket.priority for ticket in of(app, "few")} == {Priority.MEDIUM}, "a question changes nothing"
    answer = urgent(admin, asked)
    assert (answer.status_code, answer.location) == (302, "/admin/tickets/list/")
    changed = of(app, "few")
    assert {ticket.priority for ticket in changed} == {Priority.URGENT}
    with app.app_context():
        noted = select(AuditLog.object_id).where(AuditLog.action_type == "TICKET_UPDATE")
        assert {ticket.id for ticket in changed} <= set(db.session().scalars(noted))


def test_a_row_somebody_changed_meanwhile_is_left_and_told(app: Flask, admin: FlaskClient) -> None:
    ticks = make(app, 2, "stale")
    asked = admin.post("/admin/tickets/bulk/edit", data={"id": ticks})
    number = ticks[0].split(".")[0]
    assert admin.post(f"/admin/tickets/edit/{number}", data={"title": "Theirs"}).status_code == 302
    answer = urgent(admin, asked)
    assert answer.status_code == 200
    assert "Somebody else changed this" in answer.text
    assert [ticket.priority for ticket in of(app, "stale")] == [Priority.MEDIUM, Priority.URGENT]


def test_what_forbids_it_is_told_with_its_reason(app: Flask, admin: FlaskClient) -> None:
    ticks = make(app, 1, "open") + make(app, 1, "ended", status="resolved")
    answer = confirm(admin, "archive", admin.post("/admin/tickets/bulk/archive", data={"id": ticks}))
    assert answer.status_code == 200
    assert "open 0" in answer.text
    assert "ended 0" not in answer.text
    assert of(app, "ended")[0].archived_at is not None


def test_a_wrong_value_is_told_beside_its_field_and_nothing_is_done(app: Flask, admin: FlaskClient) -> None:
    asked = admin.post("/admin/tickets/bulk/edit", data={"id": make(app, 2, "wrong")})
    answer = confirm(admin, "edit", asked, set="priority", priority="soon")
    assert answer.status_code == 422
    assert "e-priority" in answer.text
    assert confirm(admin, "edit", asked).status_code == 422, "no field is ticked"
    assert {ticket.priority for ticket in of(app, "wrong")} == {Priority.MEDIUM}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"id": "x"},
        {"selection": "[]"},
        {"selection": '{"seen": {}}'},
        {"selection": '{"tree": {"field": "nope"}, "upto": 99}'},
        {"all": "1", "view": "nope=1"},
    ],
    ids=["nothing", "no id", "no selection", "an empty one", "a forged one", "no such filter"],
)
def test_what_means_no_rows_changes_none(app: Flask, admin: FlaskClient, data: dict[str, str]) -> None:
    before = len(of(app, "none")) or len(make(app, 1, "none"))
    answer = admin.post("/admin/tickets/bulk/delete", data={**data, "confirmed": "1"}, follow_redirects=True)
    assert answer.status_code in {200, 400, 422}
    assert len(of(app, "none")) == before == 1


def test_rows_of_others_are_never_reached(app: Flask, sign_in: SignIn, people: People) -> None:
    theirs = make(app, 2, "theirs", team_id=people.other_team)
    mine = make(app, 1, "theirs", team_id=people.team)
    agent = sign_in("agent")
    asked = agent.post("/admin/tickets/bulk/edit", data={"id": theirs + mine})
    assert "theirs 1" not in asked.text
    answer = urgent(agent, asked)
    assert "There is nothing here" in answer.text
    assert [one.priority for one in of(app, "theirs")] == [Priority.MEDIUM, Priority.MEDIUM, Priority.URGENT]
    every = agent.post("/admin/tickets/bulk/edit", data={"all": "1", "view": "category=theirs"})
    assert "1 row is chosen" in every.text
    assert agent.post("/admin/tickets/bulk/delete", data={"id": theirs}).status_code == 404


def test_all_of_a_view_is_a_job_with_the_grants_of_who_started_it(app: Flask, admin: FlaskClient) -> None:
    make(app, MANY, "view")
    make(app, 1, "beside")
    asked = admin.post("/admin/tickets/bulk/edit", data={"all": "1", "view": "category=view"})
    assert f"{MANY} rows are chosen" in asked.text
    make(app, 1, "view")  # what comes later was not meant
    answer = urgent(admin, asked)
    job = last_job(app)
    assert answer.location == f"/jobs/{job.id}"
    assert (job.state, job.total) == (JobState.WAITING, MANY)
    assert f"0 of {MANY} done" in admin.get(answer.location).text
    assert admin.get(f"{answer.location}?again=1").headers["Refresh"] == "3"
    run_jobs(app)
    job = last_job(app)
    assert (job.state, job.done, job.failed) == (JobState.DONE, MANY, 0)
    assert f"{MANY} of {MANY} done" in admin.get(answer.location).text
    assert [ticket.priority for ticket in of(app, "view")] == [Priority.URGENT] * MANY + [Priority.MEDIUM]
    assert of(app, "beside")[0].priority is Priority.MEDIUM


def test_a_job_tells_which_rows_failed_and_goes_on(app: Flask, admin: FlaskClient) -> None:
    ended = make(app, MANY, "mixed", status="resolved")
    still_open = make(app, 2, "mixed")
    asked = admin.post("/admin/tickets/bulk/archive", data={"id": [*ended, *still_open, "999999.1"]})
    answer = confirm(admin, "archive", asked)
    run_jobs(app)
    job, page = last_job(app), admin.get(answer.location).text
    assert (job.state, job.done, job.failed) == (JobState.DONE, MANY, 3)
    assert "mixed 0" in page
    assert "#999999" in page
    assert "There is nothing here" in page


def test_a_job_of_someone_who_left_stops(app: Flask, sign_in: SignIn, people: People) -> None:
    make(app, MANY, "left", team_id=people.team)
    agent = sign_in("agent")
    urgent(agent, agent.post("/admin/tickets/bulk/edit", data={"all": "1", "view": "category=left"}))
    with app.app_context():
        switch(people.agent, active=False)
        run_jobs(app)
        switch(people.agent, active=True)
    job = last_job(app)
    assert (job.state, job.done) == (JobState.FAILED, 0)
    assert "no longer active" in str(job.error)


def switch(agent: int, *, active: bool) -> None:
    act_as(db.session(), SYSTEM, source="test")
    db.session().get_one(Employee, agent).active = active
    db.session().commit()


def test_a_job_can_be_stopped_and_taken_up_again(app: Flask, admin: FlaskClient) -> None:
    make(app, MANY, "stop")
    place = urgent(
        admin, admin.post("/admin/tickets/bulk/edit", data={"all": "1", "view": "category=stop"})
    ).location
    job = last_job(app)
    assert admin.post(f"/console/jobs/act/cancel/{job.id}").location == place
    run_jobs(app)
    assert (last_job(app).state, of(app, "stop")[0].priority) == (JobState.CANCELLED, Priority.MEDIUM)
    again = admin.post(f"/console/jobs/act/cancel/{job.id}", follow_redirects=True)
    assert "has ended already" in again.text
    admin.post(f"/console/jobs/act/retry/{job.id}")
    run_jobs(app)
    assert (last_job(app).state, last_job(app).done) == (JobState.DONE, MANY)


def test_a_job_is_shown_to_its_owner_and_administrators_only(
    app: Flask, sign_in: SignIn, people: People
) -> None:
    make(app, MANY, "private")
    supervisor = sign_in("supervisor")
    asked = supervisor.post("/admin/tickets/bulk/edit", data={"all": "1", "view": "category=private"})
    place = urgent(supervisor, asked).location
    number = place.rsplit("/", 1)[1]
    for role, status in (("supervisor", 200), ("admin", 200), ("agent", 404)):
        assert sign_in(role).get(place).status_code == status
        listed = f'href="{place}"' in sign_in(role).get("/console/jobs/").text
        assert listed is (status == 200)
    assert sign_in("agent").post(f"/console/jobs/act/cancel/{number}").status_code == 404
    run_jobs(app)


def test_what_names_a_row_is_not_offered_for_many(app: Flask, admin: FlaskClient, people: People) -> None:
    page = admin.post("/admin/teams/bulk/edit", data={"id": [f"{people.team}.1"]}).text
    assert 'value="is_active"' in page
    assert 'name="set" value="name"' not in page
    assert 'name="set" value="description"' not in page


def test_failures_go_with_their_job(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        session = db.session()
        assert session.scalar(select(JobFailure.id).limit(1)) is not None
        session.connection().execute(delete(Job.__table__))
        assert session.scalar(select(JobFailure.id).limit(1)) is None
        assert session.scalar(select(Team.id).limit(1)) is not None
        session.rollback()
