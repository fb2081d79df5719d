"""JSON of a declared shape in forms: lines that are drawn, sent, added, moved and refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app import models
from app.core.declare import Can, Desk, Role
from app.core.extensions import db
from app.fields import Kind, fields_of
from app.generate.lines import read as lines
from app.models.fields import OPTIONS, TRANSLATIONS, FieldDefinition
from app.models.routing import ACTION, RoutingRule
from tests.generate.conftest import People
from tests.generate.test_builder import Inputs

MANAGED = [
    model
    for model in models.load()
    if model.resource.desk is Desk.MANAGE and model.resource.allow[Role.ADMIN].can & (Can.ADD | Can.EDIT)
]


@pytest.mark.parametrize("model", MANAGED, ids=lambda model: model.__tablename__)
def test_no_form_shows_json(app: Flask, admin: FlaskClient, model: Any) -> None:
    table = model.__tablename__
    answer = admin.get(f"/admin/{table}/add")
    if answer.status_code == 404:
        return  # nobody adds one
    assert answer.status_code == 200
    with app.app_context():
        fields = fields_of(db.session(), model)
    json = {name for name, field in fields.items() if field.kind is Kind.JSON}
    assert json.isdisjoint(name for name, _value in Inputs(answer.text).pairs)
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"', answer.text)
    assert all(fields[name].kind is Kind.LONG_TEXT for name in areas)


@pytest.mark.parametrize(
    ("keys", "deed", "left"),
    [
        (["0", "1"], "add:", ["0", "1", "2"]),
        (["0", "new0"], "add:", ["0", "new0", "1"]),
        ([], "add:", ["0"]),
        (["0", "1", "2"], "remove:1", ["0", "2"]),
        (["0", "1"], "remove:9", ["0", "1"]),
        (["0", "1", "2"], "up:2", ["0", "2", "1"]),
        (["0", "1"], "up:0", ["0", "1"]),
        (["0", "1"], "down:0", ["1", "0"]),
        (["0", "1"], "down:1", ["0", "1"]),
        (["0", "0"], "", ["0"]),
        (["0"], "explode:0", ["0"]),
    ],
)
def test_what_the_buttons_do(keys: list[str], deed: str, left: list[str]) -> None:
    assert lines.done(keys, deed, OPTIONS) == left


def test_words_are_added_once_and_only_known_ones() -> None:
    assert lines.done(["team"], "add:status", ACTION) == ["team", "status"]
    assert lines.done(["team"], "add:team", ACTION) == ["team"]
    assert lines.done(["team", "nonsense"], "add:other", ACTION) == ["team"]
    assert lines.done(["de"], "add:fr", TRANSLATIONS) == ["de", "fr"]


VALUES: list[tuple[str, Any]] = [
    ("options", ["free", {"value": "pro", "label": "Professional", "colour": "ok"}]),
    ("translations", {"de": {"label": "Tarif", "options": {"pro": "Profi", "a, b = c": "Odd"}}}),
]


@pytest.mark.parametrize(("name", "value"), VALUES)
def test_what_is_sent_is_what_was_drawn(app: Flask, name: str, value: Any) -> None:
    with app.app_context():
        field = fields_of(db.session(), FieldDefinition)[name]
        assert field.shape is not None
        form = MultiDict(list(lines.pairs(field, field.shape, value)))
        assert field.parse(lines.typed(form, field, field.shape)) == value


def sent(page: str, **changed: str) -> MultiDict[str, str]:
    """What a browser would send of the page, with some inputs changed."""
    pairs = [
        pair
        for pair in Inputs(re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)).pairs
        if pair[0] not in changed
    ]
    return MultiDict([*pairs, *changed.items()])


def test_a_rule_is_made_by_buttons_alone(app: Flask, admin: FlaskClient, people: People) -> None:
    page = admin.get("/admin/routing_rules/add").text
    for word in ("team", "agent", "add_tags", "priority"):
        page = admin.post(
            "/admin/routing_rules/add", data=sent(page, rule_name="Refunds", **{"action.do": f"add:{word}"})
        ).text
    typed = {
        "action.team": str(people.team),
        "action.agent.skill": "Billing",
        "action.agent.min_level": "5",
        "action.add_tags": "refund, money",
        "action.priority": "high",
    }
    refused = admin.post(
        "/admin/routing_rules/add", data=sent(page, **{**typed, "action.agent.min_level": "11"})
    )
    assert refused.status_code == 422
    assert re.search(r'id="e-action\.agent\.min_level"', refused.text), "the error stands beside its line"
    assert "Billing" in refused.text
    assert admin.post("/admin/routing_rules/add", data=sent(refused.text, **typed)).status_code == 302
    with app.app_context():
        rule = db.session().scalars(select(RoutingRule).where(RoutingRule.rule_name == "Refunds")).one()
        assert rule.action == {
            "team": people.team,
            "agent": {"skill": "Billing", "min_level": 5},
            "add_tags": ["refund", "money"],
            "priority": "high",
        }
    shown = admin.get(f"/admin/routing_rules/show/{rule.id}").text
    assert "Team: Billing" in shown


def test_options_keep_their_order_and_labels(app: Flask, admin: FlaskClient) -> None:
    data = MultiDict(
        [
            ("field_name", "tariff"), ("label", "Tariff"), ("field_type", "select"),
            ("applies_to", "tickets"), ("required_on", "create"),
            ("options.line", "b"), ("options.line", "a"), ("options.line", "c"),
            ("options.a.value", "pro"), ("options.a.label", "Professional"), ("options.a.colour", "ok"),
            ("options.b.value", "free"), ("options.c.value", ""),
            ("translations.line", "de"), ("translations.de.label", "Tarif"),
            ("translations.de.options.0.of", "pro"), ("translations.de.options.0", "Profi"),
        ]
    )  # fmt: skip
    answer = admin.post("/admin/schema_definitions/add", data=data)
    assert answer.status_code == 302, re.findall(r'class="problem".*?</span></span>', answer.text)
    with app.app_context():
        made = (
            db.session().scalars(select(FieldDefinition).where(FieldDefinition.field_name == "tariff")).one()
        )
        assert made.options == ["free", {"value": "pro", "label": "Professional", "colour": "ok"}]
        assert made.translations == {"de": {"label": "Tarif", "options": {"pro": "Profi"}}}


def test_a_value_that_stands_there_twice_is_told_beside_its_line(admin: FlaskClient) -> None:
    data = MultiDict(
        [
            ("field_name", "doubled"), ("label", "Doubled"), ("field_type", "select"),
            ("applies_to", "tickets"), ("options.line", "0"), ("options.line", "1"),
            ("options.0.value", "pro"), ("options.1.value", "PRO"),
        ]
    )  # fmt: skip
    answer = admin.post("/admin/schema_definitions/add", data=data)
    assert answer.status_code == 422
    assert 'id="e-options.1.value"' in answer.text
