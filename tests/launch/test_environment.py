"""Making the environment: what is there is used, what is half-made is replaced, what is missing is named."""

from __future__ import annotations

import os
import stat
import sys
import venv
from pathlib import Path

import pytest

from app.launch.console import Failure
from app.launch.environment import DEVELOPMENT, RUNTIME, Environment


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose lock files ask for nothing, and no uv on the path."""
    for lock in (RUNTIME, DEVELOPMENT):
        (tmp_path / lock).write_text(f"# {lock}\n")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    return tmp_path


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def with_uv(root: Path, monkeypatch: pytest.MonkeyPatch, install: str) -> Path:
    """A `uv` that makes a bare environment and does `install` when asked to install."""
    log = root / "uv.log"
    program(
        root / "bin" / "uv",
        f'echo "$@" >> {log}\nif [ "$1" = venv ]; then {sys.executable} -m venv --without-pip {root}/.venv; '
        f"else {install}; fi",
    )
    monkeypatch.setenv("PATH", f"{root / 'bin'}:/usr/bin:/bin")
    return log


def test_uv_is_used_where_there_is_one_and_only_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = with_uv(root, monkeypatch, "true")
    environment = Environment(root)
    environment.prepare(RUNTIME)
    assert environment.is_current(RUNTIME)
    assert not environment.is_current(DEVELOPMENT)
    assert f"--require-hashes -r {RUNTIME}" in log.read_text()
    asked = log.read_text()
    environment.prepare(RUNTIME)
    assert log.read_text() == asked


def test_a_changed_lock_file_is_installed_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = with_uv(root, monkeypatch, "true")
    Environment(root).prepare(RUNTIME)
    (root / RUNTIME).write_text("# other\n")
    assert not Environment(root).is_current(RUNTIME)
    Environment(root).prepare(RUNTIME)
    assert log.read_text().count("pip install") == 2
    assert [line.split()[0] for line in log.read_text().splitlines()] == ["venv", "pip", "pip"]


def test_the_development_set_holds_the_running_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_uv(root, monkeypatch, "true")
    Environment(root).prepare(DEVELOPMENT)
    assert Environment(root).is_current(RUNTIME)


def test_a_half_made_environment_is_replaced(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_uv(root, monkeypatch, "true")
    (root / ".venv" / "half").mkdir(parents=True)
    program(root / ".venv" / "bin" / "python", "exit 1")
    Environment(root).prepare(RUNTIME)
    assert not (root / ".venv" / "half").exists()


def test_an_interrupted_installation_is_not_taken_for_a_finished_one(root: Path) -> None:
    venv.create(root / ".venv", with_pip=False)
    assert not Environment(root).is_current(RUNTIME)


def test_pip_is_tried_when_uv_fails_and_its_words_are_shown(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_uv(root, monkeypatch, "echo no route >&2; exit 2")
    (root / RUNTIME).write_text("absent-from-everywhere==1.0 --hash=sha256:00\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(root))
    with pytest.raises(Failure, match=r"pip said:(.|\n)*absent-from-everywhere"):
        Environment(root).prepare(RUNTIME)
    assert not Environment(root).is_current(RUNTIME)


def test_a_python_without_venv_is_named_and_leaves_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Debian's python3 does without python3-venv."""
    debian = program(
        root / "python3",
        f"mkdir -p {root}/.venv/lib; echo 'ensurepip is not available. apt install python3.11-venv'; exit 1",
    )
    monkeypatch.setattr(sys, "executable", str(debian))
    with pytest.raises(Failure, match=r"apt-get install python3\.\d+-venv"):
        Environment(root).prepare(RUNTIME)
    assert not (root / ".venv").exists()


def test_a_read_only_folder_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really = os.access

    def access(path: str | Path, mode: int) -> bool:
        return really(path, mode) and bool(
            Path(path).stat().st_mode & stat.S_IWUSR
        )  # root may write anywhere

    monkeypatch.setattr(os, "access", access)
    root.chmod(0o555)
    with pytest.raises(Failure, match="is read-only for this user"):
        Environment(root).prepare(RUNTIME)
    root.chmod(0o755)
