"""The application served from a thread of this process, for browsers that look at pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    """Serves without a log line a request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  the library's name
        """Say nothing."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve on a free port; give the address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    server.daemon_threads = False  # closing waits for answers under way: they hold a connection each
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
