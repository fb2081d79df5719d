"""What each command of run.py does, once the environment is there."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import config
from app.embedded import Unavailable
from app.launch import catalogues, desk
from app.launch.console import Failure, step

Command = Callable[[Path, list[str]], int]


def dispatch(root: Path, arguments: list[str]) -> int:
    """Run the named command; a name not known here is a command group of the application."""
    from dotenv import load_dotenv

    load_dotenv(root / ".env")
    catalogues.compile_stale(root / "translations")
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    command = COMMANDS.get(name)
    return command(root, rest) if command else group(root, arguments)


def everything(root: Path, _arguments: list[str]) -> int:
    desk.run(root, _settings())
    return 0


def web(_root: Path, _arguments: list[str]) -> int:
    return become("-m", "app.launch.web")


def background(_root: Path, _arguments: list[str]) -> int:
    """Workers and schedule, sharing the memory of one process: what `python3 run.py` runs beside web."""
    return become("-m", "app.launch.background")


def worker(root: Path, arguments: list[str]) -> int:
    """One queue's worker; without a name, one process for each queue."""
    if arguments:
        return group(root, ["worker", *arguments])
    settings = _settings()
    desk.supervise(desk.workers(root, settings), settings)
    return 0


def test(_root: Path, arguments: list[str]) -> int:
    """The whole suite, two processes at a time unless told otherwise."""
    return become("-m", "pytest", "-n", "2", "--dist", "loadfile", *arguments)


def check(_root: Path, arguments: list[str]) -> int:
    return become("scripts/checks.py", *arguments)


def bench(_root: Path, arguments: list[str]) -> int:
    """What requests and jobs cost, beside a stock peer."""
    return become("-m", "bench", *arguments)


def faults(_root: Path, arguments: list[str]) -> int:
    """The whole program under load, killed in every way."""
    return become("-m", "tests.faults", *arguments)


def usage(_root: Path, _arguments: list[str]) -> int:
    print(sys.modules["__main__"].__doc__)
    return 0


def group(_root: Path, arguments: list[str]) -> int:
    return become("-m", "flask", "--app", "app", *arguments)


def become(*arguments: str) -> int:
    """Replace this small process by the program that does the work."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606


def _settings() -> dict[str, object]:
    try:
        with step("Starting PostgreSQL and Redis, or joining those of DATA_DIR", quiet_below=0.5):
            return config.settings(os.environ)
    except (config.ConfigError, Unavailable) as error:
        raise Failure(str(error)) from error


COMMANDS: dict[str, Command] = {
    "": everything,
    "test": test,
    "check": check,
    "bench": bench,
    "faults": faults,
    "web": web,
    "background": background,
    "worker": worker,
    "--help": usage,
    "help": usage,
}
