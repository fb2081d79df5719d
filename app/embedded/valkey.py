"""The embedded Valkey, which speaks the Redis protocol."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

from app.embedded.server import Server


class Valkey(Server):
    """Valkey with an append-only file written every second, reachable by socket only."""

    name = "valkey"
    polite = signal.SIGTERM
    at_parent_death = signal.SIGTERM

    def prepare(self) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.plan.account.give(self.folder)

    def command(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket_path()),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "no" if self.plan.fast else "yes",
            "appendfsync": "everysec",
            "save": "",
            "databases": "64",
            "daemonize": "no",
            "maxmemory-policy": "noeviction",
        }
        arguments = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return [self.plan.valkey, *arguments]

    def socket_path(self) -> Path:
        return Path(self.plan.sockets) / "redis.sock"

    def greet(self, connection: socket.socket) -> bool:
        connection.sendall(b"PING\r\n")
        return connection.recv(5) == b"+PONG"
