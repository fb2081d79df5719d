"""What differs between two values is marked by whole words; JSON is folded and can be copied whole."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app import models, services
from app.access import SYSTEM
from app.core.declare import Can, Desk, Role
from app.core.extensions import db
from app.generate.differences import AROUND, LEFT_OUT, compared, pieces
from app.generate.parts import Cell, Show
from app.models.audit import AuditLog
from app.models.routing import Decision
from app.models.teams import Team
from app.models.tickets import Ticket, TicketChange
from app.record import act_as
from tests.generate.conftest import People

WORDS = st.lists(st.sampled_from(["refund", "the", "Größe", "日本", "a", " ", "\n", ".", "is"]), max_size=25)
WATCHED = [model for model in models.load() if model.resource.desk is Desk.WATCH]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(WORDS, WORDS)
def test_both_sides_stay_whole_and_agree_on_what_is_not_marked(old: list[str], new: list[str]) -> None:
    """Texts of this length are told in full; without what is marked, both sides are the same."""
    texts = "".join(old), "".join(new)
    sides = pieces(*texts)
    assert tuple("".join(piece.text for piece in side) for side in sides) == texts
    left, right = ("".join(piece.text for piece in side if not piece.differs) for side in sides)
    assert left == right
    assert all(piece.differs for side in sides for piece in side) or texts[0] != "" != texts[1]


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        ("Refund please", "Refund now please", [], ["now "]),
        ("seats", "seat", ["seats"], ["seat"]),
        ("one two three", "one 2 three", ["two"], ["2"]),
        ("red old car", "blue new car", ["red old"], ["blue new"]),
        ("請求の件", "請求書の件", [], ["書"]),
    ],
)
def test_whole_words_are_marked(old: str, new: str, gone: list[str], come: list[str]) -> None:
    marked = [[piece.text for piece in side if piece.differs] for side in pieces(old, new)]
    assert marked == [gone, come]


def test_of_long_texts_only_the_surroundings_of_a_difference_are_told() -> None:
    filler = "word " * 4000
    left, right = pieces(f"{filler}red {filler}", f"{filler}blue {filler}")
    assert [piece.text for piece in right if piece.differs] == ["blue"]
    assert all(len(piece.text) <= 2 * AROUND + len(LEFT_OUT) for piece in (*left, *right))


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        (Cell(text="Refund"), Cell(text="Refund soon"), True),
        (Cell(kind=Show.TAGS, value=["a", "b"]), Cell(kind=Show.TAGS, value=["a", "c"]), True),
        (Cell(kind=Show.JSON, value={"a": 1}), Cell(kind=Show.JSON, value={"a": 2}), True),
        (Cell(), Cell(text="Refund"), False),
        (Cell(kind=Show.STATUS, value="new", text="New"), Cell(kind=Show.STATUS, text="Open"), False),
    ],
)  # fmt: skip
def test_texts_tags_and_json_are_marked_and_nothing_else(before: Cell, after: Cell, marked: bool) -> None:
    sides = compared(before, after)
    assert {side.kind is Show.MARKED for side in sides} == {marked}
    assert marked or sides == (before, after)


@settings(max_examples=40, deadline=None)
@given(JSON)
def test_what_a_copy_of_folded_json_holds_is_the_json(app: Flask, value: Any) -> None:
    source = '{% from "ui/code.html" import json_block %}{{ json_block(value, "x", "X") }}'
    with app.test_request_context():
        drawn = render_template_string(source, value=value)
    body = re.search(r'id="x"[^>]*>(.*)</div>\s*</div>', drawn, re.DOTALL)
    assert body is not None
    assert json.loads(unescape(re.sub(r"<[^>]*>", "", body[1]))) == value


@pytest.fixture(scope="module")
def changed(app: Flask, people: People) -> dict[Any, int]:
    """A ticket that a rule moved, renamed by hand, and a team renamed; the rows that tell of it."""
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        ticket = services.add(
            session,
            SYSTEM,
            Ticket,
            {"email": "a@example.com", "title": "Red bicycle", "description": "It is red."},
        )
        services.edit(session, SYSTEM, ticket, {"title": "Blue bicycle"})
        team = session.get_one(Team, people.team)
        services.edit(session, SYSTEM, team, {"name": "Bicycles"})
        session.commit()
        newest = {
            model: select(model.id).order_by(model.id.desc()).limit(1)
            for model in (TicketChange, AuditLog, Decision)
        }
        return {model: session.scalars(statement).one() for model, statement in newest.items()}  # fmt: skip


@pytest.mark.parametrize(
    ("model", "told"),
    [(TicketChange, ("<del>Red</del> bicycle", "<ins>Blue</ins> bicycle")), (AuditLog, ("Name", "Bicycles"))],
    ids=["history", "audit"],
)
def test_changes_stand_side_by_side(
    admin: FlaskClient, changed: dict[Any, int], model: Any, told: tuple[str, ...]
) -> None:
    page = admin.get(f"/console/{model.__tablename__}/details/?id={changed[model]}").text
    assert '<table class="changes">' in page
    assert all(part in page for part in told)


def test_a_decision_tells_what_it_changed_and_nothing_else(app: Flask, changed: dict[Any, int]) -> None:
    with app.app_context():
        decision = db.session.get_one(Decision, changed[Decision])
        assert decision.changes.keys() <= decision.outcome.keys()
        assert all(
            sides["old"] != sides["new"] == decision.outcome[name] for name, sides in decision.changes.items()
        )


@pytest.mark.parametrize("model", WATCHED, ids=lambda model: model.__tablename__)
def test_every_watched_row_has_a_json_view_without_secrets(
    app: Flask, admin: FlaskClient, model: Any
) -> None:
    assert Can.READ in model.resource.allow[Role.ADMIN].can
    with app.app_context():
        key = db.session.scalar(select(model.id).limit(1)) if hasattr(model, "id") else None
    if key is None:
        return
    page = admin.get(f"/console/{model.__tablename__}/details/?id={key}&tab=json").text
    page = unescape(page.split('id="row-json"')[1])
    members = re.findall(
        r'<div class="json-in">(?:<details><summary[^>]*>)?<span class="json-key">"(\w+)"', page
    )
    secret = {column.key for column in model.__table__.c if "ui" in column.info and column.info["ui"].secret}
    assert members[0] == "id"
    assert not secret & {*members}
