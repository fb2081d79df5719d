"""Trees are checked before they are kept: every mistake is named by its path and has its remedy."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import Invalid
from app.criteria import Facts, operators_of, parse, passes, where
from app.fields import Kind
from tests.criteria.things import FIELDS, Thing


def mistakes(data: Any, **options: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        parse(data, FIELDS, **options)
    assert all(str(error.message) for error in caught.value.errors)
    return {error.field: error.code for error in caught.value.errors}


def condition(field: str = "title", op: str = "is", value: Any = "x") -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


@pytest.mark.parametrize(
    ("data", "path", "code"),
    [
        ("title is x", "", "not_a_condition"),
        (None, "", "not_a_condition"),
        ([], "", "not_a_condition"),
        ({"all": {}}, ".all", "not_a_list"),
        ({"all": [{}]}, ".all[0].field", "unknown_field"),
        ({"not": []}, ".not", "not_a_condition"),
        ({"all": [], "any": []}, ".all", "unknown_member"),
        (condition(field="nothing"), ".field", "unknown_field"),
        (condition(field=["title"]), ".field", "unknown_field"),
        (condition(op="gt"), ".op", "unknown_operator"),
        (condition(op=None), ".op", "unknown_operator"),
        ({**condition(), "vlaue": 1}, ".vlaue", "unknown_member"),
        (condition(value=None), ".value", "required"),
        (condition(value="  "), ".value", "required"),
        (condition(value=5), ".value", "not_a_text"),
        (condition(value="a\0b"), ".value", "bad_characters"),
        (condition(op="empty", value="x"), ".value", "unexpected_value"),
        (condition(op="one_of", value="x"), ".value", "not_a_list"),
        (condition(op="one_of", value=[]), ".value", "not_a_list"),
        (condition(op="one_of", value=["x"] * 101), ".value", "too_many"),
        (condition(op="one_of", value=["x", 1]), ".value[1]", "not_a_text"),
        (condition(op="matches", value="("), ".value", "bad_pattern"),
        (condition(op="matches", value=r"(a)\1"), ".value", "bad_pattern"),
        (condition(op="matches", value="a" * 201), ".value", "bad_pattern"),
        (condition("seats", value="many"), ".value", "not_a_number"),
        (condition("seats", value=2**70), ".value", "too_large"),
        (condition("colour", value="green"), ".value", "not_an_option"),
        (condition("due", value="2026-02-30"), ".value", "not_a_date"),
        (condition("seen_at", value="2026-03-01T10:00"), ".value", "not_a_datetime"),
        (condition("due", "within_last", "7h"), ".value", "not_a_duration"),
        (condition("seen_at", "within_last", "0d"), ".value", "not_a_duration"),
        (condition("seen_at", "within_last", 7), ".value", "not_a_duration"),
        (condition("seen_at", "within_last", "7bd"), ".value", "not_a_duration"),
        (condition("due", "within_last", "7bh"), ".value", "not_a_duration"),
        (condition("due", value="someday"), ".value", "not_a_date"),
        (condition("colour", "changed_from_to", "red"), ".value", "not_a_pair"),
        (condition("colour", "changed_from_to", {"from": "red"}), ".value", "not_a_pair"),
        (condition("colour", "changed_from_to", {"from": "red", "to": "x"}), ".value.to", "not_an_option"),
        (condition("custom_fields.my_reference", value="me"), ".value", "no_reader"),
        (condition("custom_fields.my_reference", "one_of", [1, "me"]), ".value", "no_reader"),
        (condition("seats", value="me"), ".value", "not_a_number"),
        (condition("now", "is", "today"), ".op", "unknown_operator"),
        (condition("now", "business_hours", 1), ".value", "unexpected_value"),
        (condition("custom_fields.my_multi_select", "contains", "gold"), ".value", "not_an_option"),
        ({"any": [condition()] * 101}, ".any", "too_many"),
        ({"any": [{"any": [condition()] * 60}] * 2}, ".any[1].any[40]", "too_many"),
    ],
)
def test_one_mistake(data: Any, path: str, code: str) -> None:
    assert mistakes(data)[f"criteria{path}"] == code


def test_all_mistakes_at_once_with_deep_paths() -> None:
    tree = {"all": [condition(), {"any": [condition(value=5), {"not": condition(field="x")}]}]}
    assert mistakes(tree, root="rule.criteria") == {
        "rule.criteria.all[1].any[0].value": "not_a_text",
        "rule.criteria.all[1].any[1].not.field": "unknown_field",
    }


def test_depth() -> None:
    tree: dict[str, Any] = condition()
    for _level in range(7):
        tree = {"not": tree}
    parse(tree, FIELDS)
    deeper = {"all": [{"not": tree}]}
    assert mistakes(deeper) == {"criteria.all[0]" + ".not" * 7: "too_deep"}


def test_the_message_names_the_operators_there_are() -> None:
    with pytest.raises(Invalid) as caught:
        parse(condition("happy", "contains", value=True), FIELDS)
    assert str(caught.value.errors[0].message).startswith("Choose one of: is, empty, not_empty")


def test_changes_are_refused_where_rows_are_seen_as_they_are() -> None:
    parse({"field": "title", "op": "changed"}, FIELDS)
    assert mistakes({"field": "title", "op": "changed"}, changes=False) == {"criteria.op": "unknown_operator"}


def test_a_list_refuses_what_sql_cannot_ask() -> None:
    data = {"all": [condition(), condition(op="matches", value="^a")]}
    with pytest.raises(Invalid) as caught:
        where(data, FIELDS, Thing)
    assert [error.field for error in caught.value.errors] == ["criteria.all[1].op"]


def test_an_empty_tree_holds_for_everything() -> None:
    assert passes(parse({}, FIELDS), Facts({}))


def test_every_kind_has_operators() -> None:
    assert all({"empty", "not_empty", "changed"} <= set(operators_of(kind)) for kind in Kind)
    assert all(str(operator.label) for kind in Kind for operator in operators_of(kind).values())
