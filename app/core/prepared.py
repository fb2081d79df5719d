"""Prepared statements that outlive the end of a request.

A request that only read ends with a ROLLBACK. psycopg forgets there what it has prepared, in case that
tables went with the transaction, and PostgreSQL would read every statement of every page anew. Our tables
come and go with migrations only.
"""

from __future__ import annotations

from typing import Any

from psycopg._preparing import PrepareManager
from psycopg.errors import FeatureNotSupported
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext


class _Kept(PrepareManager):
    """What one connection has prepared."""

    def clear(self) -> bool:
        """Forget nothing."""
        return False


def install(engine: Engine) -> None:
    """Let the connections of `engine` keep what they prepare."""
    event.listen(engine, "connect", _keep)
    event.listen(engine, "handle_error", _begin_anew)


def _keep(connection: Any, _record: Any) -> None:
    connection._prepared = _Kept()


def _begin_anew(context: ExceptionContext) -> None:
    """After a migration that gave a column another type, what was prepared is refused: connect again."""
    if isinstance(context.original_exception, FeatureNotSupported):
        context.is_disconnect = True
