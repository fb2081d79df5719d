"""`python3 run.py bench [names…] [--tickets 10k,100k,1m] [--write docs/performance.md]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from app.launch.console import say
from bench import parts
from bench.cluster import start
from bench.data import place_of
from bench.meter import LOOP, calibration
from bench.page import write
from bench.report import Section

SIZES = "10k,100k"
UNITS = {"k": 1_000, "m": 1_000_000}


def main(arguments: list[str]) -> int:
    """Measure what is named, or everything; print it, and write the page if asked to."""
    asked = _asked(arguments)
    unknown = set(asked.names) - set(parts.names())
    if unknown:
        say(f"No such part: {', '.join(sorted(unknown))}. There are: {', '.join(parts.names())}")
        return 2
    say(f"A loop of {LOOP:,} steps of Python takes {calibration():.2f} s on this machine.")
    sections = list(_measured(asked.names or [*parts.names()], asked.tickets))
    if asked.write:
        write(asked.write, sections, " ".join(["python3 run.py bench", *arguments]))
        say(f"Written to {asked.write}.")
    return 0


def _measured(names: list[str], tickets: str) -> Iterator[Section]:
    """Yield each part's section as soon as it is there, printed too."""
    sharing = any(name in parts.SHARING for name in names)
    servers = start() if sharing else None
    places = [place_of(servers, _size(one)) for one in tickets.split(",")] if servers else []
    for name in names:
        section = parts.measure(name, places)
        say(f"\n{section.plain()}\n")
        yield section


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 run.py bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of: {', '.join(parts.names())}; all when none is named")
    parser.add_argument("--tickets", default=SIZES, help=f"sizes, as in 10k,100k,1m; {SIZES} when not given")
    parser.add_argument("--write", type=Path, help="the page to write, docs/performance.md")
    return parser.parse_args(arguments)


def _size(word: str) -> int:
    """Read `10k` or `1m`."""
    return int(word[:-1]) * UNITS[word[-1]] if word[-1] in UNITS else int(word)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
