"""docs/operations.md tells of every recurring work, and how often it returns."""

from __future__ import annotations

import re
from pathlib import Path

from app.jobs.recurring import RECURRING

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
UNITS = {"second": 1, "minute": 60, "hour": 3600}
ROW = re.compile(r"^\| `([a-z_]+)` \| (?:(\d+) )?(second|minute|hour)s? \|", re.MULTILINE)


def test_recurring_work_is_told_with_its_time() -> None:
    told = {name: int(number or 1) * UNITS[unit] for name, number, unit in ROW.findall(PAGE)}
    assert told == {work.name: work.seconds for work in RECURRING.values()}
