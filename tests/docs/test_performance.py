"""docs/performance.md holds what the bench defines: every part, and every request that is measured."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench import parts
from bench.cases import cases
from bench.sample import Sample

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "performance.md").read_text(encoding="utf-8")
NOTHING = Sample((1,), (1,), ("word",), 0, 0, "", "", "")


@pytest.mark.parametrize("name", parts.SHARING)
def test_every_part_has_its_section(name: str) -> None:
    assert f"\n## {parts.title(name)}\n" in PAGE


@pytest.mark.parametrize("case", cases(NOTHING), ids=lambda case: case.name)
def test_every_request_has_its_row_with_its_target(case: object) -> None:
    (name, most) = (case.name, case.most)  # type: ignore[attr-defined]
    assert re.search(rf"^\| {re.escape(name)} \|.*\| ≤ {most:g} \|", PAGE, re.MULTILINE)


def test_the_page_names_the_command_that_wrote_it() -> None:
    assert "python3 run.py bench" in PAGE
    assert "--write docs/performance.md" in PAGE
