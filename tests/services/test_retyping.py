"""Another type for a field with values: what the report says, what is refused and why, who may."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import SYSTEM, TableGrant
from app.core.declare import Can, Role, Scope
from app.core.errors import Conflict, Invalid, NotFound
from app.models.fields import FieldDefinition
from app.models.jobs import JobKind, JobState
from app.models.tickets import Ticket
from app.models.views import SavedView
from app.models.webhooks import Webhook
from app.services import field_definitions, tickets
from app.services.retyping import asking


@pytest.mark.parametrize(
    ("values", "after", "figures"),
    [
        (["a", "b"], {"field_type": "long_text"}, (2, 0, 0)),
        (["S", "M", "M"], {"field_type": "select", "options": ["S"]}, (1, 0, 2)),
        (["5", "5", "x"], {"field_type": "integer"}, (0, 2, 1)),
        ([], {"field_type": "reference", "validation": {"table": "teams"}}, (0, 0, 0)),
        (["abc"], {"field_type": "long_text", "validation": {"max_length": 2}}, (0, 0, 1)),
    ],
)
def test_what_becomes_of_values_is_counted_and_no_plain_change_rewrites_one(
    session: Session, desk: Any, values: list[str], after: dict[str, Any], figures: tuple[int, int, int]
) -> None:
    definition = desk.field("thing", field_type="text")
    for value in values:
        desk.ticket(custom_fields={"thing": value})
    stood = session.scalars(select(Ticket.custom_fields)).all()
    told = field_definitions.retyped(session, field_definitions.row_of(definition) | after)
    assert (told.kept, told.converted, told.impossible) == figures
    if told.stays:
        field_definitions.edit(session, SYSTEM, definition, after)
    else:
        with pytest.raises(Invalid) as caught, session.begin_nested():
            field_definitions.edit(session, SYSTEM, definition, after)
        assert [(one.field, one.code) for one in caught.value.errors] == [("field_type", "not_possible")]
        assert "a job of its own" in str(caught.value)
    assert session.scalars(select(Ticket.custom_fields)).all() == stood


def test_the_report_counts_in_words_and_shows_examples(session: Session, desk: Any) -> None:
    definition = desk.field("thing", field_type="text")
    row = field_definitions.row_of(definition) | {"field_type": "integer"}
    assert str(field_definitions.retyped(session, row).words) == "0 values stay as they are."
    first = desk.ticket(custom_fields={"thing": "many"}).id
    desk.ticket(custom_fields={"thing": "05"})
    assert str(field_definitions.retyped(session, row).words) == (
        "1 value is rewritten, for example “05” → 5. "
        f"Nothing can be made of 1 value, for example “many” (#{first})."
    )
    desk.ticket(custom_fields={"thing": "6"})
    assert "2 values are rewritten, for example “05” → 5, “6” → 6." in str(
        field_definitions.retyped(session, row).words
    )


def test_a_report_on_very_many_values_says_that_it_is_one_of_a_part(
    session: Session, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.retyping.report.MOST", 2)
    definition: FieldDefinition = desk.field("thing", field_type="text")
    for number in range(3):
        desk.ticket(custom_fields={"thing": str(number)})
    told = field_definitions.retyped(
        session, field_definitions.row_of(definition) | {"field_type": "long_text"}
    )
    assert (told.is_whole, told.stays) == (False, False)


def test_what_rules_a_column_has_no_values_of_its_own(session: Session, desk: Any) -> None:
    desk.ticket()
    definition = field_definitions.add(session, SYSTEM, {"field_name": "category", "field_type": "text"})
    told = field_definitions.retyped(session, field_definitions.row_of(definition) | {"field_type": "select"})
    assert (told.kept, told.stays) == (0, True)
    with pytest.raises(Conflict):
        asking.start(session, SYSTEM, definition, {"field_type": "select", "options": ["S"]})


def test_a_job_is_begun_once_and_says_what_it_is_to_do(session: Session, desk: Any) -> None:
    definition = desk.field("thing", field_type="text")
    desk.ticket(custom_fields={"thing": "5"})
    desk.ticket()
    job = asking.start(session, SYSTEM, definition, {"field_type": "integer"})
    assert (job.kind, job.state, job.total, job.object_table) == (
        JobKind.RETYPE,
        JobState.WAITING,
        1,
        "tickets",
    )
    assert definition.field_type == "text"
    with pytest.raises(Conflict):
        asking.start(session, SYSTEM, definition, {"field_type": "decimal"})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"field_type": "text"}, "field_type"),
        ({"field_type": "select"}, "options"),
        ({"field_type": "integer", "default": "x"}, "default"),
        ({"field_type": "integer", "validation": {"pattern": "x"}}, "validation.pattern"),
    ],
)
def test_a_type_that_makes_no_sense_is_refused_where_it_is_said(
    session: Session, desk: Any, values: dict[str, Any], field: str
) -> None:
    definition = desk.field("thing", field_type="text")
    with pytest.raises(Invalid) as caught:
        asking.start(session, SYSTEM, definition, values)
    assert [one.field for one in caught.value.errors] == [field]


TREE = {"all": [{"field": "custom_fields.thing", "op": "contains", "value": "x"}]}


def _rule(desk: Any) -> None:
    desk.rule(TREE, {"add_tags": ["seen"]}, rule_name="Ask")


def _webhook(desk: Any) -> None:
    desk.keep(Webhook(url="https://example.com/Ask", event_types=["TICKET_CREATED"], criteria=TREE))


def _view(query: str) -> Any:
    return lambda desk: desk.keep(SavedView(name="Ask", object_table="tickets", query=query, shared=True))


@pytest.mark.parametrize(
    "use",
    [
        _rule,
        _webhook,
        _view("custom_fields.thing[contains]=x"),
        _view("status=open&custom_fields.thing=x"),
        _view("criteria=%7B%22all%22%3A%5B%7B%22field%22%3A%22custom_fields.thing%22%2C%22op%22%3A%22contains%22%2C%22value%22%3A%22x%22%7D%5D%7D"),
    ],
    ids=["rule", "webhook", "operator of a view", "value of a view", "conditions of a view"],
)  # fmt: skip
def test_who_asks_what_the_new_type_cannot_answer_is_named(session: Session, desk: Any, use: Any) -> None:
    definition = desk.field("thing", field_type="text")
    use(desk)
    for change in (asking.start, field_definitions.edit):
        with pytest.raises(Invalid) as caught, session.begin_nested():
            change(session, SYSTEM, definition, {"field_type": "integer"})
        assert [error.field for error in caught.value.errors] == ["field_type"]
        assert "Ask” asks about this field" in str(caught.value)
    field_definitions.edit(session, SYSTEM, definition, {"field_type": "long_text"})


@pytest.mark.parametrize(
    ("rows", "hide", "may"),
    [
        (Scope.ALL, (), True),
        (Scope.TEAM, (), False),
        (Scope.ALL, ("custom_fields.thing",), False),
        (Scope.ALL, ("custom_fields",), False),
    ],
)
def test_only_who_may_change_every_value_may_change_the_type(
    session: Session, desk: Any, rows: Scope, hide: tuple[str, ...], may: bool
) -> None:
    definition = desk.field("thing", field_type="text")
    admin = desk.as_employee(desk.employee(role=Role.ADMIN))
    tickets_grant = TableGrant(dict.fromkeys((Can.READ, Can.EDIT), rows), frozenset(hide))
    actor = desk.act(replace(admin, grants={**admin.grants, "tickets": tickets_grant}))
    refused = nullcontext() if may else pytest.raises(NotFound)
    with refused:
        asking.start(session, actor, definition, {"field_type": "integer"})


def test_saving_nothing_takes_nothing_away_that_nobody_could_read(session: Session, desk: Any) -> None:
    desk.field("thing", field_type="integer")
    ticket = desk.ticket(custom_fields={"thing": 5})
    session.connection().execute(Ticket.__table__.update().values(custom_fields={"thing": "five"}))
    session.refresh(ticket)
    tickets.edit(session, SYSTEM, ticket, {"custom_fields": {"thing": None}})
    assert ticket.custom_fields == {"thing": "five"}
    tickets.edit(session, SYSTEM, ticket, {"custom_fields": {"thing": 6}})
    tickets.edit(session, SYSTEM, ticket, {"custom_fields": {"thing": None}})
    assert ticket.custom_fields == {}
