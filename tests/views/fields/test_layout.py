"""The layout of fields: moved without JavaScript, refused when it is old, previewed without being kept."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access import SYSTEM
from app.core.extensions import db
from app.models.fields import FieldDefinition
from app.record import act_as
from app.services import field_definitions, tickets
from tests.generate.conftest import People

SignIn = Callable[[str | None], FlaskClient]
WHERE = "/fields/tickets"
FORM = {
    "field_name": "colour",
    "field_type": "text",
    "applies_to": "tickets",
    "required_on": "create",
}


@pytest.fixture
def three(app: Flask) -> Iterator[dict[str, str]]:
    """Three fields, two in a section, by name; taken away afterwards."""
    made = {}
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        for place, (name, section) in enumerate(
            (("one", None), ("two", "Device"), ("three", "Device")), start=1
        ):
            values = {"field_name": name, "section": section, "position": place, "label": name.capitalize()}
            made[name] = str(field_definitions.add(session, SYSTEM, values).id)
        session.commit()
    yield made
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        for row in session.scalars(select(FieldDefinition)):
            session.delete(row)
        session.commit()


def drawn(page: str) -> tuple[str, list[str]]:
    """Return what the layout is known by, and its keys in their order."""
    return re.findall(r'name="seen" value="([^"]+)"', page)[0], re.findall(r'name="id" value="([^"]+)"', page)


def placed(app: Flask) -> dict[str, tuple[int, str | None]]:
    with app.app_context():
        return {
            one.field_name: (one.position, one.section) for one in db.session.scalars(select(FieldDefinition))
        }


def test_a_button_moves_a_field_over_a_heading_and_back(
    app: Flask, admin: FlaskClient, three: dict[str, str]
) -> None:
    one, two, three_ = three.values()
    seen, keys = drawn(admin.get(WHERE).text)
    assert keys == [one, "s:Device", two, three_]
    assert admin.post(WHERE, data={"seen": seen, "id": keys, "up": two}).status_code == 302
    assert placed(app) == {"one": (10, None), "two": (20, None), "three": (30, "Device")}
    seen, keys = drawn(admin.get(WHERE).text)
    assert keys == [one, two, "s:Device", three_]
    admin.post(WHERE, data={"seen": seen, "id": keys, "down": two})
    assert placed(app)["two"] == (20, "Device")


def test_an_order_is_kept_as_it_stands(app: Flask, admin: FlaskClient, three: dict[str, str]) -> None:
    one, two, three_ = three.values()
    seen, _keys = drawn(admin.get(WHERE).text)
    order = ["s:First", three_, "s:", one, "s:Empty", "s:Last", two]
    answer = admin.post(WHERE, data={"seen": seen, "id": order})
    assert placed(app) == {"three": (10, "First"), "one": (20, None), "two": (30, "Last")}
    assert answer.location.endswith("?section=Empty")
    assert "s:Empty" in drawn(admin.get(answer.location).text)[1]
    assert "s:Empty" not in drawn(admin.get(WHERE).text)[1]


def test_an_old_order_is_refused(app: Flask, admin: FlaskClient, three: dict[str, str]) -> None:
    seen, keys = drawn(admin.get(WHERE).text)
    before = placed(app)
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        field_definitions.edit(
            db.session(), SYSTEM, db.session.get_one(FieldDefinition, int(three["one"])), {"help": "x"}
        )
        db.session.commit()
    assert admin.post(WHERE, data={"seen": seen, "id": [*reversed(keys)]}).status_code == 409
    assert placed(app) == before
    seen, _keys = drawn(admin.get(WHERE).text)
    for wrong in (keys[:-1], [*keys, "987654"], [*keys, "x"]):
        assert admin.post(WHERE, data={"seen": seen, "id": wrong}).status_code == 404
    assert admin.post(WHERE, data={"seen": seen, "id": ["s:" + "x" * 61, *keys]}).status_code == 422


def test_values_are_counted_and_statements_do_not_grow(
    app: Flask,
    admin: FlaskClient,
    people: People,
    three: dict[str, str],
    statements: list[str],
) -> None:
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        letter = {"title": "x", "description": "x", "email": "ann@example.com"}
        for _time in range(2):
            tickets.add(db.session(), SYSTEM, letter | {"custom_fields": {"two": "a"}})
        for name in ("one", "three"):
            row = db.session.get_one(FieldDefinition, int(three[name]))
            condition = {"field": "team_id", "op": "is_not", "value": people.team}
            field_definitions.edit(db.session(), SYSTEM, row, {"show_when": condition})
        db.session.commit()
    admin.get(WHERE)
    statements.clear()
    page = admin.get(WHERE).text
    assert len(statements) <= 5
    assert page.count("Asked while: ") == 2
    assert page.count("Billing") >= 2
    assert "2 values" in page
    assert page.count("No values") == 2


def test_who_may_only_read_moves_nothing(sign_in: SignIn, admin: FlaskClient, three: dict[str, str]) -> None:
    seen, keys = drawn(admin.get(WHERE).text)
    agent = sign_in("agent")
    page = agent.get(WHERE)
    assert page.status_code == 200
    assert "data-sortable" not in page.text
    assert agent.post(WHERE, data={"seen": seen, "id": keys}).status_code == 404
    assert agent.post("/fields/preview", data=FORM).status_code == 404
    assert admin.get("/fields/teams").status_code == 404


def preview(client: FlaskClient, **values: Any) -> str:
    answer = client.post("/fields/preview", data=FORM | values, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return html.unescape(answer.text)


@pytest.mark.parametrize(
    ("values", "shown", "missing"),
    [
        ({"label": "Colour"}, ['id="f-custom_fields.colour"', '"title": "Colour"'], ["Not asked here."]),
        (
            {"audiences.customer.asked": "1", "field_type": "reference", "validation.table": "teams"},
            ["Not asked here."],
            [],
        ),
        ({"field_type": "select", "label": "Size"}, ["Options"], ["f-custom_fields.colour"]),
        ({"field_name": ""}, ["f-custom_fields.new_field"], []),
        ({"field_name": "Not a name"}, ["Name:"], ["f-custom_fields"]),
    ],
)
def test_a_preview_is_drawn_by_the_real_forms(
    app: Flask, admin: FlaskClient, values: Any, shown: list[str], missing: list[str]
) -> None:
    page = preview(admin, **values)
    told = page + re.sub("<[^>]+>", "", page)  # what is drawn, and what is read
    assert [words for words in shown if words not in told] == []
    assert [words for words in missing if words in page] == []
    assert placed(app) == {}


def test_without_a_script_the_preview_is_a_page(admin: FlaskClient) -> None:
    page = admin.post("/fields/preview", data=FORM | {"label": "Colour"}).text
    assert "Nothing is saved." in page
    assert 'id="navigation"' in page
