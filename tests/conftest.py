"""The servers of a test run: real PostgreSQL and Redis of its own, fast because nothing need survive."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app import embedded
from app.embedded import locks
from app.embedded.postgres import OWNER, SUPERUSER

RUNS = Path(__file__).resolve().parents[1] / "var" / "tests"


@pytest.fixture(scope="session")
def run_folder(testrun_uid: str) -> Iterator[Path]:
    """A folder for this run, shared by its parallel workers. Those of runs that have ended are removed."""
    RUNS.mkdir(parents=True, exist_ok=True)
    folder = RUNS / testrun_uid
    with locks.alone(RUNS / "runs.lock"):
        for earlier in RUNS.iterdir():
            if earlier.is_dir() and earlier != folder and has_ended(earlier):
                forget(earlier)
        folder.mkdir(exist_ok=True)
        lease = locks.share(folder / "run.lock")
    yield folder
    os.close(lease)


def has_ended(folder: Path) -> bool:
    """Whether neither a run nor its servers use the folder any more."""
    used = [folder / "run.lock", folder / "embedded" / "holder.lock"]
    return all(locks.is_free(lock) for lock in used if lock.parent.exists())


def forget(folder: Path) -> None:
    shutil.rmtree((folder / "embedded").resolve(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def servers(run_folder: Path) -> embedded.Servers:
    """PostgreSQL and Redis of this run."""
    return embedded.start(run_folder, fast=True)


@pytest.fixture(scope="session")
def worker_number(worker_id: str) -> int:
    """0 for the first or only worker process of the run, 1 for the second …"""
    return int(worker_id.removeprefix("gw") if worker_id != "master" else 0)


@pytest.fixture(scope="session")
def redis_url(servers: embedded.Servers, worker_number: int) -> str:
    """A Redis database of this worker's own."""
    return f"{servers.redis_url}?db={worker_number}"


@pytest.fixture(scope="session")
def blank_database(servers: embedded.Servers, worker_number: int) -> str:
    """The URL, as the owner, of an empty database of this worker's own."""
    name = f"blank_{worker_number}"
    as_superuser(servers, f"CREATE DATABASE {name} OWNER {OWNER}")
    return servers.database(OWNER, name)


def as_superuser(servers: embedded.Servers, *statements: str) -> None:
    """Run statements that the product's own roles may not: making and dropping databases."""
    url = servers.database(SUPERUSER, "postgres").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
