"""The web server: granian with a few processes, each with enough threads for many open event streams."""

from __future__ import annotations

import functools
import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

import config
from app import create_app
from app.embedded import kernel

THREADS = 64  # an event stream occupies one; 8 starve at 60 streams, 64 do not
SECONDS = 10
"""How long one statement of a request may take: a filter that no index carries must not hold the database."""


def serve(make: Callable[[Mapping[str, Any]], Flask] = create_app) -> None:
    """Serve what `make` gives for the settings, until told to stop.

    The application is made here, before its processes are forked: they share its memory, and a killed one is
    replaced in a moment. It holds no connection yet, so there is none to share by mistake.
    """
    settings = bounded(config.settings(os.environ))
    app = make(settings)
    server = Granian(
        "app:create_app",
        address=settings["HOST"],
        port=settings["PORT"],
        interface=Interfaces.WSGI,
        workers=settings["WEB_WORKERS"],
        blocking_threads=THREADS,
        backpressure=THREADS,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=8,
        log_level=LogLevels.error,
        websockets=False,
    )
    gc.freeze()  # the collector would otherwise touch, and so copy, every shared page
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
    kernel.die_with_parent(parent, signal.SIGKILL)
    return app


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # the default of Linux before Python 3.14, and not of macOS
    serve()
