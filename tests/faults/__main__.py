"""`python3 run.py faults [--full] [--write docs/faults.md]`: killed in every way, and what came of it."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from app.launch.console import say, step
from bench.page import machine, versions
from bench.report import Table
from tests.faults.desk import running
from tests.faults.harm import HARMS
from tests.faults.trial import FULL, SHORT, Outcome, trial

HEADER = (
    "fault", "effects", "lost", "doubled", "same id again", "writes", "refused", "p95 ms before", "during",
    "pages back, s", "waiting at the end", "all arrived after, s",
)  # fmt: skip

HEAD = """# Faults

Written by a command from what it saw; do not edit by hand:

```sh
{command}
```

The whole program runs with a PostgreSQL of its own, a Redis, a receiver of webhooks and a mail server. Four clients open tickets
and answer them by REST, some twenty effects a second, while one thing after the other is broken. After each fault the load goes on, then ends, and
the command waits until everything was told.

| column | what it counts |
|---|---|
| effects | events for the webhook and mails that the writes of this row led to |
| lost | acknowledged writes that are not in the database, and effects that never arrived: must be 0 |
| doubled | a second event, finished delivery or mail for one cause, which nobody outside could recognise as such: must be 0 |
| same id again | arrivals under a `webhook-id` or `Message-ID` that was there before. A sender was killed between the answer and its commit; who drops known ids sees it once. That is what at least once means |
| refused | writes that were not acknowledged. While web or PostgreSQL are down they must be; without Redis none may be |
| p95 | what a writer waited, before the fault and while it lasted |
| pages back | seconds after the last blow until ten pages in a row were served: at most 15 |
| all arrived after | seconds from the end of the load until nothing was missing: at most 120, what was cut off in the middle included |

`python3 run.py faults` is the short form, which the tests run too. {machine}. {versions}.

## Measured

{table}
"""


def main(arguments: list[str]) -> int:
    """Run all faults, print the table, and tell by the status whether something was lost or doubled."""
    asked = _asked(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended too
    outcomes = []
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as desk:
        for fault in HARMS:
            with step(fault):
                outcomes.append(trial(desk, fault, FULL if asked.full else SHORT))
            say(f"  {outcomes[-1]}")
    table = Table("Faults", HEADER, [*map(_row, outcomes), _sum(outcomes)])
    say(f"\n{table.plain()}")
    if asked.write:
        command = " ".join(["python3 run.py faults", *arguments])
        facts = {"machine": machine(), "versions": versions(), "table": table.rows_only()}
        asked.write.write_text(HEAD.format(command=command, **facts), encoding="utf-8")
    return 1 if any(one.lost or one.doubled or one.back is None for one in outcomes) else 0


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 run.py faults", description=__doc__)
    parser.add_argument("--full", action="store_true", help="10,000 effects, and faults of a minute each")
    parser.add_argument("--write", type=Path, help="the page to write, docs/faults.md")
    return parser.parse_args(arguments)


def _row(one: Outcome) -> tuple[str, ...]:
    return (
        one.fault, str(one.effects), str(one.lost), str(one.doubled), str(one.again), str(one.writes),
        str(one.refused), f"{one.slow_before:.0f}", f"{one.slow_during:.0f}", _seconds(one.back),
        str(one.waiting), _seconds(one.settled),
    )  # fmt: skip


def _sum(outcomes: list[Outcome]) -> tuple[str, ...]:
    names = ("effects", "lost", "doubled", "again", "writes", "refused")
    return ("all", *(str(sum(getattr(one, name) for one in outcomes)) for name in names), *[""] * 5)


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:.1f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
