"""Every check that is not a test, in one list: `python3 run.py check`."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

CHECKS: dict[str, list[str]] = {
    "ruff": [str(BIN / "ruff"), "check", "--no-cache", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "--no-cache", "."],
    "types": [sys.executable, "-m", "mypy"],
    "layers": [str(BIN / "lint-imports"), "--no-cache"],
    "templates": [str(BIN / "djlint"), "app/templates", "--lint", "--quiet"],
    "sizes": [sys.executable, "scripts/sizes.py"],
    "catalogues": [sys.executable, "scripts/catalogues.py"],
    "links": [sys.executable, "scripts/links.py"],
}


def main(names: list[str]) -> int:
    """Run the named checks, or all; print one line each, and what a failed one said."""
    unknown = set(names) - set(CHECKS)
    if unknown:
        print(f"No such check: {', '.join(sorted(unknown))}. There are: {', '.join(CHECKS)}")
        return 2
    failed = [name for name in names or CHECKS if not passes(name)]
    print(
        f"{len(failed)} of {len(names or CHECKS)} checks failed: {', '.join(failed)}"
        if failed
        else "All pass."
    )
    return 1 if failed else 0


def passes(name: str) -> bool:
    """Run one check and say how it went."""
    started = time.monotonic()
    done = subprocess.run(CHECKS[name], cwd=ROOT, capture_output=True, text=True, check=False)
    print(f"{'✗' if done.returncode else '✓'} {name} · {time.monotonic() - started:.1f} s", flush=True)
    if done.returncode:
        print((done.stdout + done.stderr).strip(), flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
