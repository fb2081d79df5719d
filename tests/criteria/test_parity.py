"""Both readings of a tree agree on every row: in memory, and in SQL on real PostgreSQL."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection, select

from app.criteria import Facts, Moment, Node, compile_tree, explain, parse, passes
from app.fields import FieldSet
from tests.criteria.things import FIELDS, NOW, Thing
from tests.criteria.trees import CONDITIONS, TREES

BERLIN = Moment(NOW, ZoneInfo("Europe/Berlin"))


def in_memory(tree: Node, rows: list[dict[str, Any]]) -> set[int]:
    return {row["id"] for row in rows if passes(tree, Facts(row, moment=BERLIN))}


def in_sql(tree: Node, connection: Connection) -> tuple[set[int], bool]:
    where = compile_tree(tree, Thing, BERLIN)
    with connection.begin_nested():
        return set(connection.scalars(select(Thing.id).where(where.clause))), where.exact


def agree(data: Any, connection: Connection, rows: list[dict[str, Any]]) -> None:
    tree = parse(data, FIELDS)
    wanted = in_memory(tree, rows)
    found, exact = in_sql(tree, connection)
    assert wanted == found if exact else wanted <= found


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=TREES)
def test_random_trees(data: Any, connection: Connection, population: list[dict[str, Any]]) -> None:
    agree(data, connection, population)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=CONDITIONS)
def test_single_conditions_and_their_negation(
    data: Any, connection: Connection, population: list[dict[str, Any]]
) -> None:
    agree(data, connection, population)
    agree({"not": data}, connection, population)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=TREES)
def test_the_trace_says_what_the_answer_says(data: Any, population: list[dict[str, Any]]) -> None:
    tree = parse(data, FIELDS)
    for row in population[:20]:
        facts = Facts(row, moment=BERLIN)
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
    found, exact = in_sql(parse({"field": field, "op": op, "value": value}, FIELDS), connection)
    assert exact
    assert 0 < len(found) < len(population)


def test_a_missing_value_is_false_and_its_negation_true(
    connection: Connection, fields: FieldSet, population: list[dict[str, Any]]
) -> None:
    without = {row["id"] for row in population if row["seats"] is None}
    assert without
    asked = {"field": "seats", "op": "is_not", "value": 999}
    assert not without & in_sql(parse(asked, fields), connection)[0]
    assert without <= in_sql(parse({"not": asked}, fields), connection)[0]
    assert without == in_sql(parse({"field": "seats", "op": "empty"}, fields), connection)[0]
