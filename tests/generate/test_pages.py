"""Every generated page of every thing: there for those who may, absent for others, at a fixed price."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import models
from app.access import SYSTEM
from app.core.declare import Can, Desk, Role
from app.core.extensions import db
from app.models.teams import Team
from app.record import act_as

MANAGED = [model for model in models.load() if model.resource.desk is Desk.MANAGE]
WATCHED = [model for model in models.load() if model.resource.desk is Desk.WATCH]
ROLES = [*Role, None]
AT_MOST = 8
"""Statements of a generated list, whatever the rows and menu items."""

SignIn = Callable[[str | None], FlaskClient]


def address(model: Any) -> str:
    table = model.__tablename__
    return f"/admin/{table}/list/" if model.resource.desk is Desk.MANAGE else f"/console/{table}/"


def granted(model: Any, role: Role | None, can: Can) -> bool:
    grant = model.resource.allow.get(role) if role else None
    return grant is not None and can in grant.can


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("model", [*MANAGED, *WATCHED], ids=lambda model: model.__tablename__)
def test_a_list_is_there_for_those_who_may_read(
    sign_in: SignIn, statements: list[str], model: Any, role: Role | None
) -> None:
    statements.clear()
    answer = sign_in(role).get(address(model))
    if role is None:
        assert answer.status_code == 302
        assert answer.location.startswith("/login/?next=")
    elif granted(model, role, Can.READ):
        assert answer.status_code == 200
        assert len(statements) <= AT_MOST, statements
    else:
        assert answer.status_code == 404


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("model", MANAGED, ids=lambda model: model.__tablename__)
def test_a_form_is_there_for_those_who_may_add(sign_in: SignIn, model: Any, role: Role | None) -> None:
    answer = sign_in(role).get(f"/admin/{model.__tablename__}/add")
    expected = 302 if role is None else 200 if granted(model, role, Can.ADD) else 404
    assert answer.status_code == expected
    if expected == 200:
        assert 'name="csrf_token"' in answer.text


@pytest.mark.parametrize("verb", ["show", "edit", "delete"])
@pytest.mark.parametrize("key", ["999999", "x", "99999999999999999999", "-1", "%00"])
def test_a_row_that_is_not_there_is_a_404(admin: FlaskClient, verb: str, key: str) -> None:
    assert admin.get(f"/admin/teams/{verb}/{key}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "sort=password",
        "size=100000",
        "size=abc",
        "columns=nmae",
        "q=%27%22%25_\\",
        "sort=-name&size=50",
        "q=a%00b",
    ],
)
def test_a_list_lives_with_what_an_address_says(admin: FlaskClient, query: str) -> None:
    assert admin.get(f"/admin/teams/list/?{query}").status_code == 200


@pytest.mark.parametrize(
    "query", ["nmae=1", "is_active[gte]=1", "cursor=abc", "cursor=WzFd", "is_active=perhaps"]
)
def test_a_list_says_what_it_does_not_understand(admin: FlaskClient, query: str) -> None:
    assert admin.get(f"/admin/teams/list/?{query}").status_code == 422


@pytest.fixture(scope="module")
def many_teams(app: Flask) -> int:
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        session.add_all(
            Team(name=f"Queue {number:03}", description=None if number % 3 else "x") for number in range(120)
        )
        session.commit()
    return 120


@pytest.mark.parametrize(
    "sort", ["name", "-name", "description", "-description", "created_at", "-is_active", "id"]
)
def test_pages_follow_each_other_forth_and_back(admin: FlaskClient, many_teams: int, sort: str) -> None:
    from app.fields import fields_of
    from app.generate import listing

    app = admin.application
    with app.app_context():
        session = db.session()
        fields = fields_of(session, Team)

        def page(cursor: str | None) -> Any:
            question = listing.Question(
                order=sort,
                cursor=cursor,
                limit=25,
                columns=("name", "description", "is_active", "created_at"),
            )
            return listing.page_of(session, SYSTEM, Team, fields, question)

        there, cursor = [page(None)], None
        while there[-1].next:
            there.append(page(there[-1].next))
        keys = [[row.id for row in one.rows] for one in there]
        flat = [key for one in keys for key in one]
        assert len(flat) == len(set(flat)) >= many_teams
        back = [keys[-1]]
        cursor = there[-1].previous
        while cursor:
            one = page(cursor)
            back.insert(0, [row.id for row in one.rows])
            cursor = one.previous
        assert back == keys


def test_more_rows_cost_no_more_statements(
    admin: FlaskClient, many_teams: int, statements: list[str]
) -> None:
    statements.clear()
    assert "1–25 of 12" in admin.get("/admin/teams/list/").text
    assert len(statements) <= AT_MOST


def test_the_factory_asks_nothing(app: Flask, environment: dict[str, str]) -> None:
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    from app import create_app
    from config import settings

    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        create_app(settings(environment))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert asked == []


@pytest.mark.parametrize("query", ["columns=capacity", "sort=capacity", "capacity[gte]=1"])
def test_a_hidden_column_is_neither_shown_nor_asked(sign_in: SignIn, query: str) -> None:
    answer = sign_in("agent").get(f"/admin/employees/list/?{query}")
    assert answer.status_code == (422 if "gte" in query else 200)
    assert "Capacity" not in answer.text
    assert "Capacity" in sign_in("admin").get("/admin/employees/list/").text
