"""The web server: a few processes of granian, each with enough threads for many open event streams.

The application is loaded here, before its processes are forked: they share its memory. It holds no connection
yet, so there is none to share by mistake. Then this process becomes a small one that watches them.
"""

from __future__ import annotations

import functools
import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

import config
from app import create_app
from app.embedded import kernel
from app.launch import watch

if TYPE_CHECKING:
    from flask import Flask

THREADS = 64  # an event stream occupies one; 8 starve at 60 streams, 64 do not
YOUNG = 10_000
"""New objects after which Python looks for rings among them: once in ten pages, not in each."""
SECONDS = 10
"""How long one statement of a request may take: a filter that no index carries must not hold the database."""


class Nursery(MPServer):
    """Starts web processes beside those that run already, and leaves the watching to a smaller program."""

    running: Sequence[int] = ()

    def _serve_loop(self, *_loaders: object) -> NoReturn:
        started = [process.pid for process in multiprocessing.active_children() if process.pid]
        watch.become_watcher([*self.running, *started])


def serve(make: Callable[[Mapping[str, Any]], Flask] = create_app) -> None:
    """Serve what `make` gives for the settings, until told to stop."""
    watch.hold_signals()
    settings = bounded(config.settings(os.environ))
    app = make(settings)
    running = watch.running()
    server = Nursery(
        "app:create_app",
        address=settings["HOST"],
        port=settings["PORT"],
        interface=Interfaces.WSGI,
        workers=settings["WEB_WORKERS"] - len(running),
        blocking_threads=THREADS,
        backpressure=THREADS,
        log_level=LogLevels.error,
        websockets=False,
    )
    server.running = running
    gc.freeze()  # the collector would otherwise touch, and so copy, every shared page
    gc.set_threshold(YOUNG)
    server.serve(target_loader=functools.partial(_load, app, os.getpid()), wrap_loader=False)


def bounded(settings: Mapping[str, Any], seconds: float = SECONDS) -> dict[str, Any]:
    """Return the settings with connections on which no statement takes longer than `seconds`."""
    engine = settings["SQLALCHEMY_ENGINE_OPTIONS"]
    connect = engine["connect_args"]
    options = f"{connect['options']} -c statement_timeout={seconds * 1000:.0f}"
    return {
        **settings,
        "SQLALCHEMY_ENGINE_OPTIONS": {**engine, "connect_args": {**connect, "options": options}},
    }


def _load(app: Flask, parent: int) -> Flask:
    """Hand the application to a web process, which must not outlive the server that forked it."""
    watch.release_signals()
    kernel.die_with_parent(parent, signal.SIGKILL)
    kernel.name_process("web")
    return app


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # the default of Linux before Python 3.14, and not of macOS
    serve()
