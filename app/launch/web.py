"""The web server: granian with a few processes, each with enough threads for many open event streams."""

from __future__ import annotations

import os
import signal
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

import config
from app import create_app
from app.embedded import kernel

THREADS = 64  # an event stream occupies one; 8 starve at 60 streams, 64 do not


def serve() -> None:
    """Serve until told to stop. The application is imported here, once, for all forked processes."""
    settings = config.settings(os.environ)
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
    parent = os.getpid()
    server.serve(target_loader=lambda: _load(parent), wrap_loader=False)


def _load(parent: int) -> Any:
    """Make the application in a web process, which must not outlive the server that started it."""
    kernel.die_with_parent(parent, signal.SIGKILL)
    return create_app()


if __name__ == "__main__":
    serve()
