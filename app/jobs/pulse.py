"""A process says that it lives: a key in Redis that fades when it does not."""

from __future__ import annotations

import logging
import os
import socket
import threading

from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

PREFIX = "frontdesk:worker:"
"""Keys of living processes: `frontdesk:worker:effects:<host>:<pid>`."""

EVERY, FADES = 5, 15
"""Seconds between two beats, and until a missed one shows."""


class Pulse:
    """Beats for this process until it is stopped; Redis may come and go."""

    def __init__(self, connection: Redis, role: str) -> None:
        self.name = f"{role}:{socket.gethostname()}:{os.getpid()}"
        self._connection = connection
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)

    def start(self) -> None:
        """Begin to beat."""
        self._thread.start()

    def stop(self) -> None:
        """Let the key go at once."""
        self._stopped.set()
        try:
            self._connection.delete(PREFIX + self.name)
        except RedisError:
            log.debug("Redis is away; the pulse fades by itself.")

    def _beat(self) -> None:
        while not self._stopped.is_set():
            try:
                self._connection.set(PREFIX + self.name, os.getpid(), ex=FADES)
            except RedisError:
                log.debug("Redis is away; the next beat tries again.")
            self._stopped.wait(EVERY)
