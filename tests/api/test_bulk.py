"""One deed to many rows: a job of whoever asked, with the rights they have, told row by row."""

from __future__ import annotations

from typing import Any

import pytest

from app.access import SYSTEM
from app.core.extensions import db
from app.jobs import long
from app.models.jobs import Job
from app.models.keys import ApiKey
from app.record import act_as
from app.services import api_keys
from tests.api.conftest import Desk

TICKET = {"email": "many@example.com", "title": "One of many", "description": "Text"}
WIDE = ("read_tickets", "write_tickets", "archive")


def add(desk: Desk, **more: Any) -> int:
    made = desk.call("POST", "tickets", json={**TICKET, **more})
    assert made.status_code == 201, made.text
    return int(made.json["id"])


def begin(desk: Desk, caller: str, body: dict[str, Any], table: str = "tickets") -> Any:
    return desk.call("POST", f"{table}/bulk", caller, json=body)


def ended(desk: Desk, caller: str, begun: Any) -> Any:
    """Let a worker do the job that was begun, and read it where the answer says."""
    assert begun.status_code == 202, begun.text
    with desk.app.app_context():
        long.run(begun.json["id"])
    job = desk.call("GET", begun.headers["Location"].removeprefix("/api/v1/"), caller)
    assert job.status_code == 200, job.text
    return job.json


def done(desk: Desk, caller: str, body: dict[str, Any], table: str = "tickets") -> Any:
    return ended(desk, caller, begin(desk, caller, body, table))


def counted(job: Any) -> tuple[str, int, int, int]:
    return job["state"], job["total"], job["done"], job["failed"]


def test_rows_are_changed_by_number_and_what_refuses_is_told(desk: Desk) -> None:
    key, (one, two) = desk.key(*WIDE), (add(desk), add(desk))
    body = {"verb": "edit", "ids": [one, 999_999, two], "values": {"priority": "urgent"}}
    begun = begin(desk, key, body)
    assert (begun.json["state"], begun.json["total"]) == ("waiting", 3)
    assert begun.headers["Location"] == f"/api/v1/jobs/{begun.json['id']}"
    job = ended(desk, key, begun)
    assert counted(job) == ("done", 3, 2, 1)
    assert {desk.call("GET", f"tickets/{number}").json["priority"] for number in (one, two)} == {"urgent"}
    failures = desk.call("GET", f"jobs/{job['id']}/failures", key).json["data"]
    assert [(one["position"], one["code"]) for one in failures] == [(999_999, "not_found")]
    history = desk.call("GET", f"tickets/{one}/history").json["data"][0]
    assert history["changed_by"].startswith("key:")


def test_rows_are_chosen_by_criteria_as_they_were_then(desk: Desk) -> None:
    key = desk.key(*WIDE)
    for seats in (1, 2, 3):
        add(desk, title="Chosen", custom_fields={"seats": seats})
    tree = {"all": [{"field": "title", "op": "is", "value": "Chosen"},
                    {"field": "custom_fields.seats", "op": "gte", "value": 2}]}  # fmt: skip
    begun = begin(desk, key, {"verb": "edit", "criteria": tree, "values": {"tags": ["seen"]}})
    late = add(desk, title="Chosen", custom_fields={"seats": 9})
    assert counted(ended(desk, key, begun)) == ("done", 2, 2, 0)
    assert desk.call("GET", "tickets?title=Chosen&tags=seen&total=1").json["total"] == 2
    assert desk.call("GET", f"tickets/{late}").json["tags"] == []


@pytest.mark.parametrize(
    ("verb", "values", "then"),
    [
        ("resolve", None, {"status": "resolved"}),
        ("assign", {"team_id": None, "assignee_id": None}, {"team_id": None}),
        ("messages", {"message_body": "To all"}, {"status": "open"}),
    ],
)
def test_verbs_are_done_to_many(desk: Desk, verb: str, values: Any, then: dict[str, Any]) -> None:
    rows = [add(desk), add(desk)]
    body = {"verb": verb, "ids": rows} | ({"values": values} if values else {})
    assert counted(done(desk, "admin", body)) == ("done", 2, 2, 0)
    for number in rows:
        row = desk.call("GET", f"tickets/{number}").json
        assert {name: row[name] for name in then} == then


def test_what_the_state_forbids_fails_alone_and_the_rest_is_deleted(desk: Desk) -> None:
    key, open_one, resolved = desk.key("admin"), add(desk), add(desk)
    desk.call("POST", f"tickets/{resolved}/resolve")
    job = done(desk, key, {"verb": "archive", "ids": [open_one, resolved]})
    assert counted(job) == ("done", 2, 1, 1)
    assert counted(done(desk, key, {"verb": "delete", "ids": [open_one]})) == ("done", 1, 1, 0)
    assert desk.call("GET", f"tickets/{open_one}").status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"verb": "edit", "ids": [1], "values": {"nope": 1}}, 400, "values.nope"),
        ({"verb": "edit", "ids": [1], "values": {"status": "x"}}, 422, "values.status"),
        ({"verb": "edit", "ids": [1], "values": {}}, 422, "values"),
        ({"verb": "edit", "ids": [1]}, 422, "values"),
        ({"verb": "resolve", "ids": [1], "values": {"a": 1}}, 400, "values"),
        ({"verb": "nope", "ids": [1]}, 422, "verb"),
        ({"verb": ["edit"], "ids": [1]}, 422, "verb"),
        ({"ids": [1]}, 422, "verb"),
        ({"verb": "delete"}, 422, "ids"),
        ({"verb": "delete", "ids": []}, 422, "ids"),
        ({"verb": "delete", "ids": ["1"]}, 422, "ids"),
        ({"verb": "delete", "ids": [2**70]}, 422, "ids"),
        ({"verb": "delete", "ids": [1], "criteria": {}}, 422, "ids"),
        ({"verb": "delete", "ids": [1], "q": "x"}, 422, "ids"),
        ({"verb": "delete", "criteria": []}, 422, "criteria"),
        ({"verb": "delete", "criteria": {}, "q": "\0"}, 422, "q"),
        ({"verb": "delete", "criteria": {"all": [{"field": "x", "op": "is"}]}}, 400, "criteria.all[0].field"),
        ({"verb": "delete", "ids": [1], "nope": 1}, 400, "nope"),
    ],
)
def test_what_cannot_be_asked_is_named_and_no_job_begins(
    desk: Desk, body: dict[str, Any], status: int, field: str
) -> None:
    before = desk.call("GET", "jobs?total=1").json["total"]
    answer = begin(desk, "admin", body)
    assert answer.status_code == status, answer.text
    assert field in [error["field"] for error in answer.json["errors"]]
    assert desk.call("GET", "jobs?total=1").json["total"] == before


def test_a_deed_needs_the_scopes_of_the_single_one_and_to_see_the_rows(desk: Desk) -> None:
    body = {"verb": "edit", "ids": [1], "values": {"priority": "low"}}
    for scopes, named in ((("read_tickets",), "write_tickets"), (("write_tickets",), "read_tickets")):
        refused = begin(desk, desk.key(*scopes), body)
        assert refused.status_code == 403
        assert named in refused.json["detail"]
    refused = begin(desk, desk.key("read_tickets", "write_tickets"), {"verb": "archive", "ids": [1]})
    assert "archive" in refused.json["detail"]
    assert begin(desk, "agent", {"verb": "delete", "ids": [1]}).status_code == 404


def test_a_job_does_no_more_than_who_began_it_may(desk: Desk) -> None:
    rows = [desk.ids["tickets"], desk.ids["foreign_ticket"]]
    body = {"verb": "edit", "ids": rows, "values": {"priority": "high"}}
    assert counted(done(desk, "agent", body)) == ("done", 2, 1, 1)
    assert desk.call("GET", f"tickets/{desk.ids['foreign_ticket']}").json["priority"] != "high"


def test_a_key_sees_and_stops_its_own_jobs_only(desk: Desk) -> None:
    mine, other = desk.key(*WIDE), desk.key("read_tickets", "write_tickets", "read_teams")
    begun = begin(desk, mine, {"verb": "resolve", "ids": [add(desk)]})
    path = f"jobs/{begun.json['id']}"
    for method, where in (("GET", path), ("GET", f"{path}/failures"), ("POST", f"{path}/cancel")):
        assert desk.call(method, where, other).status_code == 404
    assert begun.json["id"] not in [one["id"] for one in desk.call("GET", "jobs", other).json["data"]]
    assert desk.call("POST", f"{path}/cancel", mine).json["state"] == "cancelled"
    assert desk.call("POST", f"{path}/cancel", mine).status_code == 409
    assert desk.call("POST", f"{path}/retry", mine).json["state"] == "waiting"
    assert counted(ended(desk, mine, begun)) == ("done", 1, 1, 0)
    assert desk.call("GET", path, desk.key("read_jobs")).status_code == 200


def test_a_job_ends_with_the_key_that_began_it(desk: Desk) -> None:
    key, row = desk.key(*WIDE, "read_macros_templates"), add(desk)
    begun = begin(desk, key, {"verb": "delete", "ids": [row]})
    with desk.app.test_request_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        number = session.get_one(Job, begun.json["id"]).api_key_id
        api_keys.revoke(session, SYSTEM, session.get_one(ApiKey, number))
        session.commit()
        long.run(begun.json["id"])
        assert session.get_one(Job, begun.json["id"], populate_existing=True).state == "failed"
    assert desk.call("GET", f"tickets/{row}").status_code == 200


def test_a_job_begun_again_with_its_key_is_one_job(desk: Desk) -> None:
    headers, body = {"Idempotency-Key": "many-once"}, {"verb": "resolve", "ids": [add(desk)]}
    first, again = (desk.call("POST", "tickets/bulk", json=body, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    assert (first.json["id"], first.headers["Location"]) == (again.json["id"], again.headers["Location"])
