"""run.py itself: what it does before there is an environment, and how it hands commands on."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

import pytest

import run
from app.launch import commands

ROOT = Path(run.__file__).resolve().parent
BEFORE = ["run.py", "app/launch/console.py", "app/launch/environment.py"]


@pytest.mark.parametrize("name", BEFORE)
def test_nothing_but_the_standard_library_is_needed_first(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text())
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    ours = ("app.launch", "app.embedded")
    foreign = {name for name in named if name.partition(".")[0] not in sys.stdlib_module_names}
    assert [name for name in foreign if not name.startswith(ours)] == []


def test_an_old_python_reads_run_py_far_enough_to_be_refused() -> None:
    ast.parse((ROOT / "run.py").read_text(), feature_version=(3, 8))


def test_an_old_python_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "OLDEST", (3, 99))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match=r"needs Python 3\.99 or newer(.|\n)*apt-get install"):
        run.require_python()


def test_a_newer_python_on_the_path_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    newer = tmp_path / "python3.19"
    newer.write_text("#!/bin/sh\n")
    newer.chmod(0o755)
    became: list[list[str]] = []

    class Replaced(Exception):
        pass

    def execv(_program: str, arguments: list[str]) -> None:
        became.append(arguments)
        raise Replaced

    monkeypatch.setattr(os, "execv", execv)
    monkeypatch.setattr(run, "OLDEST", (3, 15) if sys.version_info < (3, 15) else (3, 19))
    monkeypatch.setattr(sys, "argv", ["run.py", "test", "-x"])
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Replaced):
        run.require_python()
    assert became == [[str(newer), "run.py", "test", "-x"]]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["test"], ["-m", "pytest", "-n", "2", "--dist", "loadfile"]),
        (["test", "-k", "inbox"], ["-m", "pytest", "-n", "2", "--dist", "loadfile", "-k", "inbox"]),
        (["check", "ruff"], ["scripts/checks.py", "ruff"]),
        (["bench", "pages"], ["-m", "bench", "pages"]),
        (["faults", "--full"], ["-m", "tests.faults", "--full"]),
        (["web"], ["-m", "app.launch.web"]),
        (["worker", "bulk"], ["-m", "flask", "--app", "app", "worker", "bulk"]),
        (
            ["keys", "create", "--scopes", "a,b"],
            ["-m", "flask", "--app", "app", "keys", "create", "--scopes", "a,b"],
        ),
        (["migrate"], ["-m", "flask", "--app", "app", "migrate"]),
    ],
)
def test_commands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], expected: list[str]
) -> None:
    became: list[str] = []
    monkeypatch.setattr(os, "execv", lambda _program, given: became.extend(given[1:]))
    commands.dispatch(tmp_path, arguments)
    assert became == expected


def test_the_env_file_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("SMTP_URL=smtp://from-file\nPORT=9999\n")
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setenv("SMTP_URL", "x")
    monkeypatch.delenv("SMTP_URL")
    monkeypatch.setattr(os, "execv", lambda *_: None)
    commands.dispatch(tmp_path, ["doctor"])
    assert (os.environ["SMTP_URL"], os.environ["PORT"]) == ("smtp://from-file", "8123")
    monkeypatch.delenv("SMTP_URL")
