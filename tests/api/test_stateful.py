"""Calls that follow the links of the document: what is made is shown, changed and deleted, in any order.

`FUZZ_CALLS` says how many calls are made at least: few, for every day.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

import pytest
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis.specs.openapi.checks import ensure_resource_availability, use_after_free

from app import models
from app.models.scopes import options
from tests.api import fuzz
from tests.api.conftest import Desk

CALLS = int(os.environ.get("FUZZ_CALLS", "40"))
WALKS, STEPS = 10, 12
SCOPES = sorted({*options()} - {"admin", "write_schema_definitions"})
"""All but what would change the document on the way."""
PROMISES = [*fuzz.PROMISES, use_after_free, ensure_resource_availability]
SERVED = [model.__tablename__ for model in models.load() if model.resource.api]


@pytest.mark.parametrize("table", SERVED)
def test_a_list_leads_to_its_first_row_and_that_to_all_that_can_be_done(desk: Desk, table: str) -> None:
    said = desk.call("GET", "openapi.json").json
    rows, row = (said["paths"][f"/api/v1/{table}{rest}"]["get"] for rest in ("", "/{id}"))
    (pointer,) = (_linked(said, one)["parameters"]["id"] for one in _links(rows))
    assert desk.call("GET", f"{table}/{_at(desk.call('GET', table), pointer)}").status_code == 200
    led = {_linked(said, one)["operationId"] for one in _links(row)}
    paths = (item for path, item in said["paths"].items() if path.startswith(f"/api/v1/{table}/{{id}}"))
    assert led == {operation["operationId"] for item in paths for operation in item.values()}
    pointers = {_linked(said, one)["parameters"]["id"] for one in _links(row)}
    answer = desk.call("GET", f"{table}/{desk.ids[table]}")
    assert {_at(answer, pointer) for pointer in pointers} == {desk.ids[table]}


def _links(operation: Any) -> list[str]:
    return [link["$ref"] for link in operation["responses"]["200"]["links"].values()]


def _linked(said: Any, reference: str) -> Any:
    return said["components"]["links"][reference.rpartition("/")[2]]


def _at(answer: Any, pointer: str) -> Any:
    found = answer.json
    for step in pointer.removeprefix("$response.body#/").split("/"):
        found = found[int(step) if step.isdecimal() else step]
    return found


def test_walks_along_the_links_keep_to_the_document(desk: Desk) -> None:
    calls = 0

    class Walk(fuzz.described(desk, *SCOPES).as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, _case: Any) -> dict[str, Any]:
            return {"headers": fuzz.headers(desk, *SCOPES)}

        def validate_response(self, response: Any, case: Any, **_options: Any) -> None:
            nonlocal calls
            calls += 1
            case.validate_response(response, checks=PROMISES, recorder=self.recorder)

    many = CALLS // STEPS
    while calls < CALLS:
        with suppress(FlakyStrategyDefinition):  # a walk finds what those before it left: no two are alike
            Walk.run(settings=fuzz.often(min(many, WALKS), random=many > WALKS, stateful_step_count=STEPS))
