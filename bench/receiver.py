"""A receiver of webhooks that only notes when each event arrived, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

ANSWER = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Receiver:
    """When each event arrived first, by webhook-id, on the clock of `time.time`."""

    port: int = 0
    arrived: dict[str, float] = field(default_factory=dict)

    def url(self, number: int = 0) -> str:
        """Return one of as many addresses as are wanted."""
        return f"http://127.0.0.1:{self.port}/{number}"

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                lines = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
                await reader.readexactly(int(lines.get("content-length", 0)))
                self.arrived.setdefault(f"{head.split(' ', 2)[1]} {lines['webhook-id']}", time.time())
                writer.write(ANSWER)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Receive on a free port of loopback while the block runs."""
    receiver, loop, ready = Receiver(), asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        server = await asyncio.start_server(receiver._answer, "127.0.0.1", 0)
        receiver.port = server.sockets[0].getsockname()[1]
        ready.set()

    def live() -> None:
        loop.run_until_complete(serve())
        loop.run_forever()

    thread = threading.Thread(target=live, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield receiver
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
