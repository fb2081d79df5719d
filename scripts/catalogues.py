"""Compares the catalogues with the texts in code and templates. `--write` brings them up to date.

People write `translations/<locale>/LC_MESSAGES/messages.po`; the pseudo-locale's is made by rule. The source
language is what stands in the code and has no catalogue.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from pseudo_locale import pseudo

ROOT = Path(__file__).resolve().parents[1]
TRANSLATIONS = ROOT / "translations"
PYBABEL = Path(sys.executable).parent / "pybabel"
KEYWORDS = ("_n:1,2", "_p:1c,2", "lazy_gettext", "lazy_ngettext:1,2", "lazy_pgettext:1c,2")
REMEDY = "run: python3 scripts/catalogues.py --write"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\{.*?\}\}")
MADE_BY_RULE = "# Made by scripts/catalogues.py; changes here are lost.\n"

Key = tuple[str, str]
"""What tells one text from another: its context, mostly empty, and its wording (a plural's: the singular)."""


def main(arguments: list[str]) -> int:
    """Print what the catalogues lack, or write it."""
    texts = extract()
    if "--write" in arguments:
        write(texts)
    found = [complaint for file in catalogues() for complaint in complaints(file, texts)]
    print("\n".join(found[:40]))
    return 1 if found else 0


def extract() -> Catalog:
    """Collect the texts of code and templates."""
    keywords = [part for keyword in KEYWORDS for part in ("-k", keyword)]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "messages.pot"
        command = [PYBABEL, "-q", "extract", "-F", "babel.cfg", *keywords]
        subprocess.run([*command, "--sort-by-file", "--no-location", "-o", target, "."], cwd=ROOT, check=True)
        return read(target)


def write(texts: Catalog) -> None:
    """Bring every catalogue up to date; new texts are left empty for a translator."""
    for file in catalogues():
        if is_pseudo(file):
            file.write_text(MADE_BY_RULE + written(made_by_rule(texts), omit_header=True))
        else:
            catalogue = read(file)
            catalogue.update(texts, no_fuzzy_matching=True, update_creation_date=False)
            file.write_text(written(catalogue))


def written(catalogue: Catalog, omit_header: bool = False) -> str:
    """Return a catalogue as it stands in its file."""
    target = io.BytesIO()
    write_po(target, catalogue, width=110, ignore_obsolete=True, omit_header=omit_header)
    return target.getvalue().decode()


def made_by_rule(texts: Catalog) -> Catalog:
    """Return the catalogue of the pseudo-locale."""
    made = Catalog()
    for message in texts:
        if message.id:
            strings = [pseudo(text) for text in wordings(message.id)]
            made.add(message.id, strings if message.pluralizable else strings[0], context=message.context)
    return made


def complaints(file: Path, texts: Catalog) -> Iterator[str]:
    """Say what a catalogue lacks, has too many of, or says wrongly."""
    name, there = file.relative_to(TRANSLATIONS), read(file)
    wanted, known = by_key(texts), by_key(there)
    yield from (f"{name} lacks {key}; {REMEDY}" for key in wanted if key not in known)
    yield from (f"{name} still has {key}; {REMEDY}" for key in known if key not in wanted)
    yield from (f"{name} still keeps {key!r} at its end; {REMEDY}" for key in there.obsolete)
    yield from (f"{name}: {key} {fault}" for key, message in known.items() for fault in faults(message))
    if is_pseudo(file) and strings(known) != strings(by_key(made_by_rule(texts))):
        yield f"{name} is not what the rule makes; {REMEDY}"


def faults(message: Message) -> Iterator[str]:
    """Say what is wrong with one translation."""
    if not all(wordings(message.string)):
        yield "is not translated"
    elif message.fuzzy:
        yield "is marked as fuzzy"
    elif any(
        placeholders(text) != placeholders(wordings(message.id)[-1]) for text in wordings(message.string)
    ):
        yield "has other placeholders in its translation"


def placeholders(text: str) -> set[str]:
    """Return what is filled into a text later."""
    return set(PLACEHOLDER.findall(text))


def wordings(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Return the forms of a text: one, or those of the singular and the plurals."""
    return (text,) if isinstance(text, str) else tuple(text)


def by_key(catalogue: Catalog) -> dict[Key, Message]:
    return {(message.context or "", wordings(message.id)[0]): message for message in catalogue if message.id}


def strings(messages: dict[Key, Message]) -> dict[Key, tuple[str, ...]]:
    return {key: wordings(message.string) for key, message in messages.items()}


def catalogues() -> list[Path]:
    return sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))


def is_pseudo(file: Path) -> bool:
    return "_X" in file.parts[-3]


def read(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
