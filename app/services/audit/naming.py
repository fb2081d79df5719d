"""Naming the first bad row of a block whose root does not match, by the marks the block keeps of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from app.services.audit import tree
from app.services.audit.blocks import Block, pages
from app.services.audit.entries import Entry


class Fault(NamedTuple):
    """What is wrong, and where: a row, else a block, else the log as a whole."""

    what: str
    block: int | None = None
    row: int | None = None

    def __str__(self) -> str:
        """Return it as one sentence that begins with the place."""
        places = (("Row", self.row), ("Block", self.block))
        place = next((f"{word} {number}" for word, number in places if number is not None), "The log")
        within = f" (block {self.block})" if self.row is not None and self.block is not None else ""
        return f"{place}{within} {self.what}."


def first_bad_row(connection: Connection, block: Block, entries: Sequence[Entry]) -> Fault:
    """Return what became of the first row that is not as it was when `block` was sealed."""
    before = tree.marked(block.first_id, block.marks)
    after = {entry.id: tree.part(entry) for entry in entries}
    for number in sorted({*before, *after}):
        if number not in after:
            return Fault("was deleted", block.id, number)
        if number not in before:
            return Fault("was inserted after the block was sealed", block.id, number)
        if before[number] != after[number]:
            return Fault(_became(connection, number, after[number]), block.id, number)
    return Fault("was rewritten: its root is not that of its rows", block.id)


def _became(connection: Connection, number: int, part: bytes) -> str:
    """Say what a changed row is now: another row's contents, or something that was never sealed."""
    for page in pages(connection):
        for block in page:
            for other, mark in tree.marked(block.first_id, block.marks).items():
                if mark == part and other != number:
                    return f"was swapped: it holds what row {other} held"
    return "was edited"
