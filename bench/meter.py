"""What is read from outside: CPU time and memory of processes with their children, and statements asked."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

from bench.cluster import Place, one

T = TypeVar("T")

STATEMENTS = """
SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND query !~* '^(begin|commit|rollback|set|savepoint|release|deallocate|discard)' AND query <> 'SELECT $1'
  AND query !~ 'pg_stat_statements'
"""
"""Those that count: neither the frame of a transaction nor the pool's question whether a connection lives."""

LOOP = 3_000_000
CLOCK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Spent:
    """CPU seconds of the web processes and of PostgreSQL, and statements, while something was done."""

    web: float
    database: float
    statements: int


@dataclass(frozen=True)
class Meter:
    """Looks at a web server and the PostgreSQL behind it."""

    place: Place
    web: int
    database: int

    def around(self, work: Callable[[], T]) -> tuple[T, Spent]:
        """Do `work`; return what it gives and what was spent meanwhile. The counting itself stays outside."""
        asked = self._statements()
        web, database = cpu(self.web), cpu(self.database)
        done = work()
        spent = cpu(self.web) - web, cpu(self.database) - database
        return done, Spent(*spent, self._statements() - asked)

    def _statements(self) -> int:
        with self.place.session() as session:
            (count,) = one(session, STATEMENTS)
        return int(count)


def family(pid: int) -> list[psutil.Process]:
    """Return a process and all that descend from it."""
    head = psutil.Process(pid)
    return [head, *head.children(recursive=True)]


def cpu(pid: int) -> float:
    """Return the CPU seconds of a process and its children, those that ended included."""
    total = 0.0
    for process in family(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])
    return total


def used(process: int) -> float:
    """Return the seconds of CPU one process has used, to the nanosecond where the kernel tells."""
    told = Path(f"/proc/{process}/schedstat")
    if told.exists():
        return int(told.read_text().split()[0]) / 1e9
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK


@dataclass(frozen=True)
class Memory:
    """MiB of a group of processes: resident as each counts it, and with shared pages counted once."""

    resident: float
    proportional: float

    def __add__(self, other: Memory) -> Memory:
        return Memory(self.resident + other.resident, self.proportional + other.proportional)


def memory(pid: int) -> Memory:
    """Return the memory of a process and its children."""
    held = [process.memory_full_info() for process in family(pid)]
    return Memory(sum(one.rss for one in held) / 2**20, sum(one.pss for one in held) / 2**20)


def calibration() -> float:
    """Return the CPU seconds of a fixed loop of Python, so that figures of two machines can be compared."""

    def run() -> float:
        started, total = time.process_time(), 0
        for number in range(LOOP):
            total += number & 7
        return time.process_time() - started

    return min(run() for _ in range(3))
