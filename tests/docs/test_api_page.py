"""docs/api.md: its lists are complete."""

from __future__ import annotations

import re
from pathlib import Path

from app.access.decide import NAMED as REACH
from app.generate.problem import WORDS
from app.generate.rest.verbs import VERBS
from app.models.scopes import NAMED
from app.services import events

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_event_is_listed() -> None:
    (listed,) = re.findall(r"```text\n([A-Z_\s]+)```", PAGE)
    assert listed.split() == list(events.types())


def test_every_named_scope_is_listed() -> None:
    rows = set(
        re.findall(r"^\| `([a-z_]+)` \| ", PAGE.split("### Scopes")[1].split("\n## ")[0], re.MULTILINE)
    )
    assert rows == set(NAMED)
    assert set(REACH) - {"read_tickets", "write_tickets"} <= rows


def test_every_deed_is_listed() -> None:
    deeds = {(verb.model.__tablename__, verb.path) for verb in VERBS}
    assert set(re.findall(r"`POST /api/v1/(\w+)/1/(\w+)`", PAGE)) == deeds


def test_every_status_is_explained() -> None:
    rows = re.findall(r"^\| (\d{3}(?:, \d{3})*) \|", PAGE, re.MULTILINE)
    assert {int(code) for row in rows for code in row.split(", ")} == set(WORDS) - {500}
