"""Lists of any size: in order by an index, words found by an index, and no page that sorts a whole table."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, text

from app import models
from app.access import SYSTEM
from app.core.declare import Desk
from app.core.extensions import db
from app.fields import fields_of
from app.fields.kinds import WORDS
from app.fields.search import has_search
from app.generate import listing, lists, orders
from app.generate.indexed import follows_index
from app.models.audit import AuditLog
from app.models.teams import Team
from app.models.tickets import Ticket
from app.record import act_as
from tests.generate.conftest import People

LISTED = [model for model in models.load() if model.resource.desk is not Desk.HAND]


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__tablename__)
def test_the_declared_order_is_that_of_an_index(model: Any) -> None:
    assert follows_index(model, model.resource.order), (
        "`ordered(…)` in the table's arguments, and a migration"
    )


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__tablename__)
def test_what_is_searched_is_found_by_an_index(app: Flask, people: People, model: Any) -> None:
    table = model.__tablename__
    with app.app_context():
        asked = text("SELECT indexdef FROM pg_indexes WHERE tablename = :table")
        known = "\n".join(db.session.scalars(asked, {"table": table}))
    for name in () if has_search(model) else model.resource.search:
        assert any(f"gin (frontdesk_fold({written})" in known for written in (name, f"({name})::text")), (
            "`folded(…)` in the table's arguments, and a migration"
        )


WATCHED = [model for model in LISTED if model.resource.desk is Desk.WATCH]
FEW = {"audit_blocks", "index_optimizations", "schedules"}
"""Watched tables that do not grow with the work of a desk: a row a minute at most."""


@pytest.mark.parametrize("model", WATCHED, ids=lambda model: model.__tablename__)
def test_a_word_that_a_watched_table_is_narrowed_down_by_is_found_by_an_index(
    app: Flask, people: People, model: Any
) -> None:
    """Texts are compared folded, which is dear to do for a million rows; other comparisons are not."""
    table = model.__tablename__
    with app.app_context():
        asked = text("SELECT indexdef FROM pg_indexes WHERE tablename = :table")
        known = "\n".join(db.session.scalars(asked, {"table": table}))
        fields = fields_of(db.session(), model).pick(model.resource.filters)
    words = [field.name for field in fields.values() if field.kind in WORDS and table not in FEW]
    missing = [name for name in words if f"(frontdesk_fold(({name})::text)" not in known]
    assert missing == [], "`asked(…)` in the table's arguments, and a migration"


def test_a_rare_word_is_found_in_the_order_of_the_list(app: Flask, people: People) -> None:
    asked = {"field": "action_type", "op": "is", "value": "team_merge"}
    question = listing.Question(order="-created_at", tree=asked)
    with app.app_context():
        found = plan_of(AuditLog, question)
    assert "ix_audit_logs_action_type_asked" in found
    assert "Sort" not in found


@pytest.mark.parametrize(
    ("order", "is_one"),
    [
        ("created_at", True), ("-created_at", True), ("id", True), ("-id", True), ("-last_activity_at", True),
        ("status", False), ("priority", False), ("title", False), ("resolved_at", False),
        ("-resolved_at", False), ("team_id", False), ("nowhere", False),
    ],
)  # fmt: skip
def test_an_order_of_tickets_is_or_is_not_that_of_an_index(order: str, is_one: bool) -> None:
    assert follows_index(Ticket, order) is is_one


@pytest.mark.parametrize("order", ["-created_at", "created_at", "id", "-id"])
def test_the_planner_sorts_nothing_where_an_index_is_said_to_lead(
    app: Flask, people: People, order: str
) -> None:
    with app.app_context():
        plan = plan_of(Ticket, listing.Question(order=order))
    assert "Index" in plan
    assert "Sort" not in plan


def plan_of(model: Any, question: listing.Question) -> str:
    """How PostgreSQL would read a page where it may not read the whole table."""
    session = db.session()
    statement = listing.filtered(session, SYSTEM, model, fields_of(session, model), question)
    statement = statement.with_only_columns(model.id).order_by(*listing.order(model, question)).limit(26)
    session.execute(text("SET LOCAL enable_seqscan = off"))
    compiled = statement.compile(dialect=session.get_bind().dialect, compile_kwargs={"literal_binds": True})
    return "\n".join(session.scalars(text(f"EXPLAIN {compiled}")))


def test_an_order_without_an_index_holds_while_few_rows_match(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond that the list says so and stays in the declared order; narrowed down, it is sorted again."""
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        db.session.add_all(Team(name=f"Sorted {n}", description=f"{9 - n}") for n in range(6))
        db.session.commit()
    assert not follows_index(Team, "is_active")
    assert "rows match" not in admin.get("/admin/teams/list/?sort=is_active").text
    monkeypatch.setattr(orders, "MOST", 5)
    page = admin.get("/admin/teams/list/?sort=is_active").text
    assert "More than 5 rows match: narrow the list down to sort it by Active." in page
    assert 'aria-sort="ascending"><a href="/admin/teams/list/?sort=-name"' in page
    monkeypatch.setattr(lists, "SIZES", (4,))
    first = admin.get("/admin/teams/list/?sort=is_active").text
    (after,) = re.findall(r'href="([^"]+)"[^>]*rel="next"', first)
    second = admin.get(after.replace("&amp;", "&")).text
    rows = [set(re.findall(r'data-row="(\d+)"', page)) for page in (first, second)]
    assert rows[1]
    assert not rows[0] & rows[1], "the page after the first is another"
    narrowed = admin.get("/admin/teams/list/?sort=-is_active&q=sorted+1").text
    assert "rows match" not in narrowed
    assert "rows match" not in admin.get("/admin/teams/list/?sort=name").text


def test_a_key_is_always_an_order() -> None:
    for model in LISTED:
        assert follows_index(model, inspect(model).primary_key[0].key)
