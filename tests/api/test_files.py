"""Rows to files and back by REST: as jobs, with what the caller may see and write, for the caller alone."""

from __future__ import annotations

import csv
import io
from contextlib import closing
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import func, select

from app import models
from app.access import SYSTEM
from app.core.extensions import db
from app.models.keys import ApiCall, ApiKey
from app.record import act_as
from tests.api.conftest import Desk
from tests.api.test_bulk import counted, ended

CSV, JSON = "text/csv", "application/json"
WIDE = ("read_tickets", "write_tickets")
HEADER = "email,title,description,priority,custom_fields.seats"


def load(desk: Desk, caller: str | None, content: str | bytes, kind: str = CSV, **more: Any) -> Any:
    path = f"{more.pop('table', 'tickets')}/import"
    return desk.call("POST", path, caller, data=content, content_type=kind, **more)


def fetched(desk: Desk, caller: str | None, job: int, status: int = 200) -> Any:
    with closing(desk.call("GET", f"jobs/{job}/file", caller)) as answer:
        assert answer.status_code == status, answer.text
        assert answer.data
        return answer


def exported(desk: Desk, caller: str, body: dict[str, Any], table: str = "tickets") -> Any:
    job = ended(desk, caller, desk.call("POST", f"{table}/export", caller, json=body))
    assert job["state"] == "done", job
    return fetched(desk, caller, job["id"])


def rows(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_rows_are_exported_as_the_api_shows_them(desk: Desk) -> None:
    key, tag = desk.key(*WIDE), "to-a-file"
    for seats in (1, 2, 3):
        letter = {"email": "file@example.com", "title": f"=cmd {seats}", "description": "Text", "tags": [tag]}
        desk.call("POST", "tickets", json=letter | {"custom_fields": {"seats": seats}})
    tree = {"all": [{"field": "tags", "op": "contains", "value": tag},
                    {"field": "custom_fields.seats", "op": "gte", "value": 2}]}  # fmt: skip
    asked = {"criteria": tree, "sort": "-created_at"}
    answer = exported(desk, key, {"format": "csv", **asked})
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=tickets-")
    told = rows(answer)
    assert [one["custom_fields.seats"] for one in told] == ["3", "2"]
    assert told[0]["title"] == "'=cmd 3", "no spreadsheet runs it"
    shown = desk.call("GET", f"tickets?tags={tag}", key).json["data"][0]
    members = {*shown} - {"custom_fields"} | {f"custom_fields.{name}" for name in shown["custom_fields"]}
    assert set(told[0]) == members
    as_json = orjson.loads(exported(desk, key, {"format": "json", **asked}).data)
    assert [one["title"] for one in as_json] == ["=cmd 3", "=cmd 2"]
    assert exported(desk, key, {"format": "xlsx", **asked}).data[:2] == b"PK"


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "format"),
        ({"format": "pdf"}, 422, "format"),
        ({"format": "csv", "nope": 1}, 400, "nope"),
        ({"format": "csv", "criteria": []}, 422, "criteria"),
        ({"format": "csv", "criteria": {"nope": []}}, 422, "criteria.nope"),
        ({"format": "csv", "sort": "nope"}, 422, "sort"),
        ({"format": "csv", "q": "\0"}, 422, "q"),
    ],
)  # fmt: skip
def test_an_export_says_what_it_does_not_understand(
    desk: Desk, body: dict[str, Any], status: int, field: str
) -> None:
    answer = desk.call("POST", "tickets/export", json=body)
    assert (answer.status_code, [one["field"] for one in answer.json["errors"]]) == (status, [field])


def test_a_file_is_only_for_whom_it_was_made(desk: Desk) -> None:
    key, other = desk.key(*WIDE), desk.key(*WIDE, "read_jobs")
    job = ended(desk, key, desk.call("POST", "tickets/export", key, json={"format": "csv"}))
    fetched(desk, key, job["id"])
    for caller, status in ((other, 404), ("agent", 404), (None, 401)):
        fetched(desk, caller, job["id"], status)
    fetched(desk, "admin", desk.ids["jobs"], 404)


def test_hidden_members_and_others_rows_are_in_no_file(desk: Desk) -> None:
    told = rows(exported(desk, "agent", {"format": "csv"}, "employees"))
    assert told
    assert "capacity" not in told[0]
    assert str(desk.ids["foreign_ticket"]) not in {
        one["id"] for one in rows(exported(desk, "agent", {"format": "csv"}))
    }


def test_lines_become_rows_and_each_that_does_not_is_told(desk: Desk) -> None:
    key = desk.key(*WIDE)
    lines = [
        HEADER,
        "in@example.com,First,Text,high,3",
        "in@example.com,Second,Text,nope,4",
        ",Third,Text,low,5",
    ]
    begun = load(desk, key, "\n".join(lines))
    job = ended(desk, key, begun)
    assert counted(job) == ("done", 3, 1, 2)
    failures = desk.call("GET", f"jobs/{job['id']}/failures", key).json["data"]
    assert [(one["position"], one["field"]) for one in failures] == [(3, "priority"), (4, "email")]
    (made,) = desk.call("GET", "tickets?email=in@example.com", key).json["data"]
    assert (made["title"], made["priority"], made["custom_fields"]["seats"]) == ("First", "high", 3)
    refused = rows(fetched(desk, key, job["id"]))
    assert [one["title"] for one in refused] == ["Second", "Third"]
    assert all(one["Reason"] for one in refused)


def test_an_export_can_be_imported_again(desk: Desk) -> None:
    key = desk.key("read_teams", "write_teams")
    there = desk.call("POST", "teams", key, json={"name": "There and back"}).json
    whole = exported(desk, key, {"format": "csv", "q": "There and back"}, "teams").data
    changed = whole.decode().replace("There and back", "There and back again")
    job = ended(desk, key, load(desk, key, changed, table="teams", query_string={"key": "id"}))
    assert counted(job) == ("done", 1, 1, 0)
    assert desk.call("GET", f"teams/{there['id']}", key).json["name"] == "There and back again"


def test_json_holds_custom_fields_within_and_is_done_once(desk: Desk) -> None:
    row = {"email": "js@example.com", "title": "T", "description": "D", "custom_fields": {"seats": 7}}
    once = {"Idempotency-Key": "import-once"}
    key, body = desk.key(*WIDE), orjson.dumps([row])
    first, again = (load(desk, key, body, JSON, headers=once) for _ in range(2))
    assert (again.json["id"], again.headers["Idempotency-Replayed"]) == (first.json["id"], "true")
    assert counted(ended(desk, key, first)) == ("done", 1, 1, 0)
    (made,) = desk.call("GET", "tickets?email=js@example.com", key).json["data"]
    assert made["custom_fields"]["seats"] == 7


@pytest.mark.parametrize(
    ("content", "kind", "query", "status", "field"),
    [
        ("", CSV, {}, 422, ""),
        (HEADER, CSV, {}, 422, ""),
        ("title,nope\nx,y", CSV, {}, 400, "nope"),
        ("created_at\n2026-01-01", CSV, {}, 422, ""),
        (b"\xff\xfe\x00", CSV, {}, 422, ""),
        ("title,title\nx,y", CSV, {}, 422, ""),
        ("{}", JSON, {}, 422, ""),
        ("[1]", JSON, {}, 422, ""),
        ("[", JSON, {}, 422, ""),
        ("title\nx", CSV, {"key": "title"}, 422, "key"),
        ("title\nx", CSV, {"key": "id"}, 422, "key"),
        ("title\nx", CSV, {"nope": "1"}, 400, "nope"),
    ],
)
def test_a_file_that_makes_no_sense_begins_nothing(
    desk: Desk, content: str | bytes, kind: str, query: dict[str, str], status: int, field: str
) -> None:
    answer = load(desk, "admin", content, kind, query_string=query)
    assert (answer.status_code, [one["field"] for one in answer.json["errors"]]) == (status, [field])


def test_files_have_a_form_and_a_size(desk: Desk) -> None:
    assert load(desk, "admin", "x", "text/plain").status_code == 415
    assert load(desk, "admin", HEADER + "\n" + "x" * (26 * 1024 * 1024)).status_code == 413
    line, once = f"big@example.com,Big,{'x' * 700_000},low,1", {"Idempotency-Key": "big"}
    larger = f"{HEADER}\n{line}\n{line}"  # than the body of any other request
    assert load(desk, "admin", larger, headers=once).status_code == 202


@pytest.mark.parametrize("caller", ["nobody", "reader", "writer"])
def test_each_needs_its_scope(desk: Desk, caller: str) -> None:
    who = {"nobody": None, "reader": desk.key("read_teams"), "writer": desk.key("write_teams")}[caller]
    export = desk.call("POST", "teams/export", who, json={"format": "csv"}).status_code
    taken = load(desk, who, "name\nScope", table="teams").status_code
    assert (export, taken) == {"nobody": (401, 401), "reader": (202, 403), "writer": (403, 202)}[caller]


def test_what_a_key_lost_meanwhile_is_not_exported(desk: Desk) -> None:
    key = desk.key("read_teams", "read_skillsets")
    begun = desk.call("POST", "teams/export", key, json={"format": "csv"})
    with desk.app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        newest = db.session.scalars(select(ApiKey).order_by(ApiKey.id.desc()).limit(1)).one()
        newest.permissions = ["read_skillsets"]
        db.session.commit()
    job = ended(desk, key, begun)
    assert (job["state"], job["file_id"]) == ("failed", None)


def test_what_is_read_only_takes_no_file(desk: Desk) -> None:
    paths = desk.call("GET", "openapi.json").json["paths"]
    assert "/api/v1/ticket_history/export" in paths
    assert "/api/v1/ticket_history/import" not in paths
    assert desk.call("POST", "ticket_history/import", data="id\n1", content_type=CSV).status_code == 405


def counts(desk: Desk) -> dict[str, int]:
    """Return how many rows each table has, without the log of calls."""
    tables = [model.__table__ for model in models.load() if model is not ApiCall]
    with desk.app.app_context():
        return {table.name: db.session.scalar(select(func.count()).select_from(table)) for table in tables}


LINES = (
    f"{HEADER},created_at\n"
    "ann@example.com,One,Text,urgent,3,x\n"
    "ann@example.com,Two,Text,soon,3,x\n"
    "ann,,Text,low,many,x\n"
)


def test_a_trial_tells_what_the_job_would_and_writes_nothing(desk: Desk) -> None:
    key = desk.key(*WIDE)
    before = counts(desk)
    told = load(desk, key, LINES, query_string={"dry_run": "true"}, headers={"Idempotency-Key": "trial"})
    assert told.status_code == 200, told.text
    assert counts(desk) == before
    report = told.json
    assert (report["total"], report["tried"], report["done"], report["failed"]) == (3, 3, 1, 2)
    assert report["left_out"] == ["created_at"]
    job = ended(desk, key, load(desk, key, LINES, headers={"Idempotency-Key": "trial"}))
    failures = desk.call("GET", f"jobs/{job['id']}/failures", key).json["data"]
    kept = [
        {name: one[name] for name in ("position", "label", "field", "code", "message")} for one in failures
    ]
    assert sorted(report["failures"], key=str) == sorted(kept, key=str)
    assert (job["done"], job["failed"]) == (report["done"], report["failed"])


@pytest.mark.parametrize(
    ("asked", "content", "status", "field"),
    [
        ({"dry_run": "perhaps"}, LINES, 422, "dry_run"),
        ({"dry_run": "true", "dry": "1"}, LINES, 400, "dry"),
        ({"dry_run": "true"}, "nothing\n1\n", 400, "nothing"),
        ({"dry_run": "true", "key": "title"}, LINES, 422, "key"),
    ],
)
def test_a_trial_is_refused_as_an_import(
    desk: Desk, asked: dict[str, str], content: str, status: int, field: str
) -> None:
    refused = load(desk, desk.key(*WIDE), content, query_string=asked)
    assert (refused.status_code, [one["field"] for one in refused.json["errors"]]) == (status, [field])


def test_a_trial_needs_the_scope_of_the_import(desk: Desk) -> None:
    assert load(desk, desk.key("read_tickets"), LINES, query_string={"dry_run": "true"}).status_code == 403


def test_a_trial_answers_what_the_document_says(desk: Desk) -> None:
    path = desk.call("GET", "openapi.json").json["paths"]["/api/v1/tickets/import"]["post"]
    schema = path["responses"]["200"]["content"]["application/json"]["schema"]
    told = load(desk, desk.key(*WIDE), LINES, query_string={"dry_run": "true"})
    Draft202012Validator(schema).validate(told.json)
    assert "dry_run" in {one.get("name") for one in path["parameters"]}
