"""The live document: valid, true, narrowed to its reader, and renewed when the fields are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from app import models
from app.access import SYSTEM
from app.core.extensions import db
from app.models.people import Employee
from app.record import act_as
from app.services import event_types, login_sessions
from tests.api.conftest import Desk

SERVED = {model.__tablename__: model for model in models.load() if model.resource.api}


def document(desk: Desk, caller: str = "admin") -> Any:
    answer = desk.call("GET", "openapi.json", caller)
    assert answer.status_code == 200
    return answer.json


def validator(document: Any, name: str) -> Draft202012Validator:
    contents = Resource(contents=document, specification=DRAFT202012)
    registry: Any = Registry().with_resource("urn:api", contents)
    schema = {"$ref": f"urn:api#/components/schemas/{name}"}
    return Draft202012Validator(schema, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)


def callers(desk: Desk) -> dict[str, str]:
    return {
        "admin": "admin",
        "agent": "agent",
        "narrow key": desk.key("read_teams"),
        "writing key": desk.key("create_tickets"),
        "wide key": desk.key("admin"),
    }


@pytest.mark.parametrize("caller", ["admin", "agent", "narrow key", "writing key", "wide key"])
def test_the_document_is_valid_for_every_caller(desk: Desk, caller: str) -> None:
    OpenAPIV31SpecValidator(document(desk, callers(desk)[caller])).validate()


def test_a_command_prints_it_whole(desk: Desk) -> None:
    printed = desk.app.test_cli_runner().invoke(args=["openapi"])
    assert printed.exit_code == 0, printed.output
    assert orjson.loads(printed.output)["paths"].keys() == document(desk, desk.key("admin"))["paths"].keys()


def test_nobody_reads_it(desk: Desk) -> None:
    assert desk.call("GET", "openapi.json", None).status_code == 401


def test_every_route_is_in_it_and_nothing_else(desk: Desk) -> None:
    told = {
        (method.upper(), path.replace("{id}", "<key>"))
        for path, item in document(desk, desk.key("admin"))["paths"].items()
        for method in item
    }
    served = {
        (method, rule.rule)
        for rule in desk.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.endpoint.split(".")[0] not in {"TokenApi", "DocumentApi"}
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert told == served


@pytest.mark.parametrize("table", SERVED)
def test_answers_are_what_it_says(desk: Desk, table: str) -> None:
    name = SERVED[table].__name__
    for caller in ("admin", "agent"):
        said = document(desk, caller)
        if f"/api/v1/{table}" not in said["paths"]:
            continue
        one = desk.call("GET", f"{table}/{desk.ids[table]}", caller)
        rows = desk.call("GET", f"{table}?total=1", caller)
        assert [*validator(said, name).iter_errors(one.json)] == []
        assert [*validator(said, f"{name}List").iter_errors(rows.json)] == []
        assert rows.json["data"] != []


def test_errors_are_what_it_says(desk: Desk) -> None:
    said = document(desk)
    for answer in (
        desk.call("GET", "tickets/0"),
        desk.call("GET", "tickets?nope=1"),
        desk.call("POST", "teams", json={}),
        desk.call("DELETE", f"teams/{desk.ids['teams']}", headers={"If-Match": '"99"'}),
        desk.call("GET", "teams", desk.key("read_customers")),
    ):
        assert [*validator(said, "Problem").iter_errors(answer.json)] == []


def scoped(desk: Desk, *scopes: str) -> dict[str, set[str]]:
    """Return paths and methods that a key is shown besides those of its own rows."""
    paths = document(desk, desk.key(*scopes))["paths"]
    own = [f"/api/v1/{table}" for table, model in SERVED.items() if model.resource.keys]
    assert all(path in paths for path in own)
    roots = (*own, "/api/v1/changes")
    return {path: {*item} for path, item in paths.items() if not path.startswith(roots)}


def test_a_key_is_shown_only_what_its_scopes_allow(desk: Desk) -> None:
    teams, tickets = "/api/v1/teams", "/api/v1/tickets"
    assert scoped(desk, "read_teams") == {
        teams: {"get"},
        f"{teams}/{{id}}": {"get"},
        f"{teams}/export": {"post"},
    }
    assert scoped(desk, "create_tickets") == {tickets: {"post"}, f"{tickets}/import": {"post"}}
    said = document(desk, desk.key("read_tickets", "update_tickets"))
    assert "/api/v1/tickets/{id}/archive" not in said["paths"]
    said = document(desk, desk.key("read_tickets", "update_tickets", "archive"))
    assert "/api/v1/tickets/{id}/archive" in said["paths"]


def test_an_agent_is_not_shown_a_hidden_member(desk: Desk) -> None:
    assert "capacity" in document(desk)["components"]["schemas"]["Employee"]["properties"]
    agents = document(desk, "agent")
    assert "capacity" not in agents["components"]["schemas"]["Employee"]["properties"]
    asked = {
        one["name"] for one in agents["paths"]["/api/v1/employees"]["get"]["parameters"] if "name" in one
    }
    assert "capacity" not in asked
    assert "role" in asked


def test_it_changes_with_the_fields_and_not_otherwise(desk: Desk) -> None:
    first = desk.call("GET", "openapi.json")
    again = desk.call("GET", "openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    made = desk.call("POST", "schema_definitions", json={"field_name": "order_no", "field_type": "text"})
    assert made.status_code == 201, made.text
    later = desk.call("GET", "openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 200
    for schema in ("Ticket", "TicketCreate", "TicketPatch"):
        members = later.json["components"]["schemas"][schema]["properties"]["custom_fields"]["properties"]
        assert members["order_no"]["title"] == "Order no"
        assert members["seats"]["type"] == ["integer", "null"]
    written = desk.call("PATCH", f"tickets/{desk.ids['tickets']}", json={"custom_fields": {"order_no": "A7"}})
    assert written.json["custom_fields"] == {"seats": 5, "order_no": "A7"}
    assert desk.call("DELETE", f"schema_definitions/{made.json['id']}").status_code in {204, 409}


def test_people_read_it_as_a_page(desk: Desk) -> None:
    browser = desk.app.test_client()
    assert browser.get("/api/v1/docs").headers["Location"].startswith("/login/?next=")
    with desk.app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        admin = session.get_one(Employee, desk.ids["admin"])
        identity = login_sessions.begin(session, admin, None, "test")
        session.commit()
    with browser.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = identity, True
    page = browser.get("/api/v1/docs").text
    assert "/api/v1/tickets/{id}/messages" in page
    for status in (400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 500):
        assert f'id="error-{status}"' in page


def test_each_event_is_told_to_those_who_may_see_webhooks(desk: Desk) -> None:
    told = document(desk, desk.key("manage_webhooks"))
    assert set(told["webhooks"]) == {*event_types.known(), event_types.TEST}
    for kind in told["webhooks"].values():
        schema = kind["post"]["requestBody"]["content"]["application/json"]["schema"]
        name = schema["properties"]["data"]["properties"]["object"]["$ref"].rpartition("/")[2]
        assert name in told["components"]["schemas"]
    assert document(desk, desk.key("read_teams"))["webhooks"] == {}


def test_every_example_is_right(desk: Desk) -> None:
    """Whoever sends the example of a body is told of nothing wrong with its form."""
    said = document(desk, desk.key("admin"))
    contents = Resource(contents=said, specification=DRAFT202012)
    registry: Any = Registry().with_resource("urn:api", contents)
    wrong, without = [], []
    for where, media in medias(said):
        if "example" not in media:
            without += [] if "contentMediaType" in media["schema"] else [where]  # a whole file has none
            continue
        schema = orjson.loads(orjson.dumps(media["schema"]).replace(b'"#/', b'"urn:api#/'))
        checker = Draft202012Validator(schema, registry=registry)
        wrong += [(where, one.message) for one in checker.iter_errors(media["example"])]
    assert (wrong, without) == ([], [])


def medias(said: Any) -> Iterator[tuple[str, Any]]:
    operations = [one for item in said["paths"].values() for one in item.values()]
    for operation in operations:
        for status, one in operation["responses"].items():
            yield from ((f"{operation['operationId']} {status}", m) for m in one.get("content", {}).values())
        for media in operation.get("requestBody", {}).get("content", {}).values():
            yield operation["operationId"], media
    for name, one in said["components"]["responses"].items():
        yield from ((name, media) for media in one["content"].values())


def test_what_stands_in_every_answer_is_told(desk: Desk) -> None:
    said = document(desk)
    answer = desk.call("POST", "teams", json={"name": "Headers"}, headers={"Idempotency-Key": "headers"})
    told = said["paths"]["/api/v1/teams"]["post"]["responses"]["201"]["headers"]
    known = ("X-Request", "RateLimit", "ETag", "Location")
    ours = {name for name, _value in answer.headers.items() if name.startswith(known)}
    assert ours | {"Idempotency-Replayed"} == {*told}
    for status, one in said["components"]["responses"].items():
        assert {"X-Request-Id", "RateLimit-Limit"} <= {*one["headers"]}, status


@pytest.mark.parametrize("path", ["teams", "teams/{teams}", "tickets/{tickets}/history"])
def test_what_is_known_already_is_not_sent_again(desk: Desk, path: str) -> None:
    where = path.format_map(desk.ids)
    first = desk.call("GET", where)
    again = desk.call("GET", where, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    other = desk.call("GET", where, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.json) == (200, first.json)


def test_a_field_that_is_added_changes_what_a_row_is_known_by_and_not_its_version(desk: Desk) -> None:
    path = f"tickets/{desk.ids['tickets']}"
    first = desk.call("GET", path).headers["ETag"]
    made = desk.call("POST", "schema_definitions", json={"field_name": "known_by", "field_type": "text"})
    later = desk.call("GET", path, headers={"If-None-Match": first})
    assert (made.status_code, later.status_code) == (201, 200)
    assert later.headers["ETag"] != first
    assert desk.call("PATCH", path, json={"language": "en"}, headers={"If-Match": first}).status_code == 200
    assert desk.call("PATCH", path, json={"language": "de"}, headers={"If-Match": first}).status_code == 412
