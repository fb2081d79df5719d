"""The holder's own process, started by path: `python app/embedded <plan as JSON>`."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Hold the servers of the plan; on failure print why, for the starter to read, and answer 1."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # Python was told to look nowhere (-I, -S)
    from app.embedded.errors import Unavailable
    from app.embedded.holder import hold
    from app.embedded.plan import Plan

    try:
        hold(Plan.from_json(sys.argv[1]))
    except Unavailable as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
