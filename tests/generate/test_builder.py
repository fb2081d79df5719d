"""The builder of conditions: what is drawn, posted, refused, saved and shown."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.access import SYSTEM
from app.core.extensions import db
from app.criteria import EVERYWHERE
from app.generate import builder
from app.generate.bulk.selection import asked, rows_of
from app.generate.exchange.sheet import sheet_of
from app.models.fields import FieldDefinition
from app.models.routing import RoutingRule
from app.models.tickets import Ticket
from app.models.webhooks import Webhook
from app.record import act_as
from app.services import tickets
from tests.criteria.things import FIELDS
from tests.criteria.trees import TREES

ASKED = {**FIELDS, **EVERYWHERE}


class Inputs(HTMLParser):
    """What a browser would send of a page's inputs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self._select: str | None = None
        self._chosen: str | None = None
        self._area: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        name, kind = facts.get("name"), facts.get("type")
        if tag == "select":
            self._select, self._chosen = name, None
        elif tag == "option" and self._select and ("selected" in facts or self._chosen is None):
            self._chosen = facts.get("value") or ""
        elif tag == "textarea" and name:
            self._area = name
            self.pairs.append((name, ""))
        elif tag == "input" and name and (kind not in {"radio", "checkbox"} or "checked" in facts):
            self.pairs.append((name, facts.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            self.pairs.append((self._select, self._chosen or ""))
            self._select = None
        if tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self.pairs[-1] = (self._area, self.pairs[-1][1] + data)


def normal(tree: Any) -> Any:
    """What the builder writes: the root is a group, and the empty object where that asks nothing."""
    tree = tree if not tree or set(tree) & {"all", "any", "not"} else {"all": [tree]}
    return {} if tree == {"all": []} else unordered(tree)


def unordered(tree: Any) -> Any:
    """The tree with the values of each condition in one order, as boxes have their own, and on one line."""
    if isinstance(tree, str):
        return tree.replace("\n", " ")
    if isinstance(tree, dict):
        return {
            word: sorted(unordered(part), key=str)
            if word == "value" and isinstance(part, list)
            else unordered(part)
            for word, part in tree.items()
        }
    return [unordered(part) for part in tree] if isinstance(tree, list) else tree


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=TREES)
def test_what_is_drawn_and_posted_untouched_is_the_same_tree(app: Flask, tree: Any) -> None:
    place = builder.Place(name="criteria", model=Ticket, fields=ASKED, changes=True, me=True)
    with app.test_request_context():
        drawn = app.jinja_env.get_template("ui/criteria_part.html").render(b=builder.draw(place, tree, {}))
        posted, _done = builder.posted(place, MultiDict(Inputs(drawn).pairs))
    assert unordered(posted) == normal(tree)


RULE = {
    "rule_name": "Refunds", "priority": "10", "event": "created",
    "action.line": "priority", "action.priority": "high",
    "criteria.word": "all",
    "criteria.0.field": "title", "criteria.0.was": "title", "criteria.0.op": "contains",
    "criteria.0.value": "refund",
    "criteria.1.word": "any",
    "criteria.1.0.field": "status", "criteria.1.0.was": "status", "criteria.1.0.op": "is",
    "criteria.1.0.value": "open",
    "criteria.1.1.field": "created_at", "criteria.1.1.was": "created_at", "criteria.1.1.op": "is",
    "criteria.1.1.period": "today", "criteria.1.1.value": "",
}  # fmt: skip
TREE = {
    "all": [
        {"field": "title", "op": "contains", "value": "refund"},
        {
            "any": [
                {"field": "status", "op": "is", "value": "open"},
                {"field": "created_at", "op": "is", "value": "today"},
            ]
        },
    ]
}


def rule(app: Flask) -> RoutingRule:
    with app.app_context():
        found = db.session().scalars(select(RoutingRule).order_by(RoutingRule.id.desc())).first()
    assert found is not None
    return found


def test_a_rule_is_built_saved_and_said_in_words(app: Flask, admin: FlaskClient) -> None:
    answer = admin.post("/admin/routing_rules/add", data=RULE)
    assert answer.status_code == 302, answer.text
    assert rule(app).criteria == TREE
    shown = admin.get(answer.location).text
    assert "Subject contains refund and (Status is Open or Created is today)" in shown
    assert "&#34;field&#34;" not in shown
    edit = admin.get(f"/admin/routing_rules/edit/{rule(app).id}").text
    with app.test_request_context():
        place = builder.Place(name="criteria", model=Ticket, fields=ASKED, changes=True)
        assert builder.posted(place, MultiDict(Inputs(edit).pairs))[0]["all"][0]["field"] == "title"


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"criteria.0.value": " "}, "criteria.0.value"),
        ({"criteria.1.0.value": "lost"}, "criteria.1.0.value"),
        ({"criteria.1.1.period": "", "criteria.1.1.value": "2026-02-30"}, "criteria.1.1.period"),
        ({"criteria.0.field": "", "criteria.0.was": ""}, "criteria.0.field"),
        ({"criteria.0.field": "secrets", "criteria.0.was": "secrets"}, "criteria.0.field"),
    ],
    ids=["no value", "no option", "no day", "no field", "unknown field"],
)
def test_what_is_wrong_is_told_at_the_very_condition(
    admin: FlaskClient, typed: dict[str, str], place: str
) -> None:
    answer = admin.post("/admin/routing_rules/add", data=RULE | typed)
    assert answer.status_code == 422
    assert re.findall(r'class="problem" id="e-([^"]*)"', answer.text) == [place]
    assert 'value="refund"' in answer.text or "criteria.0" in place


@pytest.mark.parametrize(
    ("deed", "said", "fields"),
    [
        ("condition:", "Condition added", ["title", "status", "created_at", ""]),
        ("condition:1", "Condition added", ["title", "status", "created_at", ""]),
        ("group:1", "Group added", ["title", "status", "created_at", ""]),
        ("remove:0", "Condition removed", ["status", "created_at"]),
        ("remove:1", "Group removed", ["title"]),
        ("down:0", "Moved to position 2", ["status", "created_at", "title"]),
        ("up:1.1", "Moved to position 1", ["title", "created_at", "status"]),
        ("up:0", "", ["title", "status", "created_at"]),
        ("remove:7.7", "", ["title", "status", "created_at"]),
        ("nonsense", "", ["title", "status", "created_at"]),
    ],
)
def test_each_button_draws_the_form_anew_and_saves_nothing(
    app: Flask, admin: FlaskClient, deed: str, said: str, fields: list[str]
) -> None:
    with app.app_context():
        before = db.session().scalars(select(RoutingRule.id)).all()
    answer = admin.post("/admin/routing_rules/add", data=RULE | {"criteria.do": deed})
    assert answer.status_code == 200
    sent = MultiDict(Inputs(answer.text).pairs)
    assert sent["rule_name"] == "Refunds"
    assert [value for name, value in sent.items(multi=True) if name.endswith(".field")] == fields
    assert f'data-said="{said}"' in answer.text
    with app.app_context():
        assert db.session().scalars(select(RoutingRule.id)).all() == before


def test_another_field_has_other_comparisons_and_no_old_value(admin: FlaskClient) -> None:
    typed = RULE | {"criteria.0.field": "priority", "criteria.do": "draw"}
    drawn = MultiDict(Inputs(admin.post("/admin/routing_rules/add", data=typed).text).pairs)
    assert (drawn["criteria.0.op"], drawn["criteria.0.value"]) == ("is", "")


def test_the_preview_says_and_counts(app: Flask, sign_in: Any, people: Any) -> None:
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        for number, team in enumerate((people.team, people.other_team)):
            values = {
                "email": "a@example.com",
                "title": f"Refund {number}",
                "description": "x",
                "team_id": team,
            }
            tickets.add(db.session(), SYSTEM, values)
        db.session.commit()
    data = {"criteria.word": "all", "criteria.0.field": "title", "criteria.0.was": "title"}
    data |= {"criteria.0.op": "contains", "criteria.0.value": "REFUND"}
    address = "/admin/tickets/criteria?name=criteria"
    assert "Matches 2 of the 2 from the last 30 days." in sign_in("admin").post(address, data=data).text
    assert "Matches 1 of the 1 from the last 30 days." in sign_in("agent").post(address, data=data).text
    changed = sign_in("admin").post(f"{address}&changes=1", data=data | {"criteria.0.op": "changed"}).text
    assert "Subject changed" in changed
    assert "Matches" not in changed
    assert sign_in(None).post(address, data=data).status_code in {302, 401}
    assert sign_in("agent").post("/admin/webhooks/criteria", data=data).status_code in {302, 403, 404}


def test_a_list_is_narrowed_by_conditions_in_its_address(admin: FlaskClient, people: Any) -> None:
    built = {"back": "sort=-title", "criteria.word": "none", "criteria.0.field": "title"}
    built |= {"criteria.0.was": "title", "criteria.0.op": "is", "criteria.0.value": "refund 0"}
    answer = admin.post("/admin/tickets/filter", data=built)
    assert answer.status_code == 302
    page = admin.get(answer.location).text
    assert "not (Subject is refund 0)" in page
    assert "Refund 1" in page
    assert ">Refund 0" not in page
    assert "sort=-title" in answer.location
    again = admin.get(answer.location.replace("/list/", "/filter")).text
    assert MultiDict(Inputs(again).pairs)["criteria.0.value"] == "refund 0"
    refused = admin.post("/admin/tickets/filter", data=built | {"criteria.0.op": "matches"})
    assert refused.status_code == 422
    assert 'id="e-criteria.0.value"' in refused.text


@pytest.mark.parametrize("text", ["nonsense", '{"all": [{"field": "nope", "op": "is", "value": 1}]}', "[]"])
def test_conditions_of_an_address_that_are_wrong_are_refused(admin: FlaskClient, text: str) -> None:
    assert admin.get("/admin/tickets/list/", query_string={"criteria": text}).status_code == 422


def test_me_in_a_list_is_who_reads(app: Flask, sign_in: Any, people: Any) -> None:
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        ticket = db.session().scalars(select(Ticket).where(Ticket.team_id == people.team)).first()
        ticket.assignee_id = people.agent
        db.session.commit()
    asked = {"criteria": '{"field": "assignee_id", "op": "is", "value": "me"}'}
    title = ticket.title if ticket else ""
    assert title in sign_in("agent").get("/admin/tickets/list/", query_string=asked).text
    assert "Nothing matches" in sign_in("admin").get("/admin/tickets/list/", query_string=asked).text


def test_every_column_of_criteria_has_the_builder(app: Flask, admin: FlaskClient) -> None:
    for table, name in (("webhooks", "criteria"), ("schema_definitions", "show_when")):
        page = admin.get(f"/admin/{table}/add").text
        assert f'data-criteria="{name}"' in page
        assert f'name="{name}.word"' in page
    hook = {"url": "https://93.184.216.34/x", "event_types": "TICKET_CREATED", "is_active": "1"}
    built = {name: value for name, value in RULE.items() if name.startswith("criteria.")}
    assert admin.post("/admin/webhooks/add", data=hook | built).status_code == 200
    field = {"field_name": "seats_now", "field_type": "integer", "applies_to": "tickets"}
    asked = {"show_when.word": "all", "show_when.0.field": "status", "show_when.0.was": "status"}
    asked |= {"show_when.0.op": "is", "show_when.0.value": "open", "required_on": "create"}
    answer = admin.post("/admin/schema_definitions/add", data=field | asked)
    assert answer.status_code == 302, answer.text
    with app.app_context():
        saved = db.session().scalars(select(Webhook)).one()
        defined = db.session().scalars(select(FieldDefinition)).one()
    assert saved.criteria == TREE
    assert defined.show_when == {"all": [{"field": "status", "op": "is", "value": "open"}]}
    wrong = admin.post("/admin/schema_definitions/add", data=field | asked | {"applies_to": "nowhere"})
    assert wrong.status_code == 422


def test_what_is_done_with_all_rows_of_a_view_keeps_to_its_conditions(app: Flask) -> None:
    """In bulk and in exports, which take the address of the list they were asked on."""
    tree = {"field": "title", "op": "is", "value": "refund 0"}
    view = {"criteria": orjson.dumps(tree).decode(), "status": "new"}
    with app.app_context():
        session = db.session()
        meant = asked(session, SYSTEM, Ticket, MultiDict({"all": "1", "view": urlencode(view)}))
        chosen = session.scalars(rows_of(session, SYSTEM, Ticket, meant)).all()
        exported = session.scalars(sheet_of(session, SYSTEM, Ticket, MultiDict(view)).statement).all()
    assert [row.title for row in chosen] == [row.title for row in exported] == ["Refund 0"]
