"""docs/api.md: its check of signatures works, and its lists are complete."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.access.decide import NAMED as REACH
from app.adapters import webhook_signature
from app.generate.problem import WORDS
from app.generate.rest.verbs import VERBS
from app.services import api_keys, events

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
BODY = b'{"type":"TICKET_CREATED"}'
Check = Callable[[str, dict[str, str], bytes], bool]


@pytest.fixture(scope="module")
def is_genuine() -> Check:
    """The function of the page, as a reader would copy it."""
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(block, names)  # noqa: S102  the page's own code
    return names["is_genuine"]  # type: ignore[no-any-return]


def signed(secrets: list[str], age: int = 0) -> dict[str, str]:
    return webhook_signature.sign(secrets, "evt_1", int(time.time()) - age, BODY)


def test_what_the_desk_signs_is_genuine(is_genuine: Check) -> None:
    old, new = webhook_signature.new_secret(), webhook_signature.new_secret()
    assert is_genuine(new, signed([new]), BODY)
    assert is_genuine(old, signed([new, old]), BODY)


def test_forged_changed_and_old_ones_are_not(is_genuine: Check) -> None:
    mine, other = webhook_signature.new_secret(), webhook_signature.new_secret()
    assert not is_genuine(mine, signed([other]), BODY)
    assert not is_genuine(mine, signed([mine]), BODY + b" ")
    assert not is_genuine(mine, signed([mine], age=301), BODY)


def test_every_event_is_listed() -> None:
    (listed,) = re.findall(r"```text\n([A-Z_\s]+)```", PAGE)
    assert listed.split() == list(events.types())


def test_every_named_scope_is_listed() -> None:
    rows = set(
        re.findall(r"^\| `([a-z_]+)` \| ", PAGE.split("### Scopes")[1].split("\n## ")[0], re.MULTILINE)
    )
    assert rows == set(api_keys.NAMED)
    assert set(REACH) - {"read_tickets", "write_tickets"} <= rows


def test_every_deed_is_listed() -> None:
    deeds = {(verb.model.__tablename__, verb.path) for verb in VERBS}
    assert set(re.findall(r"`POST /api/v1/(\w+)/1/(\w+)`", PAGE)) == deeds


def test_every_status_is_explained() -> None:
    rows = re.findall(r"^\| (\d{3}(?:, \d{3})*) \|", PAGE, re.MULTILINE)
    assert {int(code) for row in rows for code in row.split(", ")} == set(WORDS) - {500}
