"""Whatever is killed comes back with what it acknowledged, and nothing stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
import redis

from app import embedded
from app.embedded import locks
from tests.embedded.conftest import Desk, remove
from tests.processes import found, kill, within

ROOT = Path(__file__).resolve().parents[2]


def is_up(desk: Desk) -> bool:
    try:
        return desk.ask("SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def test_postgres_killed_comes_back_with_its_rows(desk: Desk) -> None:
    desk.ask("CREATE TABLE kept AS SELECT 7 AS number")
    killed = kill("postgres -D", str(desk.place))
    assert within(10, lambda: is_up(desk))
    assert desk.ask("SELECT number FROM kept") == 7
    assert killed not in found("postgres -D", str(desk.place))


def test_a_long_query_does_not_keep_a_killed_postgres_away(desk: Desk) -> None:
    def long_query() -> None:
        with pytest.raises(psycopg.OperationalError):
            desk.ask("SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b")

    asking = threading.Thread(target=long_query)
    asking.start()
    running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT count(*) FROM generate%'"
    assert within(10, lambda: desk.ask(running))
    time.sleep(0.5)
    kill("postgres -D", str(desk.place))
    assert within(8, lambda: is_up(desk))
    asking.join(10)
    assert not asking.is_alive()


def test_redis_killed_comes_back_with_its_keys(desk: Desk) -> None:
    client = redis.Redis.from_url(desk.servers.redis_url)
    client.set("kept", "7")
    time.sleep(1.2)  # written every second
    kill("unixsocket:", desk.servers.sockets.name)

    def answer() -> bytes | None:
        try:
            return client.get("kept")
        except redis.ConnectionError:
            return None

    assert within(10, lambda: answer() == b"7")
    client.close()


def test_servers_end_with_their_holder_and_start_again(desk: Desk) -> None:
    desk.ask("CREATE TABLE held AS SELECT 8 AS number")
    kill("app/embedded", str(desk.place))
    assert within(30, lambda: not found("postgres -D", str(desk.place)))
    desk.join()
    assert desk.ask("SELECT number FROM held") == 8


def test_a_stale_process_id_does_not_matter(desk: Desk) -> None:
    """The id in a left-over file may by now belong to a process that has nothing to do with PostgreSQL."""
    os.kill(found("app/embedded", str(desk.place))[0], signal.SIGKILL)
    assert within(30, lambda: not found("postgres -D", str(desk.place)))
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        stale = desk.place / "postgres" / "postmaster.pid"
        stale.write_text(f"{stranger.pid}\n{desk.place}/postgres\n1\n5432\n\n\n")
        desk.join()
        assert is_up(desk)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


SCRIPT = """
import sys
from pathlib import Path
from app import embedded
servers = embedded.start(Path(sys.argv[1]), fast=True)
"""


def starter(folder: Path, then: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SCRIPT + then, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_servers_stop_when_the_last_user_ends_however_it_does(tmp_path: Path, end: signal.Signals) -> None:
    with starter(tmp_path, "print(servers.sockets, flush=True); import time; time.sleep(60)") as user:
        assert user.stdout is not None
        sockets = Path(user.stdout.readline().strip())
        assert sockets.is_dir()
        place = str((tmp_path / "embedded").resolve())
        assert found("postgres -D", place)
        user.send_signal(end)
    assert within(10, lambda: not found(place))
    assert not sockets.exists()
    remove(tmp_path)


def test_many_starters_at_once_share_one_pair(tmp_path: Path) -> None:
    starters = [starter(tmp_path, "print(sys.argv[1])") for _ in range(4)]
    for one in starters:
        _, said = one.communicate(timeout=60)
        assert (one.returncode, said) == (0, "")
    assert within(10, lambda: locks.is_free((tmp_path / "embedded").resolve() / "holder.lock"))
    remove(tmp_path)


def test_a_first_start_that_was_killed_leaves_nothing(tmp_path: Path) -> None:
    first = starter(tmp_path, "")
    assert within(20, lambda: list(tmp_path.glob("embedded/postgres-unfinished")))
    kill("app/embedded", str((tmp_path / "embedded").resolve()))
    first.communicate(timeout=60)
    servers = embedded.start(tmp_path, fast=True)
    place = (tmp_path / "embedded").resolve()
    assert [path.name for path in place.glob("postgres*") if path.is_dir()] == ["postgres"]
    servers.release()
    assert within(10, lambda: locks.is_free(place / "holder.lock"))
    remove(tmp_path)
