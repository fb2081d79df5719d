"""The vendored files are what the manifests say, and nothing else is there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "app/static/vendor", ROOT / "tests/vendor")
FREE = {"MIT", "ISC", "Apache-2.0", "BSD-0-Clause", "OFL-1.1", "MPL-2.0"}


def entries(folder: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("entry", [e for folder in FOLDERS for e in entries(folder)], ids=lambda e: e["file"])
def test_file_is_the_one_that_was_fetched(entry: dict[str, str]) -> None:
    assert hashlib.sha256((ROOT / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert entry["licence"] in FREE
    assert entry["version"][0].isdigit()


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_nothing_else_lies_there(folder: Path) -> None:
    named = {ROOT / e["file"] for e in entries(folder)} | {folder / "manifest.json"}
    assert set(folder.iterdir()) <= named


def test_only_free_software_of_the_browser_is_shipped() -> None:
    assert "MPL-2.0" not in {e["licence"] for e in entries(FOLDERS[0])}
