"""A data folder of a test's own, with durable servers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app import embedded
from app.embedded import locks
from tests.processes import within


class Desk:
    """The embedded servers of one data folder, and sessions on them."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.servers = embedded.start(data_dir)

    @property
    def place(self) -> Path:
        return (self.data_dir / "embedded").resolve()

    def join(self) -> embedded.Servers:
        self.servers = embedded.start(self.data_dir)
        return self.servers

    def ask(self, statement: str) -> object:
        """Run one statement as the owner in a session of its own; return the first value of its answer."""
        url = self.servers.migrate_database_url.replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as session:
            answer = session.execute(statement)  # type: ignore[call-overload]
            return answer.fetchone()[0] if answer.description else None


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Servers on a folder with a long name, far beyond what a socket's path may have."""
    folder = tmp_path_factory.mktemp("desk") / ("long" * 30)
    made = Desk(folder)
    yield made
    made.servers.release()
    remove(folder)


def remove(folder: Path) -> None:
    place = (folder / "embedded").resolve()
    within(20, lambda: locks.is_free(place / "holder.lock"))
    shutil.rmtree(place, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
