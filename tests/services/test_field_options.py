"""Options that go and references that lead elsewhere: counted and refused before anything is lost."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.errors import Invalid
from app.models.jobs import Job
from app.models.tickets import Ticket
from app.services import field_definitions, field_options
from app.services.retyping import asking, steps

BEFORE = ["red", {"value": "blue", "label": "Sea"}, "green"]


def refused(session: Session, definition: Any, values: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Invalid) as caught, session.begin_nested():
        field_definitions.edit(session, SYSTEM, definition, values)
    session.refresh(definition)
    return {error.field: str(error.message) for error in caught.value.errors}


@pytest.mark.parametrize(
    ("kind", "kept", "said"),
    [
        ("select", ["blue", "red", "red"], "3 values have an option that would go: “red” (2), “blue” (1)."),
        ("multi_select", [["blue", "green"], ["green"]], "1 value has an option that would go: “blue” (1)."),
        ("multi_select", [["blue", "red"]], "1 value has an option that would go: “red” (1), “blue” (1)."),
    ],
)
def test_options_of_values_do_not_go(
    session: Session, desk: Any, kind: str, kept: list[Any], said: str
) -> None:
    definition = desk.field("colour", field_type=kind, options=BEFORE)
    for value in kept:
        desk.ticket(custom_fields={"colour": value})
    told = refused(session, definition, {"options": ["green"]})
    assert list(told) == ["options"]
    assert told["options"].startswith(said)
    assert "Change type or options" in told["options"]


@pytest.mark.parametrize(
    "options",
    [
        ["red", "blue", "green", "black"],
        [{"value": "red", "label": "Rosso", "colour": "danger"}, "blue", "green"],
        ["green", "blue", "red"],
        ["red", "blue"],
    ],
    ids=["one more", "another label", "another order", "one that nothing has"],
)
def test_what_takes_no_option_from_a_value_is_done(session: Session, desk: Any, options: list[Any]) -> None:
    definition = desk.field("colour", field_type="select", options=BEFORE)
    for value in ("red", "blue"):
        desk.ticket(custom_fields={"colour": value})
    field_definitions.edit(session, SYSTEM, definition, {"options": options})
    assert definition.options == options


def test_options_of_a_column_are_kept_alike(session: Session, desk: Any) -> None:
    topics = {"field_name": "category", "field_type": "select", "options": ["billing", "other"]}
    definition = field_definitions.add(session, SYSTEM, topics)
    desk.ticket(category="other")
    told = refused(session, definition, {"options": ["billing"]})
    assert "“other” (1)" in told["options"]
    assert "many at once, in the list" in told["options"]
    field_definitions.edit(session, SYSTEM, definition, {"options": ["other"]})


def test_a_reference_with_values_leads_nowhere_else(session: Session, desk: Any) -> None:
    definition = desk.field("unit", field_type="reference", validation={"table": "teams"})
    field_definitions.edit(session, SYSTEM, definition, {"validation": {"table": "employees"}})
    desk.ticket(custom_fields={"unit": desk.employee().id})
    told = refused(session, definition, {"validation": {"table": "teams"}})
    assert list(told) == ["validation.table"]
    assert "1 value leads to the present table." in told["validation.table"]


def test_counting_ends(session: Session, desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(field_options, "CAP", 2)
    definition = desk.field("colour", field_type="select", options=BEFORE)
    for _number in range(4):
        desk.ticket(custom_fields={"colour": "red"})
    assert "More than 2 values" in refused(session, definition, {"options": ["green"]})["options"]


def test_who_asks_for_an_option_that_goes_is_named(session: Session, desk: Any) -> None:
    definition = desk.field("colour", field_type="select", options=BEFORE)
    tree = {"field": "custom_fields.colour", "op": "is", "value": "red"}
    desk.rule(tree, {"priority": "high"}, rule_name="Ask")
    assert "“Ask” asks about this field" in refused(session, definition, {"options": ["green"]})["options"]
    field_definitions.edit(session, SYSTEM, definition, {"options": ["red", "green"]})


def done(session: Session, definition: Any, **values: Any) -> Job:
    """Do all steps of the job, as a worker does."""
    job = asking.start(session, SYSTEM, definition, values)
    for _step in range(20):
        came = steps.go_on(session, SYSTEM, job, 2)
        job.cursor, job.failed = came.last, job.failed + len(came.failures)
        session.flush()
        if came.over:
            return job
    raise AssertionError("a job without end")


def colours(session: Session) -> list[Any]:
    rows = session.scalars(select(Ticket.custom_fields).order_by(Ticket.id))
    return [one.get("colour") for one in rows]


@pytest.mark.parametrize(
    ("kind", "kept", "asked", "became"),
    [
        ("select", ["red", "green", "blue"], {"red": "green", "blue": None}, ["green", "green", None]),
        ("select", ["red", "blue"], {"blue": "green", "": "emptying"}, [None, "green"]),
        ("select", ["red", "blue"], {"blue": "green"}, ["red", "blue"]),
        ("multi_select", [["red", "green"], ["blue"]], {"red": "green", "blue": None}, [["green"], None]),
        ("multi_select", [["red", "green"], ["blue"]], {"": "emptying"}, [["green"], None]),
    ],
)
def test_a_job_replaces_options_takes_them_out_or_leaves_all(
    session: Session, desk: Any, kind: str, kept: list[Any], asked: dict[str, str | None], became: list[Any]
) -> None:
    definition = desk.field("colour", field_type=kind, options=BEFORE)
    for value in kept:
        desk.ticket(custom_fields={"colour": value})
    emptying = "" in asked
    said = [{"value": value, **({"becomes": to} if to else {})} for value, to in asked.items() if value]
    wanted = {"options": ["green"], "replacements": said, "emptying": emptying}
    told = asking.report(session, SYSTEM, definition, wanted)
    done(session, definition, **wanted)
    assert colours(session) == became
    is_done = became != kept
    assert definition.options == (["green"] if is_done else BEFORE)
    assert bool(told.impossible) is (emptying or not is_done)


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ([{"value": "green", "becomes": "green"}], "replacements[0].value"),
        ([{"value": "red", "becomes": "black"}], "replacements[0].becomes"),
        ([{"value": "blue"}, {"value": "red", "becomes": "blue"}], "replacements[1].becomes"),
    ],
)
def test_only_what_goes_is_replaced_and_by_what_stays(
    session: Session, desk: Any, said: list[dict[str, str]], place: str
) -> None:
    definition = desk.field("colour", field_type="select", options=BEFORE)
    with pytest.raises(Invalid) as caught:
        asking.start(session, SYSTEM, definition, {"options": ["green"], "replacements": said})
    assert [error.field for error in caught.value.errors] == [place]
