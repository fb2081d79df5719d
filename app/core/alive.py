"""Whether a connection of the pool still lives, without asking the server.

An idle connection has nothing to read. A server that ended it said so, or closed it: then there is something
to read, and only then is the server asked (`pool_pre_ping`), which is a question before each request else.
"""

from __future__ import annotations

import select
from typing import Any

from psycopg import OperationalError
from sqlalchemy import Engine


def install(engine: Engine) -> None:
    """Let the pool of `engine` ask the server only where a connection gives reason to."""
    dialect: Any = engine.dialect
    asked = dialect.do_ping
    dialect.do_ping = lambda connection: _is_idle(connection) or asked(connection)


def _is_idle(connection: Any) -> bool:
    """Tell whether the connection is open and silent."""
    try:
        waiting = select.poll()
        waiting.register(connection.fileno(), select.POLLIN)
    except OperationalError:  # closed on this side
        return False
    return not waiting.poll(0)
