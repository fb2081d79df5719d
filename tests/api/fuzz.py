"""What calls that are made up have in common: the document they come from, and what their answers keep to."""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import Desk

PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
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


def described(desk: Desk, *scopes: str) -> Any:
    """Return the document as a key reads it now; one that may do everything also changes the fields."""
    document = desk.call("GET", "openapi.json", desk.key(*scopes or ("admin",))).json
    schema = schemathesis.openapi.from_dict(document, config=schemathesis.Config.from_dict(CONFIG))
    schema.app = desk.app
    return schema


def headers(desk: Desk, *scopes: str) -> dict[str, str]:
    """Return what every call carries."""
    return {"Authorization": f"Bearer {desk.key(*scopes or ('admin',))}"}


def often(examples: int, *, random: bool, **more: Any) -> settings:
    """Return the settings of so many examples: others each time, or always the same."""
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=not random,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        **more,
    )
