"""Keeps files of one idea and functions that read as a sentence: at most 300 and 40 lines."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("app", "scripts", "bench")
LONGEST_FILE = 300
LONGEST_FUNCTION = 40


def main() -> int:
    """Print what is too long."""
    files = [*ROOT.glob("*.py"), *(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))]
    found = [complaint for file in sorted(files) for complaint in complaints(file)]
    print("\n".join(found))
    return 1 if found else 0


def complaints(file: Path) -> Iterator[str]:
    """What is too long in one file."""
    text = file.read_text()
    name = file.relative_to(ROOT)
    lines = text.count("\n")
    if lines > LONGEST_FILE:
        yield f"{name}: {lines} lines; split it by idea"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{name}:{node.lineno}: {node.name} has {length} lines; give its parts names"


if __name__ == "__main__":
    sys.exit(main())
