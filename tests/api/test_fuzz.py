"""Calls made up from the live document, right and wrong ones: no answer breaks what the document says.

A resource a test. `FUZZ_EXAMPLES` says how many calls are made of each operation: few, for every day.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import assume, given
from schemathesis import GenerationMode

from app import models
from tests.api import fuzz
from tests.api.conftest import Desk

SERVED = [*(model.__tablename__ for model in models.load() if model.resource.api), "changes"]
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "8"))
FEW = 50
"""Below this many the same calls are made each time."""


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("table", SERVED)
def test_every_answer_keeps_to_the_document(desk: Desk, table: str, mode: GenerationMode) -> None:
    root = f"/api/v1/{table}"
    found = [result.ok() for result in fuzz.described(desk).get_all_operations()]
    mine = [one for one in found if one.path == root or one.path.startswith(f"{root}/")]
    assert mine
    for operation in mine:
        _call(desk, operation, mode)


def _call(desk: Desk, operation: Any, mode: GenerationMode) -> None:
    @fuzz.often(EXAMPLES, random=EXAMPLES >= FEW)
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        # A parameter whose value is written as nothing is not sent, so nothing is wrong with the call.
        assume(not any(value in ([], {}) for value in (case.query or {}).values()))
        case.call_and_validate(headers=fuzz.headers(desk), checks=fuzz.PROMISES)

    ask()
