"""Two values side by side, with the words that differ marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import orjson

from app.generate.parts import Cell, Show

LARGEST = 250_000
"""Pairs of words compared at most; of longer texts all between the first and last difference is marked."""
AROUND = 120
"""Characters of what did not change that stand around a difference."""
LEFT_OUT = " … "
_CJK = "\u3040-\u30ff\u3400-\u9fff"
_WORDS = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that differs from the other side, or does not."""

    text: str
    differs: bool = False


def compared(before: Cell, after: Cell) -> tuple[Cell, Cell]:
    """Return two cells with their words marked, where both are text, tags or JSON; else as they are."""
    old, new = _text(before), _text(after)
    if not old or not new or old == new:
        return before, after
    left, right = pieces(old, new)
    code = Show.JSON in {before.kind, after.kind}
    marked = Cell(kind=Show.MARKED, text="code" if code else "")
    return replace(marked, value=left), replace(marked, value=right)


def pieces(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return both texts in pieces. What both have between is left out where it is long."""
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    left: list[Piece] = []
    right: list[Piece] = []
    for same, one, other in _runs(a, b):
        _add(left, Piece("".join(one), not same))
        _add(right, Piece("".join(other), not same))
    return _shortened(left), _shortened(right)


def _add(side: list[Piece], piece: Piece) -> None:
    if side and side[-1].differs == piece.differs:
        piece = Piece(side.pop().text + piece.text, piece.differs)
    if piece.text:
        side.append(piece)


def _runs(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Yield stretches that are the same in both, and others; blanks between two of those are one too."""
    start = _common(a, b)
    end = _common(a[start:][::-1], b[start:][::-1])
    one, other = a[start : len(a) - end], b[start : len(b) - end]
    yield True, a[:start], b[:start]
    if len(one) * len(other) > LARGEST:
        yield False, one, other
    else:
        matcher = SequenceMatcher(None, one, other, autojunk=False)
        for tag, i, j, k, m in matcher.get_opcodes():
            inner = i > 0 and j < len(one)
            yield tag == "equal" and not (inner and _is_blank(one[i:j])), one[i:j], other[k:m]
    yield True, a[len(a) - end :], b[len(b) - end :]


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    return next(
        (n for n, (one, other) in enumerate(zip(a, b, strict=False)) if one != other), min(len(a), len(b))
    )


def _is_blank(words: Sequence[str]) -> bool:
    return not "".join(words).strip()


def _shortened(found: list[Piece]) -> tuple[Piece, ...]:
    last = len(found) - 1
    return tuple(
        piece if piece.differs else Piece(_cut(piece.text, head=n > 0, tail=n < last))
        for n, piece in enumerate(found)
    )


def _cut(text: str, *, head: bool, tail: bool) -> str:
    """Return a stretch without its middle, or without the end that no difference follows."""
    if len(text) <= 2 * AROUND + len(LEFT_OUT):
        return text
    first = text[:AROUND].rsplit(None, 1)[0] if head else ""
    end = text[-AROUND:].split(None, 1)[-1] if tail else ""
    return f"{first}{LEFT_OUT}{end}"


def _text(cell: Cell) -> str | None:
    """Return a value as text, None for what is no text: a state, a moment, a number, a link."""
    if cell.kind is Show.JSON:
        return orjson.dumps(
            cell.value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS, default=str
        ).decode()
    if cell.kind is Show.TAGS and isinstance(cell.value, list | tuple):
        return "\n".join(str(one) for one in cell.value)
    return str(cell.text) if cell.kind in {Show.TEXT, Show.LONG_TEXT, Show.MARKDOWN} else None
