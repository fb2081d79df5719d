"""Saved views and columns of every list: kept, opened, shared by who may, meant by exports and bulk deeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from app import models
from app.access import SYSTEM
from app.core.declare import Desk
from app.core.extensions import db
from app.generate.places import list_address
from app.models.people import Employee
from app.models.teams import Team
from app.models.views import SavedView
from app.record import act_as
from app.services import arrangement
from tests.generate.conftest import People

LISTED = [model for model in models.load() if model.resource.desk is not Desk.HAND]
SignIn = Callable[[str | None], FlaskClient]
NARROW = "is_active=true&sort=-name&columns=name&columns=is_active"


@pytest.fixture(autouse=True)
def none_kept(app: Flask, people: People) -> Iterator[None]:
    """Each test begins with lists that nobody arranged."""
    yield
    with app.app_context():
        session = db.session()
        session.connection().execute(delete(SavedView.__table__))
        session.connection().execute(Employee.__table__.update().values(preferences={}))
        session.commit()


@pytest.fixture(scope="module", autouse=True)
def queues(app: Flask, people: People) -> None:
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        db.session.add_all([Team(name="Old one", is_active=False), Team(name="New one")])
        db.session.commit()


def keep(
    client: FlaskClient, name: str = "Ours", query: str = NARROW, table: str = "teams", **more: str
) -> int:
    """Keep a view as its form does, and return its number."""
    typed = {"name": name, "object_table": table, "query": query} | more
    answer = client.post("/admin/saved_views/add", data=typed)
    assert answer.status_code == 302, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def rows_of(page: str) -> list[str]:
    return re.findall(r'<a class="row-link"[^>]*>([^<]*)', page)


def heads_of(page: str) -> list[str]:
    """Return the names of the columns a list shows, as its form of columns says them."""
    form = page.split('class="column-list"')[1].split("</ul>", maxsplit=1)[0]
    return re.findall(r'name="columns" value="([^"]+)" checked', form)


def test_views_are_read_once_and_again_when_anybody_changed_them(
    sign_in: SignIn, app: Flask, statements: list[str]
) -> None:
    admin = sign_in("admin")
    number = keep(admin)
    assert "Ours" in admin.get("/admin/teams/list/").text
    statements.clear()
    assert "Ours" in admin.get("/admin/teams/list/").text
    assert not [one for one in statements if one.startswith("SELECT saved_views")]
    with app.app_context():  # as another process does, of which this one hears by the database alone
        changed = SavedView.__table__.update().where(SavedView.__table__.c.id == number).values(name="Theirs")
        db.session.connection().execute(changed)
        db.session.commit()
    assert "Theirs" in admin.get("/admin/teams/list/").text


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__tablename__)
def test_every_list_is_kept_and_opened_again(admin: FlaskClient, statements: list[str], model: Any) -> None:
    """The plainest narrowing every list knows: an order, a size of words, fewer columns."""
    column = model.resource.columns[-1]
    number = keep(admin, query=f"columns={column}&sort=id", table=model.__tablename__)
    shown = admin.get(f"/views/{number}")
    assert shown.location == f"{list_address(model)}?view={number}"
    statements.clear()
    page = admin.get(shown.location).text
    assert len(statements) <= 8, statements
    assert heads_of(page) == [column]
    assert 'aria-current="page">Ours</a>' in page


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__tablename__)
def test_every_list_keeps_the_columns_of_a_person(admin: FlaskClient, sign_in: SignIn, model: Any) -> None:
    """In the order in which they were put; others see what is declared; going back forgets them."""
    where, url = list_address(model), f"/lists/{model.__tablename__}/columns"
    declared = heads_of(admin.get(where).text)
    chosen = declared[::-1][:2]
    order = {"order": [*chosen, *declared], "columns": chosen, "do": "save"}
    assert admin.post(url, data=order).location == where
    assert heads_of(admin.get(where).text) == chosen
    supervisor = sign_in("supervisor").get(where)
    assert supervisor.status_code == 404 or heads_of(supervisor.text) != chosen or len(declared) < 2
    admin.post(url, data={"do": "reset"})
    assert heads_of(admin.get(where).text) == declared


def test_columns_are_moved_without_scripts(admin: FlaskClient) -> None:
    every = {"order": ["name", "description", "is_active"], "columns": ["name", "is_active"]}
    page = admin.post("/lists/teams/columns", data=every | {"do": "up:is_active"}).text
    stood = re.findall(r'name="order" value="([^"]+)"', page)
    assert stood[:3] == ["name", "is_active", "description"]
    assert heads_of(page) == ["name", "is_active"]
    assert "Old one" not in page, "the form alone, and nothing kept yet"


def test_a_hidden_column_is_never_offered_nor_kept(sign_in: SignIn) -> None:
    agent = sign_in("agent")
    agent.post(
        "/lists/employees/columns", data={"order": ["capacity", "name"], "columns": ["capacity", "name"]}
    )
    page = agent.get("/admin/employees/list/").text.split("<main")[1]
    assert heads_of(page) == ["name"]
    assert "capacity" not in page


def test_a_view_shows_what_it_kept_and_says_when_it_shows_something_else(admin: FlaskClient) -> None:
    number = keep(admin)
    page = admin.get(f"/admin/teams/list/?view={number}").text
    assert "New one" in page
    assert "Old one" not in page
    assert "Save in Ours" not in page
    other = admin.get(f"/admin/teams/list/?was={number}&{NARROW}&q=new").text
    assert "Save in Ours" in other
    same = admin.get(
        f"/admin/teams/list/?was={number}&size=50&columns=name&columns=is_active&is_active=true&sort=-name"
    )
    assert "Save in Ours" not in same.text, "the order in which an address says it is nothing new"


def test_the_last_filter_of_a_view_can_be_taken_away(admin: FlaskClient) -> None:
    number = keep(admin, query="is_active=true")
    page = admin.get(f"/admin/teams/list/?view={number}").text
    away = re.search(r'class="chip-close" href="([^"]+)"', page)
    assert away is not None
    assert "Old one" in admin.get(away[1].replace("&amp;", "&")).text


def test_a_list_opens_with_the_view_of_the_person(admin: FlaskClient, sign_in: SignIn) -> None:
    number = keep(admin, shared="1")
    assert "Old one" in admin.get("/admin/teams/list/").text
    admin.post(f"/views/{number}/default", data={"default": "1"})
    page = admin.get("/admin/teams/list/").text
    assert "Old one" not in page
    assert 'href="/admin/teams/list/?view=all">All</a>' in page
    assert "Old one" in admin.get("/admin/teams/list/?view=all").text
    assert "Old one" in sign_in("supervisor").get("/admin/teams/list/").text
    admin.post(f"/views/{number}/default", data={"default": ""})
    assert "Old one" in admin.get("/admin/teams/list/").text


def test_exports_and_bulk_deeds_mean_what_the_view_shows(admin: FlaskClient) -> None:
    number = keep(admin)
    page = admin.get(f"/admin/teams/list/?view={number}").text
    link = re.search(r'href="(/admin/teams/export/csv[^"]*)"', page)
    state = re.search(r'name="view" value="([^"]*)"', page)
    assert link is not None
    assert state is not None
    with admin.get(link[1].replace("&amp;", "&")) as sent:
        assert "New one" in sent.text
        assert "Old one" not in sent.text
    asked = admin.post("/admin/teams/bulk/delete", data={"all": "1", "view": state[1].replace("&amp;", "&")})
    assert "New one" in asked.text
    assert "Old one" not in asked.text


def test_a_view_is_renamed_overwritten_and_deleted(admin: FlaskClient) -> None:
    number = keep(admin)
    admin.post(f"/admin/saved_views/edit/{number}", data={"version": "1", "query": "is_active=false"})
    assert rows_of(admin.get(f"/admin/teams/list/?view={number}").text) == ["Old one"]
    stale = admin.post(f"/admin/saved_views/edit/{number}", data={"version": "1", "query": "is_active=true"})
    assert stale.status_code == 409
    admin.post(f"/admin/saved_views/edit/{number}", data={"version": "2", "name": "Theirs"})
    assert ">Theirs</a>" in admin.get("/admin/teams/list/").text
    admin.post(f"/admin/saved_views/delete/{number}", data={"version": "3"})
    assert admin.get(f"/views/{number}").status_code == 404
    assert "Theirs" not in admin.get("/admin/teams/list/").text


def test_one_name_is_one_view_of_a_person(admin: FlaskClient, sign_in: SignIn) -> None:
    keep(admin)
    again = admin.post(
        "/admin/saved_views/add", data={"name": "Ours", "object_table": "teams", "query": "q=x"}
    )
    assert again.status_code in (409, 422)
    keep(sign_in("supervisor"))


def test_sharing_takes_a_grant_on_the_views_of_all(sign_in: SignIn) -> None:
    """Agents keep their own, supervisors show theirs to everybody who sees the list."""
    agent, supervisor = sign_in("agent"), sign_in("supervisor")
    typed = {"name": "Mine", "object_table": "teams", "query": "q=x"}
    refused = agent.post("/admin/saved_views/add", data=typed | {"shared": "1"})
    assert refused.status_code == 422
    assert "For everybody" not in agent.get("/admin/teams/list/?q=x").text
    mine = keep(agent, "Mine")
    assert (
        agent.post(f"/admin/saved_views/edit/{mine}", data={"version": "1", "shared": "1"}).status_code == 422
    )
    assert ">Mine</a>" not in supervisor.get("/admin/teams/list/").text
    ours = keep(supervisor, "Shown", shared="1")
    assert ">Shown</a>" in agent.get("/admin/teams/list/").text
    assert agent.get(f"/views/{ours}").status_code == 302
    assert (
        agent.post(f"/admin/saved_views/edit/{ours}", data={"name": "X", "version": "1"}).status_code == 404
    )


@pytest.mark.parametrize("table", ["audit_logs", "ticket_messages", "nowhere"])
def test_a_list_somebody_does_not_see_is_neither_kept_nor_arranged(sign_in: SignIn, table: str) -> None:
    agent = sign_in("agent")
    typed = {"name": "Mine", "object_table": table, "query": "q=x"}
    assert agent.post("/admin/saved_views/add", data=typed).status_code == 422
    assert agent.post(f"/lists/{table}/columns", data={"columns": "id"}).status_code == 404


def test_a_view_of_others_is_not_there(sign_in: SignIn) -> None:
    number = keep(sign_in("supervisor"))
    agent = sign_in("agent")
    assert agent.get(f"/views/{number}").status_code == 404
    assert agent.get(f"/admin/teams/list/?view={number}").status_code == 404
    assert agent.post(f"/views/{number}/default", data={"default": "1"}).status_code == 404


def test_a_view_whose_field_is_gone_shows_the_rest_and_says_so(admin: FlaskClient) -> None:
    """Nobody is locked out of a list that opens with it."""
    number = keep(admin, query="nmae=x&is_active=true")
    admin.post(f"/views/{number}/default", data={"default": "1"})
    page = admin.get("/admin/teams/list/")
    assert page.status_code == 200
    assert "There is no filter of this name." in page.text
    assert "New one" in page.text
    assert "Old one" not in page.text


def test_arranging_is_no_change_of_the_person(app: Flask, admin: FlaskClient, people: People) -> None:
    """No version, so that a form about the person stays good; other choices stay."""
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        one = session.scalars(select(Employee).where(Employee.email == "admin@example.com")).one()
        one.preferences = {"keys": False}
        session.commit()
        before = one.version
    admin.post("/lists/teams/columns", data={"order": "name", "columns": "name"})
    admin.post("/lists/skillsets/columns", data={"order": "skill_name", "columns": "skill_name"})
    with app.app_context():
        one = db.session.scalars(select(Employee).where(Employee.email == "admin@example.com")).one()
        assert one.version == before
        assert one.preferences["keys"] is False
        assert arrangement.of(one.preferences, "teams") == {"columns": ["name"]}
        assert arrangement.of(one.preferences, "skillsets") == {"columns": ["skill_name"]}


def test_columns_chosen_within_a_view_stand_in_the_address(admin: FlaskClient) -> None:
    number = keep(admin, query="is_active=true")
    back = f"was={number}&is_active=true&columns=name"
    chosen = {"order": ["is_active", "name"], "columns": ["is_active", "name"], "back": back}
    where = urlsplit(admin.post("/lists/teams/columns", data=chosen).location)
    assert parse_qsl(where.query)[-2:] == [("columns", "is_active"), ("columns", "name")]
    assert "Save in Ours" in admin.get(f"{where.path}?{where.query}").text
    assert heads_of(admin.get("/admin/teams/list/").text) != ["is_active", "name"]
