"""Where the servers cannot run, the message says why and what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.embedded import Unavailable, account, binaries, place


def test_a_folder_for_sockets_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    user = account.current()
    folder = place.socket_place(tmp_path, user)
    folder.chmod(0o755)
    with pytest.raises(Unavailable, match=f"{folder} exists, but is not a private folder"):
        place.socket_place(tmp_path, user)
    folder.rmdir()


def test_a_link_in_place_of_the_folder_for_sockets_is_refused(tmp_path: Path) -> None:
    user = account.current()
    folder = place.socket_place(tmp_path, user)
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(Unavailable, match="Remove it and start again"):
        place.socket_place(tmp_path, user)
    folder.unlink()


def test_without_programs_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(binaries, "_wheel", lambda _package: None)
    monkeypatch.setattr(binaries, "_SYSTEM_POSTGRES", ())
    with pytest.raises(Unavailable, match="Set DATABASE_URL"):
        binaries.postgres()
    with pytest.raises(Unavailable, match="Set REDIS_URL"):
        binaries.valkey()


def test_an_installed_postgres_must_be_new_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for version in ("16", "17"):
        folder = tmp_path / version
        folder.mkdir()
        for program in ("postgres", "initdb"):
            (folder / program).write_text(f"#!/bin/sh\necho 'initdb (PostgreSQL) {version}.4'\n")
            (folder / program).chmod(0o755)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(binaries, "_wheel", lambda _package: None)
    monkeypatch.setattr(binaries, "_SYSTEM_POSTGRES", (f"{str(tmp_path).lstrip('/')}/1*",))
    assert binaries.postgres() == tmp_path / "17"
    (tmp_path / "17" / "postgres").unlink()
    with pytest.raises(Unavailable, match="No PostgreSQL 17 or newer"):
        binaries.postgres()


@pytest.mark.skipif(os.getuid() != 0, reason="only root runs the servers as another user")
def test_root_copies_what_the_servers_cannot_reach(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(account, "SHARED", tmp_path / "shared")
    hidden = tmp_path / "hidden"
    hidden.mkdir(mode=0o700)
    program = hidden / "program"
    program.write_text("text")
    copy = account.readable(account.current(), program)
    assert copy != program
    assert copy.read_text() == "text"
    assert account.readable(account.current(), program) == copy
    assert account.readable(account.current(), Path("/bin/sh")) == Path("/bin/sh")
