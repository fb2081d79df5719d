"""The processes behind the pages: workers and schedule, forked from one process that loaded the program once.

They share its memory (three processes in the memory of little more than one), and one that was killed is
replaced in a moment. `python3 run.py worker …` and `schedule` start them one by one, for several machines.
"""

from __future__ import annotations

import functools
import gc
import os
import signal

from flask import Flask
from flask.cli import ScriptInfo

import config
from app import create_app
from app.launch.console import say
from app.launch.forks import Forked
from app.launch.supervisor import Supervisor


def run() -> None:
    """Keep the processes running until told to stop.

    The application holds no connection yet when they are forked, so there is none to share by mistake.
    """
    settings = config.settings(os.environ)
    app = create_app(settings)
    supervisor = Supervisor(
        [
            Forked(name, (), task=functools.partial(_command, app, arguments))
            for name, arguments in processes(settings["WORKERS"]).items()
        ],
        say,
        lambda: None,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, supervisor.stop)
    gc.collect()
    gc.freeze()  # the collector would otherwise touch, and so copy, every shared page
    supervisor.start()
    supervisor.run()


def processes(workers: int) -> dict[str, list[str]]:
    """Name the processes and say by which command each works: exactly one queue for a worker."""
    names = (
        ["worker effects"] if workers == 1 else [f"worker effects {number + 1}" for number in range(workers)]
    )
    effects = {name: ["worker", "effects"] for name in names}
    return {**effects, "worker bulk": ["worker", "bulk"], "schedule": ["schedule"]}


def _command(app: Flask, arguments: list[str]) -> None:
    app.cli.main(arguments, obj=ScriptInfo(create_app=lambda: app), standalone_mode=False)


if __name__ == "__main__":
    run()
