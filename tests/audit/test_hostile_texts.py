"""Whatever a person can type stands on every page as text: no page of the product prints it as markup."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from app import models, services
from app.access import SYSTEM
from app.core.declare import Desk
from app.core.errors import Problem
from app.core.extensions import db
from app.fields import Kind, fields_of
from app.record import act_as
from tests.audit.world import World, build

MARK = "<b hostile>"
HOSTILE = f"'\"&{MARK}"
TYPED = (Kind.TEXT, Kind.LONG_TEXT, Kind.TAGS)
MANAGED = [model for model in models.load() if model.resource.desk is Desk.MANAGE]
LINK = re.compile(r'(?:href|hx-get)="([^"#]+)')
NAMES = re.compile(r'<(?:input|textarea|select)[^>]* name="([^"]+)"')
AWAY = ("/logout", "/assets/", "/portal/sign-out", "/export")


@pytest.fixture(scope="module")
def world(app: Flask) -> World:
    """One row of everything, and in each field that takes it a text that would be markup."""
    world = build(app)
    for model in MANAGED:
        number = world.make(model.__tablename__)
        with app.test_request_context():
            session = db.session()
            act_as(session, SYSTEM, source="test")
            row = session.get_one(model, number)
            for field in fields_of(session, model).values():
                if field.kind in TYPED:
                    type_in(row, field.name, [HOSTILE] if field.kind is Kind.TAGS else HOSTILE)
            session.commit()
    return world


def type_in(row: object, name: str, value: object) -> None:
    """Change one field as its form would; some take only names, patterns or addresses."""
    try:
        with db.session().begin_nested():
            services.edit(db.session(), SYSTEM, row, {name: value})
    except Problem:
        db.session().expire_all()


def pages(client: FlaskClient, start: str) -> Iterator[tuple[str, str]]:
    """Follow the links of the product, each page once, and yield its address and text."""
    seen, waiting = {start}, deque([start])
    while waiting:
        address = waiting.popleft()
        answer = client.get(address)
        assert answer.status_code < 500, address
        if answer.mimetype == "text/html":
            yield address, answer.text
        found = [*LINK.findall(answer.text), answer.headers.get("Location", "")]
        for link in (urljoin(address, unescape(one)) for one in found if one):
            parts = urlsplit(link)
            page = f"{parts.path}?{parse_qs(parts.query).get('tab', '')}"
            if not parts.netloc and page not in seen and not any(word in link for word in AWAY):
                seen.add(page)
                waiting.append(link)


def test_no_page_of_employees_prints_what_was_typed_as_markup(world: World) -> None:
    walked = list(pages(world.employee(), "/"))
    assert [address for address, text in walked if MARK in text] == []
    assert sum(escape(MARK) in text for _address, text in walked) > len(MANAGED), "it stands nowhere at all"


def test_no_page_of_customers_does(world: World) -> None:
    walked = list(pages(world.customer(), "/portal/"))
    assert [address for address, text in walked if MARK in text] == []


@pytest.mark.parametrize("model", MANAGED, ids=lambda model: model.__tablename__)
def test_no_form_says_back_as_markup_what_it_refuses(world: World, model: type) -> None:
    client = world.employee()
    address = f"/admin/{model.__tablename__}/add"  # type: ignore[attr-defined]
    form = client.get(address)
    names = NAMES.findall(form.text)
    answer = client.post(address, data=dict.fromkeys(names, HOSTILE))
    assert MARK not in answer.text
    assert form.status_code == 404 or escape(MARK) in answer.text
