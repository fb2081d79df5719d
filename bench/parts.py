"""The parts of the bench: modules of this package with a title, each found by its name.

A part shares the data (`run(places)` returns tables) or stands for itself (`main()` prints what it found).
"""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from bench.cluster import ROOT, Place
from bench.report import Section

SHARING = ("pages", "away", "routing", "webhooks", "idempotency", "archive", "export", "starting")
"""Parts that share the data, in the order of the page."""


def names() -> tuple[str, ...]:
    """Return the names of all parts: those that share the data, then those that stand for themselves."""
    folder = Path(__file__).parent
    alone = (file.stem for file in sorted(folder.glob("*.py")) if not file.stem.startswith("__"))
    return (
        *SHARING,
        *(name for name in alone if name not in SHARING and "\ndef main(" in _text(folder, name)),
    )


def title(name: str) -> str:
    """Return the title of a part: its own, or the first sentence of its file."""
    module = _module(name)
    own = getattr(module, "TITLE", None)
    return own or (module.__doc__ or name).strip().splitlines()[0].rstrip(".")


def measure(name: str, places: list[Place]) -> Section:
    """Run a part."""
    if name in SHARING:
        return Section(title(name), _module(name).run(places))
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"bench.{name} failed:\n{done.stdout}{done.stderr}")
    return Section(title(name), text=done.stdout.strip())


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"bench.{name}")


def _text(folder: Path, name: str) -> str:
    return (folder / f"{name}.py").read_text(encoding="utf-8")
