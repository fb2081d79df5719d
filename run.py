#!/usr/bin/env python3
"""Frontdesk's two commands: `python3 run.py` starts everything, `python3 run.py test` runs the tests.

Further: web, background, worker [effects|bulk], schedule (for production), check, bench, faults, and every
command group (`migrate`, `demo`, `doctor`, `keys create …`). Needs Python 3.11 only; it makes its own
environment.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 11)
DEVELOPMENT_COMMANDS = ("test", "check", "bench", "faults")


def main(arguments: list[str]) -> int:
    """Find a Python, prepare the environment, and run the command in it."""
    require_python()
    from app.launch.console import Failure
    from app.launch.environment import DEVELOPMENT, RUNTIME, Environment

    environment = Environment(ROOT)
    try:
        environment.prepare(
            DEVELOPMENT if arguments[:1] in [[name] for name in DEVELOPMENT_COMMANDS] else RUNTIME
        )
        if Path(sys.prefix).resolve() != environment.folder.resolve():
            replace_process(str(environment.python), str(ROOT / "run.py"), *arguments)
        return run(arguments)
    except Failure as failure:
        print(f"✗ {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def require_python() -> None:
    """Continue in a newer Python when this one is too old; say what to install when there is none."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(20, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            replace_process(found, *sys.argv)
    sys.exit(
        f"✗ Frontdesk needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.\n"
        "Debian 12, Ubuntu 24.04: apt-get install python3 python3-venv   macOS: brew install python@3.13"
    )


def replace_process(program: str, *arguments: str) -> None:
    """Become another program; what is printed so far must not be lost with this one."""
    sys.stdout.flush()
    os.execv(program, [program, *arguments])  # noqa: S606


def run(arguments: list[str]) -> int:
    """Run the command, inside the environment."""
    from app.launch.commands import dispatch

    os.chdir(ROOT)
    stay_with_supervisor()
    return dispatch(ROOT, arguments)


def stay_with_supervisor() -> None:
    """End when the supervisor that started this process ends, however it does."""
    from app.embedded import kernel
    from app.launch.supervisor import PARENT

    parent = os.environ.pop(PARENT, "")
    if parent:
        kernel.die_with_parent(int(parent), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
