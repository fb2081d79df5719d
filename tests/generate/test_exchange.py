"""Lists to files and back: what one sees leaves, what is valid comes in, the rest is told with its reason."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.access import SYSTEM
from app.core.clock import frozen, now
from app.core.extensions import db
from app.generate.exchange import exporting
from app.jobs.upkeep import purge
from app.models.audit import AuditLog
from app.models.customers import Customer
from app.models.files import File
from app.models.jobs import Job, JobState
from app.models.routing import Decision
from app.models.teams import Team
from app.models.tickets import Ticket
from app.record import act_as
from app.services import files
from app.services.exchange import stream
from tests.generate.conftest import People
from tests.generate.test_bulk import last_job, make, run_jobs

SignIn = Callable[[str | None], FlaskClient]


def content_of(answer: TestResponse) -> bytes:
    """What a file holds that was sent."""
    with answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        return answer.get_data()


def text_of(answer: TestResponse) -> str:
    return content_of(answer).decode("utf-8-sig")


def lines(answer: TestResponse) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(answer))))


def upload(client: FlaskClient, table: str, content: str, name: str = "x.csv") -> TestResponse:
    data = {"file": (io.BytesIO(content.encode()), name)}
    return client.post(f"/admin/{table}/import", data=data)


def begin(client: FlaskClient, table: str, content: str, name: str = "x.csv", **chosen: str) -> TestResponse:
    """Upload, choose columns, begin; return the page of the job."""
    place = upload(client, table, content, name).location
    answer = client.post(place, data={**chosen, "start": "1"})
    assert answer.status_code == 302, answer.text[-800:]
    return client.get(answer.location)


def teams(app: Flask, like: str) -> list[Team]:
    with app.app_context():
        return list(db.session().scalars(select(Team).where(Team.name.like(like)).order_by(Team.name)))


def test_an_export_holds_what_one_sees(app: Flask, sign_in: SignIn, people: People) -> None:
    make(app, 2, "sheet", team_id=people.team)
    make(app, 1, "sheet", team_id=people.other_team)
    place = "/admin/tickets/export/csv?category=sheet&sort=title"
    assert [row["Subject"] for row in lines(sign_in("admin").get(place))] == ["sheet 0", "sheet 0", "sheet 1"]
    rows = lines(sign_in("agent").get(place))
    assert [(row["Subject"], row["Status"], row["Team: name"]) for row in rows] == [
        ("sheet 0", "new", "Billing"),
        ("sheet 1", "new", "Billing"),
    ]
    chosen = lines(sign_in("admin").get(f"{place}&columns=status"))
    assert list(chosen[0]) == ["Number", "Version", "Status"]
    with app.app_context():
        noted = select(AuditLog.action_details).where(AuditLog.action_type == "TICKET_EXPORT")
        assert {"format": "csv", "rows": 2} in list(db.session().scalars(noted))


@pytest.mark.parametrize("together", [1, 2, 3, 4])
def test_rows_come_in_blocks_and_none_is_missed(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    make(app, 3, f"block {together}")
    monkeypatch.setattr(stream, "CHUNK", together)
    place = f"/admin/tickets/export/csv?category=block {together}&sort=title"
    assert [row["Subject"] for row in lines(admin.get(place))] == [f"block {together} {n}" for n in range(3)]
    assert lines(admin.get("/admin/tickets/export/csv?category=no such thing")) == []


def test_what_is_hidden_from_a_role_is_in_no_export(sign_in: SignIn) -> None:
    assert "Capacity" in lines(sign_in("admin").get("/admin/employees/export/csv"))[0]
    assert "Capacity" not in lines(sign_in("agent").get("/admin/employees/export/csv"))[0]
    assert sign_in("agent").get("/admin/webhooks/export/csv").status_code == 404
    assert sign_in("admin").get("/admin/teams/export/exe").status_code == 404


@pytest.mark.parametrize("name", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("place", ["/admin/employees", "/console/audit_logs", "/console/employee_metrics"])
def test_every_form_of_every_kind_of_list(admin: FlaskClient, place: str, name: str) -> None:
    content = content_of(admin.get(f"{place}/export/{name}"))
    if name == "xlsx":
        assert "xl/worksheets/sheet1.xml" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    elif name == "json":
        assert isinstance(json.loads(content), list)


def test_a_long_export_is_a_job_whose_file_is_its_owners(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(app, 3, "long")
    monkeypatch.setattr(exporting, "AT_ONCE", 2)
    supervisor, place = sign_in("supervisor"), "/admin/tickets/export/csv?category=long"
    asked = supervisor.get(place)
    assert "3 rows" in asked.text
    page = supervisor.post(place).location
    run_jobs(app)
    job = last_job(app)
    assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
    assert f"/files/{job.file_id}" in supervisor.get(page).text
    assert len(lines(supervisor.get(f"/files/{job.file_id}"))) == 3
    with sign_in("admin").get(f"/files/{job.file_id}") as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert sign_in("agent").get(f"/files/{job.file_id}").status_code == 404
    assert sign_in(None).get(f"/files/{job.file_id}").status_code == 302


def test_files_expire_and_are_forgotten(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("SESSION_IDLE_HOURS", "SESSION_HOURS"):
        monkeypatch.setitem(app.config, limit, 24 * 30)
    place = upload(admin, "teams", "name\nExpired\n").location
    number = int(place.rsplit("/", 1)[1])
    folder = Path(app.config["DATA_DIR"]) / "files"
    with app.app_context():
        key = db.session().get_one(File, number).storage_key
    assert (folder / key).exists()
    with frozen(now() + files.KEPT_FOR):
        assert admin.get(f"/files/{number}").status_code == 404
        with app.app_context():
            purge()
    assert not (folder / key).exists()
    with app.app_context():
        assert db.session().get(File, number) is None


def test_an_import_is_guessed_tried_and_done(app: Flask, admin: FlaskClient) -> None:
    content = "Name,Active,What\nImp 1,true,x\nImp 2,no,y\n"
    place = upload(admin, "teams", content).location
    form = admin.get(place).text
    assert 'value="name" selected' in form
    chosen = {"column.0": "name", "column.1": "is_active"}
    trial = admin.post(place, data=chosen)
    assert "2 of the first 2 rows can be imported" in trial.text
    assert "Left out: What" in trial.text
    assert teams(app, "Imp%") == [], "a trial writes nothing"
    answer = admin.post(place, data={**chosen, "start": "1"})
    run_jobs(app)
    assert "2 of 2 done" in admin.get(answer.location).text
    assert [(team.name, team.is_active) for team in teams(app, "Imp%")] == [("Imp 1", True), ("Imp 2", False)]


def test_refused_lines_come_back_as_a_file_with_reasons(app: Flask, admin: FlaskClient) -> None:
    content = "Name,Active\nGood,yes\n,yes\nBad,perhaps\nBilling,yes\n"
    begin(admin, "teams", content, **{"column.0": "name", "column.1": "is_active"})
    run_jobs(app)
    job = last_job(app)
    assert (job.state, job.done, job.failed) == (JobState.DONE, 1, 3)
    refused = lines(admin.get(f"/files/{job.file_id}"))
    assert [row["Name"] for row in refused] == ["", "Bad", "Billing"]
    assert "fill" in refused[0]["Reason"]
    assert "yes or no" in refused[1]["Reason"]
    assert "taken" in refused[2]["Reason"]
    mended = text_of(admin.get(f"/files/{job.file_id}")).replace("perhaps", "no")
    begin(admin, "teams", mended, **{"column.0": "name", "column.1": "is_active"})
    run_jobs(app)
    assert (last_job(app).done, last_job(app).failed) == (1, 2)
    assert [team.is_active for team in teams(app, "Bad")] == [False]


def test_rows_are_found_by_a_unique_field_or_their_number(app: Flask, admin: FlaskClient) -> None:
    content = "name,description\nKey A,one\nKey B,two\nKey A,three\n"
    chosen = {"column.0": "name", "column.1": "description", "key": "name"}
    begin(admin, "teams", content, **chosen)
    run_jobs(app)
    assert [(team.name, team.description) for team in teams(app, "Key%")] == [
        ("Key A", "three"),
        ("Key B", "two"),
    ]
    number, seen = teams(app, "Key A")[0].id, teams(app, "Key A")[0].version
    rows = f"id,version,description\n{number},{seen},four\n{number},{seen},five\n999999,1,six\n"
    mapped = {"column.0": "id", "column.1": "version", "column.2": "description", "key": "id"}
    begin(admin, "teams", rows, **mapped)
    run_jobs(app)
    assert (last_job(app).done, last_job(app).failed) == (1, 2)
    assert teams(app, "Key A")[0].description == "four"
    page = admin.get(f"/jobs/{last_job(app).id}").text
    assert "Somebody else changed this" in page
    assert "There is nothing here" in page


def test_tickets_are_routed_once_each_and_json_is_read(app: Flask, admin: FlaskClient) -> None:
    rows = [{"email": f"i{n}@example.com", "title": f"json {n}", "description": "x"} for n in range(3)]
    mapped = {"column.0": "email", "column.1": "title", "column.2": "description"}
    begin(admin, "tickets", json.dumps(rows), "x.json", **mapped)
    run_jobs(app)
    assert last_job(app).done == 3
    with app.app_context():
        session = db.session()
        made = list(session.scalars(select(Ticket.id).where(Ticket.title.like("json%"))))
        decided = select(func.count()).select_from(Decision).where(Decision.ticket_id.in_(made))
        assert (len(made), session.scalar(decided)) == (3, 3)
        assert (
            session.scalar(select(func.count()).select_from(Customer).where(Customer.email.like("i_@%"))) == 3
        )


def test_an_export_comes_in_again_and_changes_nothing(app: Flask, admin: FlaskClient) -> None:
    make(app, 2, "=1+1", tags=["a", "b"])
    before = lines(admin.get("/admin/tickets/export/csv?q=%231"))
    content = text_of(admin.get("/admin/tickets/export/csv?sort=id"))
    place = upload(admin, "tickets", content).location
    form = admin.get(place).text
    count = content.splitlines()[0].count(",") + 1
    chosen = {f"column.{n}": picked(form, n) for n in range(count)}
    assert {"id", "version", "title", "status", "tags"} <= set(chosen.values())
    admin.post(place, data={**chosen, "key": "id", "start": "1"})
    run_jobs(app)
    assert last_job(app).failed == 0
    assert lines(admin.get("/admin/tickets/export/csv?q=%231")) == before


def picked(form: str, place: int) -> str:
    """The field that is chosen for a column."""
    select_box = form.partition(f'name="column.{place}"')[2].partition("</select>")[0]
    return select_box.partition('" selected')[0].rpartition('value="')[2] if "selected" in select_box else ""


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("", "x.csv", "name every column"),
        ("name\n", "x.csv", "no row"),
        ("name,name\na,b\n", "x.csv", "same name"),
        ('name\n"a', "x.csv", "cannot be read"),
        ("{", "x.json", "not JSON"),
        ('{"name": 1}', "x.json", "list of objects"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    admin: FlaskClient, content: str, name: str, said: str
) -> None:
    answer = upload(admin, "teams", content, name)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_file_is_not_for_others_nor_for_those_who_may_not_add(sign_in: SignIn) -> None:
    place = upload(sign_in("supervisor"), "teams", "name\nTheirs\n").location
    assert sign_in("agent").get(place).status_code == 404
    assert sign_in("agent").get("/admin/teams/import").status_code == 404
    assert sign_in("supervisor").post(place, data={"column.0": "name"}).status_code == 200


def test_commands_write_and_read(app: Flask, tmp_path: Path) -> None:
    def command(*words: Any) -> Any:
        return app.test_cli_runner().invoke(args=[str(word) for word in words])

    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("name,is_active,nope\nCli 1,yes,\nCli 2,perhaps,\n")
    tried = command("import", "teams", source, "--dry-run")
    assert "1 rows can be imported, 1 cannot" in tried.output
    assert "Left out: nope" in tried.output
    assert teams(app, "Cli%") == []
    done = command("import", "teams", source)
    assert done.exit_code == 0, done.output
    assert "1 rows were imported, 1 were refused" in done.output
    assert "Row 3 (Cli 2)" in done.output
    assert "Cli 1" in [team.name for team in teams(app, "Cli%")]
    again = command("import", "teams", source, "--key", "name")
    assert "1 rows were imported" in again.output
    assert len(teams(app, "Cli%")) == 1
    written = command("export", "teams", "--to", target, "--filter", "is_active=true")
    assert written.exit_code == 0, written.output
    assert "Cli 1" in target.read_text("utf-8-sig")
    for wrong in (["export", "nope", "--to", target], ["export", "teams", "--to", tmp_path / "x.doc"]):
        assert command(*wrong).exit_code == 1


def test_a_job_of_an_import_never_doubles(app: Flask, admin: FlaskClient) -> None:
    begin(admin, "teams", "name\nOnce 1\nOnce 2\n", **{"column.0": "name"})
    run_jobs(app)
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        job = session.scalars(select(Job).order_by(Job.id.desc())).first()
        assert job is not None
        job.state = JobState.WAITING  # as if the last word had been lost
        session.commit()
    run_jobs(app)
    assert (last_job(app).state, last_job(app).done, last_job(app).failed) == (JobState.DONE, 2, 0)
    assert len(teams(app, "Once%")) == 2
