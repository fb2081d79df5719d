"""No migration holds a lock for long: squawk reads the statements that each step really sends."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alembic.command import upgrade
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event

SQUAWK = shutil.which("squawk", path=Path(sys.executable).parent)
OTHERWISE = (
    "prefer-robust-stmts",  # what failed is taken back, or made anew by the next start
    "require-lock-timeout", "require-statement-timeout",  # migrations/env.py sets the one that matters
    "prefer-text-field", "prefer-bigint-over-int",  # lengths bound what is typed, small numbers are small
    "ban-drop-constraint",  # a CHECK is widened by dropping it
    "renaming-object",  # an index, which no program names
)  # fmt: skip
"""Rules that are kept in another way, and how."""
SMALL = {
    "0004": {"ban-drop-generated-expression"},  # no program writes the column
    "0007": {"constraint-missing-not-valid"},  # employees
    "0008": {"adding-field-with-default"},  # webhooks
    "0009": {
        "adding-foreign-key-constraint",
        "constraint-missing-not-valid",
        "require-concurrent-index-creation",
    },
    "0012": {"constraint-missing-not-valid"},  # jobs
    "0013": {"constraint-missing-not-valid", "require-concurrent-index-creation"},  # jobs and files
}  # fmt: skip
"""What is said of steps whose tables have few rows wherever Frontdesk runs: they are read in no time."""


def test_no_step_locks_a_table_for_long(connection: Connection, config: Config) -> None:
    said: dict[str, set[str]] = {}
    sent: list[tuple[bool, str]] = []

    @event.listens_for(connection.engine, "before_cursor_execute")
    def note(with_: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append((with_.connection.dbapi_connection.autocommit, statement.rstrip("; \n") + ";"))  # type: ignore[union-attr]

    first, *steps = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()][::-1]
    upgrade(config, first)  # makes all its tables itself
    for step in steps:
        sent.clear()
        upgrade(config, step)
        said[step] = set(squawk("\n".join(script(sent))))
    assert {step: rules for step, rules in said.items() if rules} == SMALL


def script(sent: list[tuple[bool, str]]) -> Iterator[str]:
    """What was sent as psql would send it, transactions included."""
    for alone, statements in itertools.groupby(sent, key=lambda one: one[0]):
        texts = [text for _, text in statements if "pg_catalog" not in text]
        yield from texts if alone else ["BEGIN;", *texts, "COMMIT;"]


def squawk(text: str) -> list[str]:
    """The rules that a script breaks."""
    assert SQUAWK is not None
    command = [SQUAWK, "--reporter", "json", "--pg-version", "16.0", "--exclude", ",".join(OTHERWISE)]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return [one["rule_name"] for one in json.loads(done.stdout)]
