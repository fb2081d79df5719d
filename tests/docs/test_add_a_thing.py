"""docs/add-a-thing.md, followed word by word in a copy of the project."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import embedded
from app.embedded.postgres import APP, OWNER
from tests.conftest import as_superuser
from tests.docs.test_resource_new import EVERY

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "add-a-thing.md").read_text(encoding="utf-8")
COPIED = ("app", "migrations")
PROBE = Path(__file__).with_name("probe.py")


class Copy:
    """A copy of the project with a database of its own, and what the page's commands do in it."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.folder, self.environ = folder, environ
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "config.py", folder)

    def flask(self, *arguments: str) -> str:
        """Run a command as `python3 run.py` hands it on."""
        return self.python("-m", "flask", "--app", "app", *arguments)

    def python(self, *arguments: str) -> str:
        """Run Python in the copy; return what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**os.environ, **self.environ, "PYTHONPATH": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.fail(done.stdout + done.stderr)
        return done.stdout


def commands() -> list[list[str]]:
    """The commands of the page, without `python3 run.py` and remarks."""
    lines = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
    words = [re.findall(r'"[^"]*"|\S+', line.split("#")[0]) for line in lines]
    assert all(line[:2] == ["python3", "run.py"] for line in words)
    return [[word.strip('"') for word in line[2:]] for line in words]


@pytest.fixture(scope="module")
def copy(
    servers: embedded.Servers, redis_url: str, worker_number: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Copy]:
    """The project as it is, migrated, then with the thing of the page."""
    name, folder = f"thing_{worker_number}", tmp_path_factory.mktemp("thing")
    as_superuser(servers, f"CREATE DATABASE {name} OWNER {OWNER}")
    environ = {
        "DATABASE_URL": servers.database(APP, name),
        "MIGRATE_DATABASE_URL": servers.database(OWNER, name),
        "REDIS_URL": redis_url,
        "DATA_DIR": str(folder / "data"),
        "DEMO": "0",
    }
    made = Copy(folder, environ)
    made.flask("migrate")
    made.flask(*commands()[0])
    yield made
    as_superuser(servers, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def seen(copy: Copy) -> dict[str, Any]:
    """What an administrator and a stranger see of the thing, once the commands of the page were run."""
    copy.flask(*commands()[1])
    copy.flask("db", "check")
    told: dict[str, Any] = json.loads(copy.python(str(PROBE)).splitlines()[-1])
    return told


def test_the_command_writes_the_file_of_the_page(copy: Copy) -> None:
    block = re.search(r"`(app/models/\w+\.py)`, the whole file:\n\n```python\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    assert (copy.folder / block[1]).read_text(encoding="utf-8") == block[2]


def test_the_migration_makes_that_table_and_nothing_else(copy: Copy, seen: dict[str, Any]) -> None:
    (written,) = (copy.folder / "migrations" / "versions").glob("*_add_suppliers.py")
    done = re.findall(r"op\.([a-z]+_\w+)\(\s*['\"](\w+)", written.read_text())
    indexes = ("ix_suppliers_email_folded", "ix_suppliers_name_folded")
    assert done[0] == ("create_table", "suppliers")
    assert done[-1] == ("drop_table", "suppliers")
    assert sorted(done[1:-1]) == [(deed, one) for deed in ("create_index", "drop_index") for one in indexes]


def test_it_has_a_place_in_the_navigation_and_a_list(seen: dict[str, Any]) -> None:
    assert seen["list"] == {"status": 200, "linked": True, "row": True}
    assert seen["stranger"] == 302


def test_the_form_adds_and_refuses(seen: dict[str, Any]) -> None:
    assert seen["form"] == {"added": 302, "refused": 422, "kept": True}


def test_the_api_serves_it(seen: dict[str, Any]) -> None:
    assert seen["api"]["created"] == 201
    assert seen["api"]["refused"] == [422, ["email"]]
    assert seen["api"]["names"] == ["Grinders & Sons", "Pumps Ltd"]
    assert seen["api"]["documented"] == [
        "/api/v1/suppliers",
        "/api/v1/suppliers/bulk",
        "/api/v1/suppliers/export",
        "/api/v1/suppliers/import",
        "/api/v1/suppliers/{id}",
    ]


def test_grants_audit_and_events_come_by_themselves(seen: dict[str, Any]) -> None:
    assert seen["grants"] == 5
    assert seen["audit"] == ["SUPPLIER_CREATE", "SUPPLIER_CREATE"]
    assert seen["events"] == ["SUPPLIER_CREATED", "SUPPLIER_CREATED"]


def test_every_name_the_page_speaks_of_is_there(copy: Copy, seen: dict[str, Any]) -> None:
    spoken = set(re.findall(r"`(/[a-z0-9_/.]+)`", PAGE))
    assert spoken <= set(seen["addresses"])
    copy.folder.joinpath("docs").mkdir()
    copy.flask(*commands()[2])
    assert "| `suppliers` |" in (copy.folder / "docs" / "access.md").read_text(encoding="utf-8")


def test_every_kind_of_column_becomes_a_table(copy: Copy, seen: dict[str, Any]) -> None:
    copy.flask("resource", "new", "SparePart", *EVERY)
    copy.flask("migrate")
    copy.flask("db", "check")


def test_a_wrong_name_stops_the_program(copy: Copy, seen: dict[str, Any]) -> None:
    message = re.search(r"```text\n(.*?)```", PAGE, re.DOTALL)
    assert message is not None
    file = copy.folder / "app" / "models" / "suppliers.py"
    right = file.read_text(encoding="utf-8")
    file.write_text(right.replace('columns=("name"', 'columns=("nmae"'), encoding="utf-8")
    try:
        with pytest.raises(pytest.fail.Exception, match=re.escape(message[1].strip())):
            copy.flask("routes")
    finally:
        file.write_text(right, encoding="utf-8")
