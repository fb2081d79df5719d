"""Calls made up from the live document, right and wrong ones: no answer breaks what the document says.

A resource a test. `FUZZ_EXAMPLES` says how many calls are made of each operation: few, for every day.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app import models
from tests.api.conftest import Desk

SERVED = [model.__tablename__ for model in models.load() if model.resource.api]
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "8"))
PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
CONFIG = {
    "checks": {
        "negative_data_rejection": {
            "expected-statuses": ["400", "401", "403", "404", "409", "412", "413", "415", "422"]
        }
    }
}
"""How wrong calls may be refused."""


@pytest.fixture
def described(desk: Desk) -> Any:
    """The document as a key that may do everything reads it now: these calls change the fields too."""
    document = desk.call("GET", "openapi.json", desk.key("admin")).json
    schema = schemathesis.openapi.from_dict(document, config=schemathesis.Config.from_dict(CONFIG))
    schema.app = desk.app
    return schema


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("table", SERVED)
def test_every_answer_keeps_to_the_document(
    desk: Desk, described: Any, table: str, mode: GenerationMode
) -> None:
    root = f"/api/v1/{table}"
    found = [result.ok() for result in described.get_all_operations()]
    mine = [one for one in found if one.path == root or one.path.startswith(f"{root}/")]
    assert mine
    for operation in mine:
        _call(desk, operation, mode)


def _call(desk: Desk, operation: Any, mode: GenerationMode) -> None:
    headers = {"Authorization": f"Bearer {desk.key('admin')}"}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=EXAMPLES < 50,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=PROMISES)

    ask()
