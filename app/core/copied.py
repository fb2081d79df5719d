"""Many rows of one INSERT travel by COPY, which costs a third of what a parameter for each value does.

psycopg goes through the text of a statement for every set of parameters, and PostgreSQL plans it; a COPY has
no text and no plan. Nobody need ask for it: whoever adds many rows, the session or a service, gets it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from psycopg import sql
from sqlalchemy import Engine, event

_VALUE = r"%\(\w+\)s(::[A-Z ]+)?"
PLAIN = re.compile(
    rf"INSERT INTO (?P<table>\w+) \((?P<columns>\w+(, \w+)*)\) VALUES \({_VALUE}(, {_VALUE})*\)"  # noqa: S608  a pattern
)
"""An INSERT of values and nothing else: no expression, nothing on conflict, nothing to be returned."""
VALUE = re.compile(r"%\((\w+)\)s")


def install(engine: Engine) -> None:
    """Let the connections of `engine` add many rows so."""
    event.listen(engine, "do_executemany", copy)


def copy(cursor: Any, statement: str, rows: Sequence[dict[str, Any]], _context: Any) -> bool:
    """Write rows by COPY where `statement` adds them as they are; tell whether it did."""
    found = _as_copy(statement)
    if found is None:
        return False
    command, names = found
    with cursor.copy(command) as lines:
        for row in rows:
            lines.write_row([row[name] for name in names])
    return True


@lru_cache(256)
def _as_copy(statement: str) -> tuple[sql.Composed, list[str]] | None:
    """Return the COPY that does what an INSERT says, and the parameters of a row in their order."""
    found = PLAIN.fullmatch(statement)
    if found is None:
        return None
    columns = sql.SQL(", ").join(map(sql.Identifier, found["columns"].split(", ")))
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(found["table"]), columns)
    return command, VALUE.findall(statement)
