"""What was measured, as tables: on the terminal and in docs/performance.md alike."""

from __future__ import annotations

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
        lines = [self.header, tuple("---" for _ in self.header), *self.rows]
        table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
        return "\n\n".join(part for part in (f"### {self.title}", self.note, table) if part)

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


def milliseconds(value: float) -> str:
    """Write milliseconds with a sensible number of digits."""
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"
