"""Another type for a field, by hand: told in the preview, asked for on its page, done by a job."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from app.access import SYSTEM
from app.core.extensions import db
from app.jobs import long
from app.models.fields import FieldDefinition
from app.models.jobs import Job, JobFailure, JobState
from app.models.tickets import Ticket
from app.record import act_as
from app.services import field_definitions, tickets
from tests.views.fields.test_layout import SignIn


@pytest.fixture
def field(app: Flask) -> Iterator[int]:
    """A field of texts with two values, one of which is no number."""
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        made = field_definitions.add(session, SYSTEM, {"field_name": "seats", "label": "Seats"}).id
        letter = {"title": "x", "description": "x", "email": "ann@example.com"}
        for value in ("5", "many"):
            tickets.add(session, SYSTEM, letter | {"custom_fields": {"seats": value}})
        session.commit()
    yield made
    with app.app_context():
        for model in (JobFailure, Job, Ticket, FieldDefinition):
            db.session.connection().execute(delete(model.__table__))
        db.session.commit()


def kept(app: Flask) -> list[object]:
    with app.app_context():
        rows = db.session.scalars(select(Ticket.custom_fields).order_by(Ticket.id))
        return [one.get("seats") for one in rows]


def test_the_preview_tells_what_becomes_of_values(admin: FlaskClient, field: int) -> None:
    form = {"field_name": "seats", "applies_to": "tickets", "required_on": "create", "position": "0"}

    def told(kind: str) -> str:
        answer = admin.post(
            "/fields/preview", data=form | {"field_type": kind}, headers={"HX-Request": "true"}
        )
        return html.unescape(answer.text)

    assert "1 value is rewritten, for example “5” → 5. Nothing can be made of 1 value" in told("integer")
    assert "2 values stay as they are." in told("long_text")
    assert "value" not in re.sub("<[^>]+>", "", told("text"))


def test_a_type_is_changed_with_figures_a_question_and_a_job(
    app: Flask, admin: FlaskClient, field: int
) -> None:
    where = f"/fields/type/{field}"
    assert where in admin.get(f"/admin/schema_definitions/show/{field}").text
    assert "Empty what nothing can be made of" in admin.get(where).text
    lost = admin.post(where, data={"field_type": "integer"})
    assert (lost.status_code, "Mend them first" in lost.text) == (422, True)
    asked = admin.post(where, data={"field_type": "integer", "emptying": "1"})
    assert (asked.status_code, "Give this field the type Whole number?" in asked.text) == (200, True)
    sent = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', asked.text))
    assert kept(app) == ["5", "many"]
    begun = admin.post(where, data=sent)
    with app.app_context():
        long.run(int(begun.location.rsplit("/", 1)[1]))
    page = admin.get(begun.location).text
    assert ("Change of type" in page, "many" in page, "Write a number" in page) == (True, True, True)
    assert kept(app) == [5, None]
    with app.app_context():
        assert db.session.scalars(select(Job.state)).all() == [JobState.DONE]


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    admin: FlaskClient, field: int
) -> None:
    answer = admin.post(f"/fields/type/{field}", data={"field_type": "select", "emptying": "1"})
    assert answer.status_code == 422
    assert re.search(r'value="select"[^>]* selected', answer.text)
    assert re.search(r'name="emptying"[^>]* checked', answer.text)
    same = admin.post(f"/fields/type/{field}", data={"field_type": "text"})
    assert "Choose another type than the field has, or take options away." in html.unescape(same.text)


def test_options_are_lines_of_inputs_that_work_without_a_script(admin: FlaskClient, field: int) -> None:
    where, line = f"/fields/type/{field}", {"options.line": "0", "options.0.value": "5"}
    typed = {"field_type": "select", **line}
    added = admin.post(where, data=typed | {"options.do": "add:"})
    assert (added.status_code, 'name="options.1.value"' in added.text) == (200, True)
    asked = admin.post(where, data=typed | {"emptying": "1"})
    assert "Give this field the type One of a list?" in asked.text
    assert 'name="options.0.value" value="5"' in asked.text


def test_what_rules_a_column_has_no_such_page(app: Flask, admin: FlaskClient, field: int) -> None:
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        column = field_definitions.add(db.session(), SYSTEM, {"field_name": "category"}).id
        db.session.commit()
    answer = admin.get(f"/fields/type/{column}")
    assert (answer.status_code, "rules a column" in answer.text) == (409, True)


def test_who_may_not_change_definitions_finds_no_such_page(sign_in: SignIn, field: int) -> None:
    supervisor = sign_in("supervisor")
    assert supervisor.get(f"/fields/type/{field}").status_code == 404
    assert "/fields/type/" not in supervisor.get(f"/admin/schema_definitions/show/{field}").text


@pytest.fixture
def list_field(app: Flask, field: int) -> int:
    """The same field as a list, of whose options each has a value."""
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        definition = session.get_one(FieldDefinition, field)
        options = [{"value": "5", "colour": "ok"}, "many"]
        field_definitions.change(
            session, SYSTEM, definition, {"field_type": "select", "options": options}, None
        )
        session.commit()
    return field


FEWER = {"field_type": "select", "options.line": "0", "options.0.value": "many"}
FORM = {"field_name": "seats", "applies_to": "tickets", "required_on": "create", "position": "0"} | FEWER


def options(app: Flask) -> list[object]:
    with app.app_context():
        return list(db.session.scalars(select(FieldDefinition.options)).one())


def hidden(page: str) -> list[tuple[str, str]]:
    return re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)


@pytest.mark.parametrize(
    ("fate", "became", "left"),
    [("to:many", ["many", "many"], ["many"]), ("out", [None, "many"], ["many"])],
)
def test_options_that_go_are_replaced_or_taken_out_by_a_job(
    app: Flask, admin: FlaskClient, list_field: int, fate: str, became: list[object], left: list[object]
) -> None:
    where = f"/fields/type/{list_field}"
    asked = admin.post(where, data=FEWER)
    assert (asked.status_code, "“5”: 1 value" in html.unescape(asked.text)) == (200, True)
    told = admin.post(where, data=FEWER | {"gone.0": "5", "fate.0": fate})
    assert "Take these options away?" in told.text
    begun = admin.post(where, data=dict(hidden(told.text)))
    with app.app_context():
        long.run(int(begun.location.rsplit("/", 1)[1]))
    assert (kept(app), options(app)) == (became, left)


def test_options_that_go_are_kept_as_retired_at_once(app: Flask, admin: FlaskClient, list_field: int) -> None:
    answer = admin.post(f"/fields/type/{list_field}", data=FEWER | {"gone.0": "5", "fate.0": "keep"})
    assert answer.location == f"/admin/schema_definitions/show/{list_field}"
    retired = {"value": "5", "colour": "ok", "deprecated": True}
    assert (kept(app), options(app)) == (["5", "many"], ["many", retired])
    assert "5, Green, Retired" in admin.get(answer.location).text
    assert "1 retired option" in admin.get("/fields/tickets").text


def test_a_plain_change_that_takes_options_away_offers_to_keep_them(
    app: Flask, admin: FlaskClient, list_field: int
) -> None:
    where = f"/admin/schema_definitions/edit/{list_field}"
    refused = admin.post(where, data=FORM)
    said = html.unescape(refused.text)
    assert "1 value has an option that would go: “5” (1). Keep it as retired, or replace it" in said
    lost = [pair for pair in hidden(said) if pair[0].startswith("options.kept")]
    assert re.search(r'name="options.line" value="kept0" checked', said)
    again = admin.post(where, data=FORM | dict(lost) | {"options.line": ["0", "kept0"]})
    assert again.status_code == 302
    assert options(app) == ["many", {"value": "5", "colour": "ok", "deprecated": True}]
    lines = {"options.1.value": "5", "options.1.colour": "ok"}
    back = admin.post(where, data=FORM | lines | {"options.line": ["0", "1"]})
    assert (back.status_code, options(app)) == (302, ["many", {"value": "5", "colour": "ok"}])
