"""Tables that grow: what a list is narrowed down by is read by an index, in the order of the list.

Each is filled with a few rows as a desk has them, and PostgreSQL is told that there are a million.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.orm import Session

from app import embedded, models
from app.access import SYSTEM, Actor, ActorKind, TableGrant
from app.core.declare import Can, Desk, Scope
from app.core.extensions import db
from app.embedded.postgres import SUPERUSER
from app.fields import CUSTOM, Kind, fields_of
from app.fields.search import has_search
from app.generate import listing
from app.services import finding
from app.services.inbox import queues
from app.services.worth import Worth
from bench.filling import CUSTOM_KINDS, NOBODY, SELDOM, common, define, fill, rare

GROWING = [model for model in models.load() if model.resource.grows]
FILTERS = [
    (model, name)
    for model in GROWING
    for one in model.resource.filters
    for name in ([f"{CUSTOM}.bench_{kind}" for kind in CUSTOM_KINDS] if one == CUSTOM else [one])
    if name != f"{CUSTOM}.bench_{Kind.DATE}"  # asked for by ranges, and read from JSON
]
IN_ORDER = [
    (model, name)
    for model, name in FILTERS
    if not name.endswith("_at") or name == model.resource.order_column
]
"""A time is a range of an order: the rows of another time than that of the list are sorted."""
FILLED, BELIEVED = 2_000, 1_000_000
SIZES = text("""
    UPDATE pg_class SET reltuples = reltuples * :times WHERE oid = CAST(:table AS regclass)
    OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = CAST(:table AS regclass))
""")
PARTIAL = "SELECT indexrelid::regclass::text FROM pg_index WHERE indpred IS NOT NULL"
SORTED = 20
"""Rows that may be sorted for a page: those of one ticket, say."""
FEW = {"employee_metrics", "index_optimizations", "schedules"}
"""Watched tables that do not grow with the work: of people, of indexes, of kinds of work."""


@pytest.fixture(scope="module")
def superuser(app: Flask, servers: embedded.Servers) -> Iterator[Connection]:
    """A connection that may fill tables whatever they refer to, and tell of sizes that are not."""
    with app.app_context():
        name = db.engine.url.database or ""
        define(db.session())
    engine = create_engine(servers.database(SUPERUSER, name), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SET plan_cache_mode = force_custom_plan"))
        for model in GROWING:
            fill(connection, model, FILLED)
            connection.execute(SIZES, {"times": BELIEVED // FILLED, "table": model.__tablename__})
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def partial(superuser: Connection) -> set[str]:
    """The indexes that hold only some rows, which may be read whole."""
    return set(superuser.scalars(text(PARTIAL)))


@pytest.mark.parametrize(("model", "name"), FILTERS, ids=lambda one: getattr(one, "__tablename__", one))
def test_a_rare_value_is_not_looked_for_through_the_table(
    app: Flask, superuser: Connection, partial: set[str], model: Any, name: str
) -> None:
    with app.app_context(), Session(superuser) as session:
        fields = fields_of(db.session(), model)
        for statement in asked(session, model, fields, rare(fields[name], FILLED)):
            for node in nodes(explained(superuser, statement)):
                assert node["Node Type"] != "Seq Scan", "`asked(…)` in the table's arguments, and a migration"
                narrow = "Index Cond" in node or node.get("Index Name") in partial
                assert narrow or "Index Name" not in node, f"{node['Index Name']} is read from end to end"


@pytest.mark.parametrize(("model", "name"), IN_ORDER, ids=lambda one: getattr(one, "__tablename__", one))
def test_the_rows_of_a_common_value_stand_in_an_index_as_the_list_shows_them(
    app: Flask, superuser: Connection, model: Any, name: str
) -> None:
    with app.app_context(), Session(superuser) as session:
        fields = fields_of(db.session(), model)
        page, _count = asked(session, model, fields, common(fields[name], FILLED))
        for node in nodes(explained(superuser, page)):
            assert node["Node Type"] != "Seq Scan"
            assert node["Node Type"] != "Sort" or node["Plan Rows"] < SORTED, "too many rows are sorted"


CUSTOM_OF = [model for model in GROWING if CUSTOM in model.resource.filters]
DATE, NUMBER = f"{CUSTOM}.bench_{Kind.DATE}", f"{CUSTOM}.bench_{Kind.INTEGER}"
RANGES = [
    (DATE, "before", "2019-06-30"),
    (DATE, "is", "2031-05-05"),
    (DATE, "after", "2031-05-05"),
    (DATE, "within_next", "7d"),
    (NUMBER, "gt", 1_000_000_000),
    (NUMBER, "gte", NOBODY),
    (NUMBER, "lt", -5),
]
"""Between which hardly any row has its value."""


@pytest.mark.parametrize("model", CUSTOM_OF, ids=lambda one: one.__tablename__)
@pytest.mark.parametrize(("name", "operator", "value"), RANGES)
def test_rare_ranges_of_custom_values_are_gathered_by_the_index(
    app: Flask, superuser: Connection, model: Any, name: str, operator: str, value: Any
) -> None:
    with app.app_context(), Session(superuser) as session:
        asked = question(model, {"field": name, "op": operator, "value": value})
        gathered, page = sent(session, model, fields_of(db.session(), model), asked)
        assert f"ix_{model.__tablename__}_custom_fields" in indexes_of(gathered)
        assert indexes_of(page) == {f"pk_{model.__tablename__}"}


@pytest.mark.parametrize("model", CUSTOM_OF, ids=lambda one: one.__tablename__)
@pytest.mark.parametrize("kind", [one for one in CUSTOM_KINDS if one is not Kind.DATE])
def test_custom_values_of_most_rows_are_met_and_counted_in_the_order_of_the_list(
    app: Flask, superuser: Connection, model: Any, kind: Kind
) -> None:
    with app.app_context(), Session(superuser) as session:
        fields = fields_of(db.session(), model)
        asked = question(model, common(fields[f"{CUSTOM}.bench_{kind}"], FILLED))
        for plan in sent(session, model, fields, asked):
            for node in nodes(plan):
                assert node["Node Type"] not in {"Seq Scan", "Sort"}
                assert "frontdesk_terms" not in node.get("Filter", ""), "dearer than the value itself"


@pytest.mark.parametrize("model", CUSTOM_OF, ids=lambda one: one.__tablename__)
@pytest.mark.parametrize("near", [15, 90])
def test_of_many_rows_that_an_index_knows_pages_follow_each_other(
    app: Flask, superuser: Connection, model: Any, near: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than are counted: among the first rows of the list stand enough of them, or too few."""
    monkeypatch.setattr(listing, "CAP", 10)
    monkeypatch.setattr(listing, "NEAR", near)
    monkeypatch.setattr(Worth, "_expected", lambda _self, known: [1e9, *(1.0 for _ in known)])
    with app.app_context(), Session(superuser) as session:
        fields = fields_of(db.session(), model)
        asked = question(model, common(fields[NUMBER], FILLED))
        rows = listing.filtered(session, SYSTEM, model, fields, asked)
        wanted = session.scalars(rows.order_by(*listing.order(model, asked)).limit(50)).all()
        first = listing.page_of(session, SYSTEM, model, fields, asked)
        second = listing.page_of(session, SYSTEM, model, fields, replace(asked, cursor=first.next))
        back = listing.page_of(session, SYSTEM, model, fields, replace(asked, cursor=second.previous))
        assert [*first.rows, *second.rows] == wanted
        assert back.rows == first.rows
        assert listing.count(session, model, first) == 11


SEARCHED = [model for model in GROWING if model.resource.search]


@pytest.mark.parametrize("model", SEARCHED, ids=lambda one: one.__tablename__)
@pytest.mark.parametrize("typed", ["ea", "eab", SELDOM])
def test_what_is_offered_is_taken_from_the_first_hits_of_an_index(
    app: Flask, superuser: Connection, model: Any, typed: str
) -> None:
    with app.app_context(), Session(superuser) as session:
        fields = fields_of(db.session(), model)
        search = question(model, q=typed, limit=20)
        offer = replace(search, is_offer=True)
        (plan,) = sent(session, model, fields, offer)
        assert indexes_of(plan) & {f"pk_{model.__tablename__}"}
        for node in nodes(plan):
            assert node["Node Type"] != "Sort" or node["Plan Rows"] < SORTED, "hits are sorted, not all rows"
        offered, found = (
            listing.page_of(session, SYSTEM, model, fields, one).rows for one in (offer, search)
        )
        assert offered == found


@pytest.mark.parametrize("model", SEARCHED, ids=lambda one: one.__tablename__)
def test_of_more_hits_than_are_looked_at_some_are_offered(
    app: Flask, superuser: Connection, model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "OFFERED_FROM", 3)
    word = "ea" if not has_search(model) else SELDOM
    with app.app_context(), Session(superuser) as session:
        fields = fields_of(db.session(), model)
        search = question(model, q=word, limit=200)
        every = listing.page_of(session, SYSTEM, model, fields, search).rows
        some = listing.page_of(session, SYSTEM, model, fields, replace(search, is_offer=True)).rows
        assert some == [row for row in every if row in some]
        assert len(some) == min(len(every), 3)


def test_what_waits_in_the_queues_is_counted_by_an_index_with_a_plan_for_anybody(
    superuser: Connection,
) -> None:
    agent = Actor(ActorKind.EMPLOYEE, 7, teams=frozenset({1, 2}), grants={
        "tickets": TableGrant({Can.READ: Scope.TEAM}), "teams": TableGrant({Can.READ: Scope.ALL}),
    })  # fmt: skip
    sql = queues._counts(agent).compile(
        dialect=asyncpg.dialect(), compile_kwargs={"render_postcompile": True}
    )
    assert "$1" in str(sql)
    assert "status IN ('new', 'open')" in str(sql), "else no plan for any value uses an index of what waits"
    plan = superuser.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {sql}").scalar_one()
    read = [node for node in nodes(plan[0]["Plan"]) if node.get("Relation Name") == "tickets"]
    assert read
    assert "Seq Scan" not in {node["Node Type"] for node in read}


def test_each_watched_table_that_is_narrowed_down_is_said_to_grow() -> None:
    watched = {one.__tablename__ for one in models.load() if one.resource.desk is Desk.WATCH}
    assert watched - {one.__tablename__ for one in GROWING} == FEW


def asked(session: Session, model: Any, fields: Any, tree: Any) -> tuple[Any, Any]:
    """What a page asks, and the count beside it."""
    plain = question(model, tree)
    every = listing.filtered(session, SYSTEM, model, fields, plain).with_only_columns(model.id)
    return every.order_by(*listing.order(model, plain)).limit(26), every.limit(listing.CAP + 1)


def question(model: Any, tree: Any = None, **facts: Any) -> listing.Question:
    """A question in the order of the list."""
    return listing.Question(order=str(model.resource.order), tree=tree, **facts)


def sent(session: Session, model: Any, fields: Any, question: listing.Question) -> list[dict[str, Any]]:
    """How PostgreSQL answers what a page and its count ask of a table, besides what to expect of it."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if f"FROM {model.__tablename__}" in statement and not statement.startswith("EXPLAIN"):
            asked.append((statement, values))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    page = listing.page_of(session, SYSTEM, model, fields, question)
    if not question.is_offer:
        listing.count(session, model, page)
    event.remove(connection, "before_cursor_execute", note)
    plans = [
        connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {one}", values).scalar_one()
        for one, values in asked
    ]
    return [plan["Plan"] for (plan,) in plans]


def explained(connection: Connection, statement: Any) -> dict[str, Any]:
    """How PostgreSQL would answer."""
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    (plan,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}".replace("%", "%%")).scalar_one()
    return dict((json.loads(plan) if isinstance(plan, str) else plan)["Plan"])


def indexes_of(plan: dict[str, Any]) -> set[str]:
    """The indexes that are read."""
    return {node["Index Name"] for node in nodes(plan) if "Index Name" in node}


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every step of a plan."""
    yield plan
    for beneath in plan.get("Plans", ()):
        yield from nodes(beneath)
