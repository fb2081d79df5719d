"""Translations as the program reads them (.mo), made from those that people write (.po)."""

from __future__ import annotations

import os
from pathlib import Path


def compile_stale(folder: Path) -> None:
    """Compile every catalogue under `folder` that is newer than its compiled form."""
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            _compile(source, compiled)


def _compile(source: Path, compiled: Path) -> None:
    from babel.messages.mofile import write_mo  # needed seldom, and slow to load
    from babel.messages.pofile import read_po

    unfinished = compiled.with_name(f"{compiled.name}.{os.getpid()}")
    with source.open("rb") as written, unfinished.open("wb") as file:
        write_mo(file, read_po(written))
    unfinished.replace(compiled)
