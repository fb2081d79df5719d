"""The holder's own process, started by path: `python app/embedded <plan as JSON>`."""

from __future__ import annotations

import sys
import types
from pathlib import Path


def main() -> int:
    """Hold the servers of the plan; on failure print why, for the starter to read, and answer 1."""
    # `app` is set up by hand: running app/__init__.py would load the whole product into this small process.
    package = types.ModuleType("app")
    package.__path__ = [str(Path(__file__).resolve().parents[1])]
    sys.modules["app"] = package
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
