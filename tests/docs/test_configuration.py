"""docs/configuration.md lists the variables that config.py reads, none besides, with their defaults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import config

PAGE = Path(__file__).resolve().parents[2] / "docs" / "configuration.md"
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.*?) \|", re.MULTILINE)


class Noted(dict[str, str]):
    """An environment that notes what it is asked for."""

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        self.asked.add(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return super().__getitem__(name)


@pytest.fixture
def environ(tmp_path: Path) -> Noted:
    """Two servers and a data folder, all else left out."""
    servers = {"DATABASE_URL": "postgresql://desk@db/desk", "REDIS_URL": "redis://queue/0"}
    return Noted({**servers, "DATA_DIR": str(tmp_path)})


def rows() -> dict[str, str]:
    """The variables of the page, each with its column of defaults."""
    return dict(ROW.findall(PAGE.read_text(encoding="utf-8")))


def stated_defaults() -> Iterator[tuple[str, str]]:
    """The variables whose default is stated as a value: alone, between backticks."""
    for name, default in rows().items():
        value = re.fullmatch(r"`([^`]*)`", default)
        if value and name not in {"DATA_DIR", "ENV"}:
            yield name, value[1]


def test_every_variable_is_listed_and_none_besides(environ: Noted) -> None:
    config.settings(environ)
    assert set(rows()) == environ.asked


@pytest.mark.parametrize(("name", "stated"), list(stated_defaults()))
def test_defaults_are_as_stated(environ: Noted, name: str, stated: str) -> None:
    value = config.settings(environ)[name]
    assert str(int(value) if isinstance(value, bool) else value) == stated


def test_enough_defaults_are_stated() -> None:
    assert {name for name, _ in stated_defaults()} >= {"HOST", "PORT", "WEB_WORKERS", "WORKERS", "LOG_LEVEL"}
