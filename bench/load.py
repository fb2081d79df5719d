"""Asks the same kind of thing again and again, by one connection or by several, and keeps the times."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.client import Client, Request
from bench.meter import Meter

Ask = Callable[[int], Request]
"""Gives the n-th request; never the same row twice in a row where that would flatter a cache."""

WARM, FEWEST = 6, 5
SECONDS, MOST = 1.5, 300
AT_ONCE = 8


@dataclass(frozen=True)
class Reading:
    """What one kind of request costs. Milliseconds, statements a request, requests a second."""

    median: float
    slow: float
    """The 95th percentile, by one connection."""
    median_of_eight: float
    slow_of_eight: float
    rate: float
    """Requests a second, by eight connections."""
    web: float
    database: float
    statements: float

    @property
    def cpu(self) -> float:
        """CPU milliseconds a request, in all."""
        return self.web + self.database


def read(client: Client, ask: Ask, meter: Meter) -> Reading:
    """Measure by one connection, then by eight. Raises ValueError for an unexpected answer."""
    numbers = itertools.count()
    for _ in range(WARM):  # both web processes must have seen it
        client.again().ask(ask(next(numbers)))
    (times, _elapsed), spent = meter.around(lambda: _asked(client, ask, numbers, 1))
    count = len(times)
    together, elapsed = _asked(client, ask, numbers, AT_ONCE)
    return Reading(
        median=statistics.median(times),
        slow=_slow(times),
        median_of_eight=statistics.median(together),
        slow_of_eight=_slow(together),
        rate=len(together) / elapsed,
        web=spent.web * 1000 / count,
        database=spent.database * 1000 / count,
        statements=spent.statements / count,
    )


def _asked(client: Client, ask: Ask, numbers: Iterator[int], connections: int) -> tuple[list[float], float]:
    """Return the milliseconds of each request, and the seconds of all."""
    started = time.perf_counter()
    until = started + SECONDS
    with ThreadPoolExecutor(connections) as pool:
        runs = [
            pool.submit(_one_after_another, client.again(), ask, numbers, until) for _ in range(connections)
        ]
        times = [taken for run in runs for taken in run.result()]
    return times, time.perf_counter() - started


def _one_after_another(client: Client, ask: Ask, numbers: Iterator[int], until: float) -> list[float]:
    times: list[float] = []
    while len(times) < MOST and (len(times) < FEWEST or time.perf_counter() < until):
        started = time.perf_counter()
        client.ask(ask(next(numbers)))
        times.append((time.perf_counter() - started) * 1000)
    return times


def _slow(times: list[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]
