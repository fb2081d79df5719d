"""A value of each kind on every way out: read by people and programs, found, described, told and quoted."""

from __future__ import annotations

import io
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select

from app.access import SYSTEM
from app.core.extensions import db
from app.fields import Purpose, fields_of
from app.models.fields import FieldDefinition, FieldType
from app.models.tickets import Ticket
from app.models.webhooks import Event
from app.record import act_as
from app.services import field_definitions
from app.services.exchange import read_rows, row_values
from app.services.placeholders import fill_in
from tests.fields.kinds import ACCEPTED
from tests.surfaces.conftest import Desk

KINDS = [kind.value for kind in FieldType]
KEPT = {kind: kept for kind, _sent, _typed, kept in reversed(ACCEPTED)}
"""One value of each kind, as JSON keeps it."""
ASKED = {"long_text": ("contains", "b\nc"), "multi_select": ("contains", "Pro"), "text": ("is", "two lines")}
"""How a condition asks for that value, where not by `is`."""


@pytest.fixture(scope="module")
def numbers(desk: Desk) -> dict[str, int]:
    """A ticket for each kind."""
    return {kind: desk.ticket(**{f"f_{kind}": KEPT[kind]}) for kind in KINDS}


def rows_of(page: str) -> str:
    return page.split("<tbody", 1)[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_column_and_a_filter_of_lists(desk: Desk, numbers: dict[str, int], kind: str) -> None:
    name = f"custom_fields.f_{kind}"
    page = desk.admin.get(
        "/admin/tickets/list/", query_string={"columns": ["id", name], f"{name}[not_empty]": "1"}
    )
    assert page.status_code == 200
    assert f"The {kind}" in page.text
    assert f"/admin/tickets/show/{numbers[kind]}" in rows_of(page.text)
    others = set(numbers.values()) - {numbers[kind]}
    assert not any(f'/admin/tickets/show/{other}"' in rows_of(page.text) for other in others)


@pytest.mark.parametrize("kind", KINDS)
def test_it_can_be_asked_in_criteria_and_addresses(desk: Desk, numbers: dict[str, int], kind: str) -> None:
    name = f"custom_fields.f_{kind}"
    operator, value = ASKED.get(kind, ("is", KEPT[kind]))
    tree = {"all": [{"field": name, "op": operator, "value": value}]}
    found = desk.call("POST", "tickets/search", json={"criteria": tree})
    assert [row["id"] for row in found.json["data"]] == [numbers[kind]]
    listed = desk.call("GET", "tickets", query_string={f"{name}[empty]": "0"})
    assert [row["id"] for row in listed.json["data"]] == [numbers[kind]]


@pytest.mark.parametrize("kind", KINDS)
def test_the_document_describes_what_is_answered(desk: Desk, numbers: dict[str, int], kind: str) -> None:
    schemas = desk.call("GET", "openapi.json").json["components"]["schemas"]
    for name in ("Ticket", "TicketCreate", "TicketPatch"):
        described = schemas[name]["properties"]["custom_fields"]["properties"][f"f_{kind}"]
        assert described["title"] == f"The {kind}"
        Draft202012Validator(described).validate(KEPT[kind])
    assert desk.call("GET", f"tickets/{numbers[kind]}").json["custom_fields"][f"f_{kind}"] == KEPT[kind]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_export_is_read_back_as_it_was(desk: Desk, numbers: dict[str, int], form: str, kind: str) -> None:
    name = f"custom_fields.f_{kind}"
    asked = {"columns": name, f"{name}[not_empty]": "1"}
    with desk.admin.get(f"/admin/tickets/export/{form}", query_string=asked) as answer:
        ((_line, row),) = read_rows(io.BytesIO(answer.data), f"x.{form}").lines
    with desk.app.test_request_context():
        field = fields_of(db.session(), Ticket)[name]
        cell = next(value for column, value in row.items() if column in (name, str(field.label)))
        read = row_values(fields_of(db.session(), Ticket).pick((name,)), {name: cell}, Purpose.PATCH)
        assert field.dump(read[name]) == KEPT[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_webhooks_are_told_it_as_the_api_shows_it(desk: Desk, numbers: dict[str, int], kind: str) -> None:
    with desk.app.app_context():
        event = select(Event).where(Event.object_id == numbers[kind], Event.event_type == "TICKET_CREATED")
        told = db.session.scalars(event).one().payload["object"]
    assert told == desk.call("GET", f"tickets/{numbers[kind]}").json


@pytest.mark.parametrize("kind", KINDS)
def test_texts_quote_it_in_words(desk: Desk, numbers: dict[str, int], kind: str) -> None:
    with desk.app.test_request_context():
        ticket = db.session.get_one(Ticket, numbers[kind])
        field = fields_of(db.session(), Ticket)[f"custom_fields.f_{kind}"]
        words = fill_in(db.session(), f"{{{{ticket.custom_fields.f_{kind}}}}}", ticket, None)
        expected = f"Team {KEPT[kind]}" if kind == "reference" else field.text(field.read(ticket))
    assert words == " ".join(expected.split())


WORDS: dict[str, tuple[Any, str]] = {
    "text": ("A Quetzal", "quetzal"),
    "long_text": ("a\nlong Okapi\ntail", "okapi"),
    "integer": (987654, "987654"),
    "url": ("https://quagga.example/herd", "quagga.example"),
    "reference": (3, "3"),
    "multi_select": (["basic", "Pro"], "basic pro"),
    "boolean": (True, "true"),
}
"""A value to be found and the words somebody types, where they are not the value itself."""


@pytest.mark.parametrize("kind", KINDS)
def test_the_search_box_finds_it(desk: Desk, kind: str) -> None:
    value, words = WORDS.get(kind, (KEPT[kind], str(KEPT[kind])))
    number = desk.ticket(**{f"f_{kind}": value})
    for path in ("/admin/tickets/list/", "/inbox/open/"):
        assert f"{number}" in desk.admin.get(path, query_string={"q": words}).text
    if len(words) > 1:  # the palette waits for a second letter
        assert f"#{number}" in desk.admin.get("/palette", query_string={"q": words}).text
    rows = desk.call("GET", "tickets", query_string={"q": words}).json["data"]
    assert number in [row["id"] for row in rows]
    assert desk.call("GET", "tickets", query_string={"q": "notawordofany"}).json["data"] == []


def change(desk: Desk, name: str, **values: Any) -> None:
    with desk.app.test_request_context():
        act_as(db.session(), SYSTEM, source="test")
        one = db.session.scalars(select(FieldDefinition).where(FieldDefinition.field_name == name)).one()
        field_definitions.edit(db.session(), SYSTEM, one, values)
        db.session.commit()


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_audience_may_not_see_is_nowhere(desk: Desk, numbers: dict[str, int], kind: str) -> None:
    name, number = f"custom_fields.f_{kind}", numbers[kind]
    none = {audience: {"visible": False} for audience in ("agent", "customer", "api")}
    change(desk, f"f_{kind}", audiences=none)
    try:
        for path in (f"/admin/tickets/show/{number}", f"/admin/tickets/edit/{number}", "/admin/tickets/add",
                     "/admin/tickets/list/", f"/inbox/open/{number}", "/portal/new"):  # fmt: skip
            page = desk.admin.get(path)
            assert page.status_code == 200, path
            assert f'f_{kind}"' not in page.text, path
            assert f"The {kind}<" not in page.text, path
        assert f"f_{kind}" not in desk.call("GET", "openapi.json").json["components"]["schemas"]["Ticket"][
            "properties"]["custom_fields"]["properties"]  # fmt: skip
        row = desk.call("GET", f"tickets/{number}").json
        assert f"f_{kind}" not in row["custom_fields"]
        assert desk.call("GET", "tickets", query_string={name: "1"}).status_code == 400
        tree = {"field": name, "op": "not_empty"}
        assert desk.call("POST", "tickets/search", json={"criteria": tree}).status_code in (400, 422)
        assert desk.admin.get("/admin/tickets/list/", query_string={name: "1"}).status_code in (400, 422)
        history = desk.call("GET", f"tickets/{number}/history").json["data"]
        assert not any(name in entry["changes"] for entry in history)
        sent = desk.call("PATCH", f"tickets/{number}", json={"custom_fields": {f"f_{kind}": KEPT[kind]}})
        assert sent.status_code == 400
    finally:
        change(desk, f"f_{kind}", audiences={})
