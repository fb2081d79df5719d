"""The palette finds every kind of row by number and word, in one statement, and nothing one may not see."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import models, services
from app.access import SYSTEM
from app.core.declare import Can, Desk, Role
from app.core.extensions import db
from app.generate.cells import page_address
from app.record import act_as
from app.services import everywhere
from tests.access.rows import Maker
from tests.views.home.conftest import Enter

SCREENS: list[Any] = [
    model for model in models.load() if model.resource.desk is not Desk.HAND and hasattr(model, "id")
]
SEARCHED = [model for model in SCREENS if model.resource.search and not hasattr(model, "search")]
"""Tickets are found by words that a trigger keeps; they are tested with the others by hand."""
FEW = 3
"""Statements of the palette: who asks, what waits in the inbox, and what is found."""


def lines(client: FlaskClient, words: str) -> str:
    return client.get("/palette", query_string={"q": words}, headers={"HX-Request": "true"}).text


@pytest.fixture(scope="module")
def made(app: Flask, people: dict[str, int]) -> dict[str, tuple[int, dict[str, str]]]:
    """A row of every kind, and what its texts hold."""
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        maker, found = Maker(session), {}
        for model in SCREENS:
            if "view" not in (model.__table__.info or {}):
                key = next(iter(maker.insert(model.__table__).values()))
                found[model.__tablename__] = (key, maker.marks[model.__tablename__, key])
        session.commit()
        return found


@pytest.fixture(scope="module")
def admin(app: Flask, people: dict[str, int]) -> FlaskClient:
    from app.models.people import Employee
    from app.services import login_sessions

    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        ada = session.get_one(Employee, people["ada"])
        services.edit(session, SYSTEM, ada, {"role": Role.ADMIN.value})
        raw = login_sessions.begin(session, ada, None, "test")
        session.commit()
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = raw, True
    return client


@pytest.mark.parametrize("model", SCREENS, ids=lambda model: model.__tablename__)
def test_each_kind_is_found_by_its_number(
    admin: FlaskClient, made: dict[str, Any], statements: list[str], model: Any
) -> None:
    key, _marks = made[model.__tablename__]
    lines(admin, "#1")
    statements.clear()
    page = lines(admin, f"#{key}")
    assert len(statements) <= FEW, statements
    address = f"/inbox/open/{key}" if model.__tablename__ == "tickets" else page_address(model, key)
    readable = Can.READ in getattr(model.resource.allow.get(Role.ADMIN), "can", Can.NOTHING)
    assert (f'href="{address}"' in page) is readable


@pytest.mark.parametrize("model", SEARCHED, ids=lambda model: model.__tablename__)
def test_each_kind_is_found_by_its_words(
    admin: FlaskClient, made: dict[str, Any], statements: list[str], model: Any
) -> None:
    """By each text a search looks into, in whatever case, and by how a word begins."""
    key, marks = made[model.__tablename__]
    texts = [marks[name] for name in model.resource.search if name in marks]
    assert texts
    for mark in texts:
        statements.clear()
        assert f'href="{page_address(model, key)}"' in lines(admin, mark.upper())
        assert len(statements) <= FEW, statements


def test_two_letters_find_how_a_word_begins(app: Flask, people: dict[str, int]) -> None:
    from app.models.teams import Team

    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        db.session.add_all([Team(name="Wx first"), Team(name="Second wxy"), Team(name="Awx third")])
        db.session.commit()
        found = everywhere.find(db.session(), SYSTEM, "wx")[Team]
        assert {hit.name for hit in found} == {"Wx first", "Second wxy"}
        assert [hit.name for hit in everywhere.find(db.session(), SYSTEM, "awx")[Team]] == ["Awx third"]


def test_who_may_nothing_is_asked_nothing(enter: Enter, made: dict[str, Any], statements: list[str]) -> None:
    wim = enter("wim")
    lines(wim, "zq")
    statements.clear()
    assert "href" not in re.sub(r'href="/profile/"', "", lines(wim, "#1"))
    assert len(statements) == 1, statements


def test_as_a_page_it_works_without_scripts(enter: Enter) -> None:
    page = enter("mara").get("/palette?q=zimmer").text
    assert "<h1" in page
    assert 'name="q" value="zimmer"' in page
    assert "Zoe Zimmer" in page.split("<main")[1]


def test_things_are_made_from_it_by_who_may(enter: Enter, admin: FlaskClient) -> None:
    assert 'href="/admin/teams/add"' in lines(admin, "new team")
    assert 'href="/admin/teams/add"' not in lines(enter("mara"), "new team")


def test_it_looks_at_few_rows_before_it_sorts(app: Flask) -> None:
    """In no order: else a rare word is looked for from the newest row on, through all of them."""
    from app.models.teams import Team

    statement = str(everywhere._newest(Team, Team.name == "x"))
    inner = statement.split("FROM (", 1)[1].rsplit(") AS", 1)[0]
    assert "LIMIT" in inner
    assert "ORDER BY" not in inner
