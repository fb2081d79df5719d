"""Prepared statements that outlive the end of a request, and plans that outlive the statement.

A request that only read ends with a ROLLBACK. psycopg forgets there what it has prepared, in case that
tables went with the transaction, and PostgreSQL would read every statement of every page anew. Our tables
come and go with migrations only.

Plans are made for each value (see `config.py`), which a list is worth. What is written goes by keys, for
which any plan is as good; and each foreign key is a statement that is planned too. So it is with what every
page asks, whoever asks: who they are, and how many tickets wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg._preparing import PrepareManager
from psycopg.errors import FeatureNotSupported
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.orm import Session


class _Kept(PrepareManager):
    """What one connection has prepared: what it is asked a third time, for it will be asked again."""

    prepare_threshold = 2

    def clear(self) -> bool:
        """Forget nothing."""
        return False


def install(engine: Engine) -> None:
    """Let the connections of `engine` keep what they prepare."""
    event.listen(engine, "connect", _keep)
    event.listen(engine, "handle_error", _begin_anew)


def keep_plans(session: Session) -> None:
    """Let PostgreSQL plan once, where that is no dearer, what is asked again and again until the commit."""
    session.connection().exec_driver_sql("SET LOCAL plan_cache_mode = auto")


@contextmanager
def one_plan(session: Session) -> Iterator[None]:
    """Let PostgreSQL plan once for each connection what is asked here: any plan of it must do for any value.

    Afterwards plans are made for each value again; of a statement that fails the rollback sees to that. A
    value by which PostgreSQL proves that an index of some rows will do must stand in the statement itself.
    """
    connection = session.connection()
    connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
    yield
    connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_custom_plan")


def _keep(connection: Any, _record: Any) -> None:
    connection._prepared = _Kept()


def _begin_anew(context: ExceptionContext) -> None:
    """After a migration that gave a column another type, what was prepared is refused: connect again."""
    if isinstance(context.original_exception, FeatureNotSupported):
        context.is_disconnect = True
