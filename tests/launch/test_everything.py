"""`python3 run.py` from outside: it starts, stands what is killed, and leaves nothing running."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded.conftest import remove
from tests.launch.project import Project, make
from tests.processes import found, kill, within


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    made = make(tmp_path_factory.mktemp("project"))
    made.start()
    yield made
    made.end()
    remove(made.root / "var")


def stays_up(project: Project) -> bool:
    """Whether ten answers in a row come: one web process may be back while another is not."""
    return all(project.ask("/healthz") == "ok" for _ in range(10))


def test_it_says_where_it_runs_and_who_may_sign_in(project: Project) -> None:
    assert f"Frontdesk runs at http://127.0.0.1:{project.port}/" in project.output
    assert "admin@example.com" in project.output
    assert "frontdesk-demo" in project.output


def test_every_process_runs(project: Project) -> None:
    root = str(project.root)
    names = ("app.launch.watch", "app.launch.web", "worker effects", "worker bulk", "schedule")
    for words in [[name] for name in names]:
        assert within(30, lambda words=words: found(root, *words))


def test_a_second_start_names_the_first(project: Project) -> None:
    second = project.run()
    assert second.returncode == 1
    assert f"already runs on {project.root / 'var'}, at http://127.0.0.1:{project.port}" in second.stderr


def test_a_taken_port_is_named_with_the_remedy(project: Project) -> None:
    other = project.run(
        DATA_DIR=str(project.root / "other"), DATABASE_URL="postgresql://x", REDIS_URL="redis://x"
    )
    assert other.returncode == 1
    assert f"Port {project.port} on 127.0.0.1 cannot be used" in other.stderr
    assert f"PORT={project.port + 1} python3 run.py" in other.stderr


def test_a_killed_web_process_is_replaced(project: Project) -> None:
    os.kill(int(project.ask("/pid")), signal.SIGKILL)
    assert within(60, lambda: stays_up(project))


def test_a_killed_web_server_is_replaced_and_its_processes_end(project: Project) -> None:
    before = found(str(project.root), "app.launch.web")
    os.kill(min(before), signal.SIGKILL)
    assert within(60, lambda: not set(before) & set(found(str(project.root), "app.launch.web")))
    assert within(60, lambda: stays_up(project))


@pytest.mark.parametrize("name", ["worker effects", "worker bulk", "schedule"])
def test_a_killed_process_is_started_again(project: Project, name: str) -> None:
    killed = kill(str(project.root), name)
    assert within(60, lambda: found(str(project.root), name) not in ([], [killed]))
    assert f"{name} ended by signal 9" in project.output


def test_killed_servers_and_holder_come_back(project: Project) -> None:
    place = str((project.root / "var" / "embedded").resolve())
    for words in (["postgres -D", place], ["app/embedded", place]):
        killed = kill(*words)
        assert within(60, lambda words=words, killed=killed: set(found(*words)) - {killed})


def test_ctrl_c_stops_everything_and_a_second_start_is_quick(project: Project) -> None:
    assert project.end(signal.SIGINT) == 0
    assert project.output.endswith("Stopped.\n")
    assert within(30, lambda: not project.processes())
    started = time.monotonic()
    project.start()
    assert time.monotonic() - started < 60  # a loaded machine; alone it takes about 2


def test_killing_the_supervisor_ends_everything_and_the_next_start_works(project: Project) -> None:
    project.end(signal.SIGKILL)
    assert within(60, lambda: not project.processes())
    project.start()
    assert stays_up(project)


def test_a_hung_terminal_stops_it(project: Project) -> None:
    assert project.end(signal.SIGHUP) == 0
    assert within(30, lambda: not project.processes())
    project.start()


def test_a_failing_migration_is_shown(tmp_path: Path) -> None:
    project = make(tmp_path)
    factory = project.root / "app" / "__init__.py"
    factory.write_text(factory.read_text().replace("CREATE TABLE", "CREATE TABEL"))
    failed = project.run()
    assert failed.returncode == 1
    assert "The database could not be prepared" in failed.stderr
    assert "TABEL" in failed.stderr
    assert within(10, lambda: not project.processes())
    remove(tmp_path / "var")
