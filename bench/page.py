"""docs/performance.md: what it says before the tables, and the tables as they were measured."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from app.core.clock import now
from app.embedded import binaries
from bench.meter import LOOP, calibration
from bench.report import Section

LIBRARIES = ("Flask", "Flask-AppBuilder", "SQLAlchemy", "psycopg", "granian", "rq")

HEAD = """# Performance

Written by a command, from measurements of one run; do not edit by hand:

```sh
{command}
```

**How to read it.** The unit is CPU milliseconds a request: what the web processes and PostgreSQL together
computed for it, read from the kernel. On a shared machine that tells more than time, where a request also
waits for others. Times are medians and 95th percentiles, by one connection that stays open and by eight.
Statements are counted by PostgreSQL (`pg_stat_statements`), without the frame of a transaction and the pool's
question whether a connection lives. The peer is Flask-AppBuilder as it comes: a view and an API over
*the same* tables, under the same server, asked in turns with the product. It validates, routes, audits and
tells nothing. A **no** in the last column is a target that is missed.

**The data.** Three messages a ticket, 50 agents in 10 teams, a customer for each 20 tickets, tags and custom
fields, twelve routing rules; 2 % of the tickets are active work. It is made once in `var/bench`, always the
same, and each run works on copies.

**The machine.** {machine}. A loop of {loop:,} steps of Python takes {seconds:.2f} s on it.

**The versions.** {versions}.
"""


def write(path: Path, sections: Sequence[Section], command: str) -> None:
    """Write the page."""
    head = HEAD.format(
        command=command, machine=machine(), loop=LOOP, seconds=calibration(), versions=versions()
    )
    path.write_text(
        "\n\n".join([head.rstrip(), *(part.markdown() for part in sections)]) + "\n", encoding="utf-8"
    )


def machine() -> str:
    """Return what the program ran on, and how busy that was."""
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}, {now():%Y-%m-%d}; "
        f"load at the end of the run {load:.1f}"
    )


def versions() -> str:
    """Return the versions of what matters."""
    postgres = subprocess.run(
        [binaries.postgres() / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[-1]
    known = [f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES]
    return ", ".join([f"Python {sys.version.split()[0]}", f"PostgreSQL {postgres}", *known])
