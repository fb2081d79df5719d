"""Quick filters of every list: a form by the kind of field, a plain address, a chip in words, a way out."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import models, services
from app.access import SYSTEM
from app.core.declare import Desk
from app.core.extensions import db
from app.fields import FieldSet, fields_of
from app.generate.chips import offers
from app.generate.pages import Filter
from app.generate.places import list_address
from app.models.fields import FieldDefinition, FieldType
from app.record import act_as
from tests.generate.conftest import People

LISTED = [model for model in models.load() if model.resource.desk is not Desk.HAND and model.resource.filters]
CUSTOM = {
    "seats": FieldType.INTEGER,
    "fee": FieldType.DECIMAL,
    "renewal": FieldType.DATE,
    "site": FieldType.URL,
}


@pytest.fixture(scope="module", autouse=True)
def custom_fields(app: Flask, people: People) -> None:
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        for name, kind in CUSTOM.items():
            values = {"field_name": name, "field_type": kind, "label": name.title(), "applies_to": "tickets"}
            services.add(db.session(), SYSTEM, FieldDefinition, values)
        db.session.commit()


def typed(one: Filter) -> list[dict[str, str]]:
    """Return ways to fill the form of a filter, as a person would."""
    if one.spans:
        end = "2026-01-02" if one.kind in ("date", "datetime") else "3"
        return [{"from": end, "to": end}, *({"span": span.value} for span in one.spans)]
    value = one.options[0].value if one.options else "1" if one.picker_url else "x"
    return [{"operator": o.value} | ({} if "empty" in o.value else {"value": value}) for o in one.operators]


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__tablename__)
def test_every_filter_of_every_list_becomes_a_chip_that_can_be_removed(
    app: Flask, admin: FlaskClient, model: Any
) -> None:
    where = list_address(model)
    with app.app_context():
        fields: FieldSet = fields_of(db.session(), model)
        offered = offers(model, fields, []).filters
    assert {one.name for one in offered} == set(fields.pick(tuple(model.resource.filters)))
    for one in offered:
        ways = typed(one)
        assert ways
        for way in (ways[0], ways[-1]):
            plain = admin.get(where, query_string={"filter": one.name} | way)
            assert plain.status_code == 302, (one.name, way)
            page = admin.get(plain.location)
            assert page.status_code == 200, (plain.location, page.text[:400])
            told = re.findall(r'class="chip is-on"><span class="cut">(.*?)</span>', page.text)
            asked = parse_qsl(urlsplit(plain.location).query)
            assert len(told) == len(asked), plain.location
            assert all(html.escape(str(one.label)) in said for said in told), told
            away = re.findall(r'class="chip-close" href="([^"]+)"', page.text)
            rest = urlsplit(html.unescape(away[0])).query
            assert parse_qsl(rest) == asked[1:]


def test_custom_fields_are_offered_like_all_others(admin: FlaskClient) -> None:
    form = admin.get("/admin/tickets/list/").text.split('id="filters"')[1]
    for name in CUSTOM:
        assert f'value="custom_fields.{name}"' in form


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("team_id={team}", "Team is Billing"),
        ("team_id={team},{other}", "Team is one of Billing, Technical"),
        ("assignee_id[empty]=1", "Assignee is empty"),
        ("created_at=last_week", "Created is last week"),
        ("created_at[more_than_ago]=30d", "Created is more than 30 days ago"),
        ("custom_fields.seats[gte]=5", "Seats is at least 5"),
        ("status=new,open", "Status is one of New, Open"),
    ],
)
def test_a_chip_says_what_it_filters(admin: FlaskClient, people: People, query: str, said: str) -> None:
    asked = query.format(team=people.team, other=people.other_team)
    assert f'<span class="cut">{said}</span>' in admin.get(f"/admin/tickets/list/?{asked}").text
