"""An option that is retired, on every surface: it is read where it stands, and given to no other row."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from app.core.extensions import db
from app.fields.refusal import MESSAGES
from app.models.fields import FieldDefinition
from app.services.exchange import read_rows
from tests.surfaces.conftest import Desk
from tests.surfaces.ways_in import GONE, SENT, WRITTEN

KINDS = ("select", "multi_select")
NAME = "Pro plan"
VALUES: dict[str, Any] = {"select": "Pro", "multi_select": ["Pro", "basic"]}
REFUSAL = str(MESSAGES["not_an_option"]) % {"options": "basic"}
RETIRED = ["basic", {"value": "Pro", "label": NAME, "deprecated": True}]


def options(desk: Desk, kind: str, wanted: list[Any]) -> None:
    """Give a field these options, as a program does."""
    with desk.app.app_context():
        one = select(FieldDefinition.id).where(FieldDefinition.field_name == f"f_{kind}")
        number = db.session.scalars(one).one()
    answer = desk.call("PATCH", f"schema_definitions/{number}", json={"options": wanted})
    assert (answer.status_code, answer.json["options"]) == (200, wanted)


@pytest.fixture(scope="module")
def kept(desk: Desk) -> Iterator[dict[str, int]]:
    """A ticket for each kind, with an option that was retired after."""
    found = {kind: desk.ticket(**{f"f_{kind}": VALUES[kind]}) for kind in KINDS}
    for kind in KINDS:
        options(desk, kind, RETIRED)
    yield found
    for kind in KINDS:
        options(desk, kind, ["basic", "Pro"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WRITTEN | SENT)
def test_no_other_row_is_given_it(desk: Desk, kept: dict[str, int], way: str, kind: str) -> None:
    assert (WRITTEN | SENT)[way](desk, kind, VALUES[kind]) == REFUSAL


def form_of(desk: Desk, path: str, kind: str, **form: Any) -> str:
    """Return what a page says of the field: its inputs with what may be chosen there."""
    page = html.unescape((desk.admin.post(path, data=form) if form else desk.admin.get(path)).text)
    whole = r"<select.*?</select>" if kind == "select" else r"<label[^>]*><input.*?</label>"
    inputs = [one for one in re.findall(whole, page, re.DOTALL) if f'name="custom_fields.f_{kind}"' in one]
    assert inputs, path
    return "".join(inputs)


@pytest.mark.parametrize("kind", KINDS)
def test_forms_offer_it_only_where_it_stands(desk: Desk, kept: dict[str, int], kind: str) -> None:
    ticket = kept[kind]
    for path in ("/admin/tickets/add", f"/admin/tickets/edit/{desk.ticket()}", "/portal/new",
                 f"/admin/tickets/add?copy={ticket}"):  # fmt: skip
        assert NAME not in form_of(desk, path, kind), path
    assert NAME not in form_of(desk, "/admin/tickets/bulk/edit", kind, id=f"{ticket}.1")
    for path in (f"/admin/tickets/edit/{ticket}", f"/inbox/open/{ticket}"):
        shown = form_of(desk, path, kind)
        assert f"{NAME} (retired)" in shown, path
        assert re.search(r'value="Pro"[^>]* (selected|checked)', shown), path


@pytest.mark.parametrize("kind", KINDS)
def test_many_rows_at_once_are_not_given_it(desk: Desk, kept: dict[str, int], kind: str) -> None:
    number, name = desk.ticket(), f"custom_fields.f_{kind}"
    asked = desk.admin.post("/admin/tickets/bulk/edit", data={"id": f"{number}.1"}).text
    selection = html.unescape(re.findall(r'name="selection" value="([^"]*)"', asked)[0])
    sent = {"selection": selection, "confirmed": "1", "set": name, name: VALUES[kind]}
    told = html.unescape(desk.admin.post("/admin/tickets/bulk/edit", data=sent).text)
    assert REFUSAL in told
    assert f"f_{kind}" not in desk.custom(number)


@pytest.mark.parametrize("kind", KINDS)
def test_it_stays_while_other_values_change(desk: Desk, kept: dict[str, int], kind: str) -> None:
    ticket, name = kept[kind], f"custom_fields.f_{kind}"
    with desk.app.app_context():
        version = desk.call("GET", f"tickets/{ticket}").headers["ETag"].strip('"').split("-")[-1]
    data = {"title": "Another", "version": version} | GONE | {name: VALUES[kind], "custom_fields.f_text": "x"}
    assert desk.admin.post(f"/admin/tickets/edit/{ticket}", data=data).status_code == 302
    body = {"title": "A third", "custom_fields": {f"f_{kind}": VALUES[kind], "f_text": "y"}}
    assert desk.call("PATCH", f"tickets/{ticket}", json=body).status_code == 200
    assert (desk.custom(ticket)[f"f_{kind}"], desk.custom(ticket)["f_text"]) == (VALUES[kind], "y")


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_read_found_asked_and_told(desk: Desk, kept: dict[str, int], kind: str) -> None:
    ticket, name = kept[kind], f"custom_fields.f_{kind}"
    assert NAME in desk.admin.get(f"/admin/tickets/show/{ticket}").text
    asked = {"columns": ["id", name], f"{name}[is]" if kind == "select" else f"{name}[contains]": "Pro"}
    listed = desk.admin.get("/admin/tickets/list/", query_string=asked).text
    assert NAME in listed.split("<tbody", 1)[-1]
    assert f"{NAME} (retired)" in listed
    operator = "is" if kind == "select" else "contains"
    tree = {"all": [{"field": name, "op": operator, "value": "Pro"}]}
    found = desk.call("POST", "tickets/search", json={"criteria": tree}).json["data"]
    assert [row["id"] for row in found] == [ticket]
    with desk.admin.get("/admin/tickets/export/csv", query_string=asked) as answer:
        ((_line, row),) = read_rows(io.BytesIO(answer.data), "x.csv").lines
        assert any("Pro" in str(cell) for cell in row.values())


@pytest.mark.parametrize("kind", KINDS)
def test_the_document_offers_it_to_no_new_row(desk: Desk, kept: dict[str, int], kind: str) -> None:
    schemas = desk.call("GET", "openapi.json").json["components"]["schemas"]

    def listed(name: str) -> dict[str, Any]:
        said = schemas[name]["properties"]["custom_fields"]["properties"][f"f_{kind}"]
        return said if kind == "select" else said["items"]

    assert "Pro" not in listed("TicketCreate")["enum"]
    for name in ("Ticket", "TicketPatch"):
        assert "Pro" in listed(name)["enum"]
        assert listed(name)["x-deprecated"] == ["Pro"]


@pytest.mark.parametrize("kind", KINDS)
def test_it_comes_back(desk: Desk, kept: dict[str, int], kind: str) -> None:
    options(desk, kind, ["basic", {"value": "Pro", "label": NAME}])
    try:
        for way in ("generated form", "REST patch"):
            assert (WRITTEN | SENT)[way](desk, kind, VALUES[kind]) == VALUES[kind]
    finally:
        options(desk, kind, RETIRED)


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"options": [{"value": "basic", "deprecated": True}]}, "options"),
        ({"options": RETIRED, "default": "Pro"}, "default"),
        ({"options": [{"value": "basic", "deprecated": 1}]}, "options[0].deprecated"),
    ],
    ids=["none left", "the default", "not a yes"],
)
def test_a_definition_has_something_to_offer(desk: Desk, values: dict[str, Any], place: str) -> None:
    values = {"field_name": "f_odd", "field_type": "select"} | values
    answer = desk.call("POST", "schema_definitions", json=values)
    assert (answer.status_code, [one["field"] for one in answer.json["errors"]]) == (422, [place])
