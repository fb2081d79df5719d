"""Both readings of a tree agree on every row: in memory, and in SQL on real PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, false, func, select

from app.criteria import Facts, Moment, Node, compile_tree, explain, operators_of, parse, passes
from app.fields import Field
from tests.criteria.office import BERLIN, Office
from tests.criteria.things import FIELDS, NOW, Thing
from tests.criteria.trees import TREES, condition_of

READ = Moment(NOW, BERLIN, calendar=Office(), me=7)


def in_sql(trees: list[Node], connection: Connection) -> tuple[list[set[int]], list[bool]]:
    """The rows of each tree, all asked in one statement, and whether that is the last word."""
    asked = [compile_tree(tree, Thing, READ) for tree in trees]
    answers = [func.coalesce(one.clause, false()).label(f"tree_{i}") for i, one in enumerate(asked)]
    with connection.begin_nested():
        rows = connection.execute(select(Thing.id, *answers)).all()
    found = [{row.id for row in rows if row[1 + place]} for place in range(len(trees))]
    return found, [one.exact for one in asked]


def in_memory(trees: list[Node], rows: list[dict[str, Any]]) -> list[set[int]]:
    """The same, each row read once for all trees, as routing does."""
    facts = {row["id"]: Facts(row, moment=READ) for row in rows}
    return [{number for number, seen in facts.items() if passes(tree, seen)} for tree in trees]


PAIRS = 10_000
"""Pairs of a tree and a row that every run compares at least."""


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.lists(TREES, min_size=1, max_size=12))
def compare(data: list[Any], connection: Connection, rows: list[dict[str, Any]], counted: list[int]) -> None:
    agree(data, connection, rows)
    counted.append(len(data) * len(rows))


def agree(data: list[Any], connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Fail with the tree and a row that the two readings answer differently."""
    trees = [parse(one, FIELDS, me=True) for one in data]
    found, exact = in_sql(trees, connection)
    for written, wanted, got, last_word in zip(data, in_memory(trees, rows), found, exact, strict=True):
        wrong = wanted ^ got if last_word else wanted - got
        assert not wrong, (written, next(row for row in rows if row["id"] in wrong))


def test_memory_and_sql_agree_on_random_trees_and_rows(
    connection: Connection, population: list[dict[str, Any]]
) -> None:
    counted: list[int] = []
    compare(connection=connection, rows=population, counted=counted)
    assert sum(counted) >= PAIRS


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_every_operator_of_every_kind(
    field: Field, connection: Connection, population: list[dict[str, Any]]
) -> None:
    """None is left to chance: each with values of its kind, alone and negated."""
    all_of_them = st.tuples(*(condition_of(field, one) for one in operators_of(field.kind).values()))

    @settings(max_examples=2, deadline=None)
    @given(asked=all_of_them)
    def compare(asked: tuple[Any, ...]) -> None:
        agree([*asked, *({"not": one} for one in asked)], connection, population)

    compare()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=TREES)
def test_the_trace_says_what_the_answer_says(data: Any, population: list[dict[str, Any]]) -> None:
    tree = parse(data, FIELDS, me=True)
    for row in population[:20]:
        facts = Facts(row, moment=READ)
        assert explain(tree, facts).passed is passes(tree, facts)


@pytest.mark.parametrize(
    ("field", "op", "value"),
    [
        ("title", "contains", "straße"),
        ("note", "is", "SS"),
        ("note", "starts_with", "100%"),
        ("tags", "contains", "οδυσσευΣ"),
        ("custom_fields.my_multi_select", "contains", "Straße"),
        ("custom_fields.my_date", "before", "2026-03-28"),
        ("custom_fields.my_datetime", "is", "2026-03-29"),
        ("seen_at", "within_last", "1h"),
        ("ratio", "is", 0.3),
    ],
)
def test_hard_values_are_met_at_all(
    field: str, op: str, value: Any, connection: Connection, population: list[dict[str, Any]]
) -> None:
    """The population is worth something: the questions that tell readings apart do find rows."""
    found = rows_of({"field": field, "op": op, "value": value}, connection)
    assert 0 < len(found) < len(population)


def test_a_missing_value_is_false_and_its_negation_true(
    connection: Connection, population: list[dict[str, Any]]
) -> None:
    without = {row["id"] for row in population if row["seats"] is None}
    assert without
    asked = {"field": "seats", "op": "is_not", "value": 999}
    assert not without & rows_of(asked, connection)
    assert without <= rows_of({"not": asked}, connection)
    assert without == rows_of({"field": "seats", "op": "empty"}, connection)


def rows_of(data: Any, connection: Connection) -> set[int]:
    """The rows of one tree that SQL can ask."""
    [found], [exact] = in_sql([parse(data, FIELDS, me=True)], connection)
    assert exact
    return found
