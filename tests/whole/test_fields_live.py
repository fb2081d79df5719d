"""A field that is defined in one process is known to another at once, without a restart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.processes import within
from tests.program import Program
from tests.whole.conftest import Desk

AT_ONCE = 1.0
"""Seconds after which every process must know."""


@pytest.fixture(scope="module")
def pair(
    desk: Desk, settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Program, Program]]:
    """Two web servers of one process each, on one database."""
    folder = tmp_path_factory.mktemp("pair")
    alone = settings | {"WEB_WORKERS": "1"}
    with ExitStack() as stack:
        made = [Program(alone, folder / f"{name}.txt", ("web",)) for name in "ab"]
        for one in made:
            stack.callback(one.start().end)
        yield made[0], made[1]


@pytest.fixture(scope="module")
def headers(pair: tuple[Program, Program]) -> dict[str, str]:
    said = pair[0].command("keys", "create", "--description", "test", "--scopes", "admin")
    return {"Authorization": f"Bearer {said.split()[-1]}"}


def test_a_new_field_is_on_every_surface_of_the_other_process(
    pair: tuple[Program, Program], headers: dict[str, str]
) -> None:
    here, there = pair
    ticket = {"email": "bob@customer.example", "title": "x", "description": "y"}
    with_field = ticket | {"custom_fields": {"warranty_years": 3}}
    for one in pair:  # both have read the fields, and keep them
        assert one.ask("POST", "/api/v1/tickets", with_field, **headers).status == 400
        assert b"warranty_years" not in one.ask("GET", "/api/v1/openapi.json", **headers).body
        assert b"warranty_years" not in one.ask("GET", "/portal/new?topic=Orders").body
    field = {
        "field_name": "warranty_years",
        "field_type": "integer",
        "label": "Years",
        "validation": {"max": 9},
    }
    assert here.ask("POST", "/api/v1/schema_definitions", field, **headers).status == 201

    assert within(AT_ONCE, lambda: b"warranty_years" in there.ask("GET", "/portal/new?topic=Orders").body)
    document = there.ask("GET", "/api/v1/openapi.json", **headers).json
    custom = document["components"]["schemas"]["TicketCreate"]["properties"]["custom_fields"]["properties"]
    assert custom["warranty_years"]["maximum"] == 9
    made = there.ask("POST", "/api/v1/tickets", with_field, **headers)
    assert made.status == 201
    assert made.json["custom_fields"]["warranty_years"] == 3
    wrong = there.ask(
        "POST", "/api/v1/tickets", ticket | {"custom_fields": {"warranty_years": 10}}, **headers
    )
    assert wrong.status == 422
    assert wrong.json["errors"][0]["field"] == "custom_fields.warranty_years"


def test_a_changed_and_a_deleted_field_are_so_everywhere(
    pair: tuple[Program, Program], headers: dict[str, str]
) -> None:
    here, there = pair
    field = {"field_name": "colour", "field_type": "select", "label": "Colour", "options": ["red"]}
    made = here.ask("POST", "/api/v1/schema_definitions", field, **headers)
    assert made.status == 201
    assert within(AT_ONCE, lambda: b'"red"' in there.ask("GET", "/portal/new?topic=Orders").body)
    where = f"/api/v1/schema_definitions/{made.json['id']}"
    assert there.ask("PATCH", where, {"options": ["red", "blue"]}, **headers).status == 200
    assert within(AT_ONCE, lambda: b'"blue"' in here.ask("GET", "/portal/new?topic=Orders").body)
    assert here.ask("DELETE", where, **headers).status == 204
    assert within(AT_ONCE, lambda: b"Colour" not in there.ask("GET", "/portal/new?topic=Orders").body)
