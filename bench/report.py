"""What was measured, as tables: on the terminal and in docs/performance.md alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """Rows under a title. Cells are written as they are shown."""

    title: str
    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""

    def markdown(self) -> str:
        """Return the table with its title and note."""
        return "\n\n".join(part for part in (f"### {self.title}", self.note, self.rows_only()) if part)

    def rows_only(self) -> str:
        """Return the table alone, as Markdown."""
        lines = [self.header, tuple("---" for _ in self.header), *self.rows]
        return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)

    def plain(self) -> str:
        """Return the table with columns of equal width, for a terminal."""
        lines = [self.header, *self.rows]
        widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
        told = (
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
        )
        return "\n".join([self.title, *(line.rstrip() for line in told)])


@dataclass(frozen=True)
class Section:
    """One part of the bench: its tables, or the text that a script of its own printed."""

    title: str
    tables: Sequence[Table] = field(default_factory=tuple)
    text: str = ""

    def markdown(self) -> str:
        """Return the section as it stands in the page."""
        body = [table.markdown() for table in self.tables] + (
            [f"```text\n{self.text}\n```"] if self.text else []
        )
        return "\n\n".join([f"## {self.title}", *body])

    def plain(self) -> str:
        """Return the section for a terminal."""
        return "\n\n".join(
            [f"── {self.title}", *(table.plain() for table in self.tables), self.text]
        ).rstrip()


def met(values: Iterable[tuple[float, float]]) -> str:
    """Say whether each value is at most its limit."""
    return "yes" if all(value <= limit for value, limit in values) else "**no**"


FIGURES = ("what", "measured", "target", "met")
"""The header of a table whose rows are `at_most` and `at_least`."""


def at_most(what: str, value: float, limit: float, form: str, more: str = "") -> tuple[str, ...]:
    """Return the row of a figure that must not be greater; `form` writes it: `{:.1f} s`."""
    return (what, form.format(value) + more, f"≤ {_short(form, limit)}", met([(value, limit)]))


def at_least(what: str, value: float, limit: float, form: str, more: str = "") -> tuple[str, ...]:
    """Return the row of a figure that must not be less."""
    return (what, form.format(value) + more, f"≥ {_short(form, limit)}", met([(limit, value)]))


def only_told(what: str, value: float, form: str) -> tuple[str, ...]:
    """Return the row of a figure without a target."""
    return (what, form.format(value), "–", "–")


def _short(form: str, limit: float) -> str:
    """Write a limit in the unit of `form`, without digits it does not have."""
    return re.sub(r"\{[^}]*\}", f"{limit:,g}", form)


def milliseconds(value: float) -> str:
    """Write milliseconds with a sensible number of digits."""
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"
