"""Compares the catalogues with the texts in code and templates. `--write` brings them up to date."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
TRANSLATIONS = ROOT / "translations"
TEMPLATE = TRANSLATIONS / "messages.pot"
PYBABEL = Path(sys.executable).parent / "pybabel"
SOURCE_LOCALE = "en"
KEYWORDS = ("_n:1,2", "lazy_gettext", "lazy_ngettext:1,2")


def main(arguments: list[str]) -> int:
    """Print what the catalogues lack, or write it."""
    if "--write" in arguments:
        write()
        return 0
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "messages.pot"
        extract(fresh)
        found = list(complaints(fresh))
    print("\n".join(found[:40]))
    return 1 if found else 0


def extract(target: Path) -> None:
    """Collect the texts of code and templates."""
    keywords = [part for keyword in KEYWORDS for part in ("-k", keyword)]
    pybabel(
        "extract", "-F", "babel.cfg", *keywords, "--sort-by-file", "--no-location", "-o", str(target), "."
    )


def write() -> None:
    """Bring the template and every catalogue up to date; new texts are left empty for a translator."""
    extract(TEMPLATE)
    for catalogue in catalogues():
        locale = catalogue.parts[-3]
        pybabel(
            *("update", "-i", str(TEMPLATE), "-o", str(catalogue), "-l", locale),
            *("--no-fuzzy-matching", "--ignore-obsolete"),
        )


def complaints(fresh: Path) -> Iterator[str]:
    """The texts that a catalogue lacks, has too many of, or has not translated."""
    wanted = ids(read(fresh))
    for file in [TEMPLATE, *catalogues()]:
        there = read(file)
        name = file.relative_to(ROOT)
        for text in sorted(wanted - ids(there), key=str):
            yield f"{name} lacks {text!r}; run: python3 scripts/catalogues.py --write"
        for text in sorted(ids(there) - wanted, key=str):
            yield f"{name} still has {text!r}; run: python3 scripts/catalogues.py --write"
        yield from (f"{name} does not translate {text!r}" for text in untranslated(file, there))


def untranslated(file: Path, catalogue: Catalog) -> list[object]:
    """Texts without a translation; the source language and the template need none."""
    if file == TEMPLATE or catalogue.locale is None or str(catalogue.locale) == SOURCE_LOCALE:
        return []
    return [message.id for message in catalogue if message.id and (not message.string or message.fuzzy)]


def catalogues() -> list[Path]:
    return sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))


def read(file: Path) -> Catalog:
    if not file.exists():
        return Catalog()
    with file.open("rb") as opened:
        return read_po(opened)


def ids(catalogue: Catalog) -> set[object]:
    return {message.id for message in catalogue if message.id}


def pybabel(*arguments: str) -> None:
    subprocess.run([PYBABEL, "-q", *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
