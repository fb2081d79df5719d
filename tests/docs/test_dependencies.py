"""docs/dependencies.md has a row for every library that is asked for, and none besides."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([A-Za-z0-9_.-]+) \|(.*)\|$", re.MULTILINE)


def asked_for(file: str) -> set[str]:
    """The names in a requirements file, without versions and extras."""
    lines = (ROOT / file).read_text().splitlines()
    return {re.split(r"[=<>\[]", line)[0].strip() for line in lines if line and line[0] not in "#-"}


def section(title: str) -> dict[str, list[str]]:
    """The rows under a heading: name to the other cells."""
    text = PAGE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]
    found = {name: [cell.strip() for cell in rest.split("|")] for name, rest in ROW.findall(text)}
    found.pop("library")
    return {name: cells for name, cells in found.items() if set(name) != {"-"}}


@pytest.mark.parametrize(
    ("title", "file"), [("Running", "requirements.in"), ("Development", "requirements-dev.in")]
)
def test_names_are_the_same(title: str, file: str) -> None:
    assert set(section(title)) == asked_for(file)


@pytest.mark.parametrize("title", ["Running", "Development"])
def test_each_has_a_licence_and_a_reason(title: str) -> None:
    for name, cells in section(title).items():
        assert len(cells) == 3, name
        assert all(len(cell) > 2 for cell in cells), name
