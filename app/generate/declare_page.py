"""docs/declare.md: every word of a declaration, written down from the classes themselves."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import ModuleType
from typing import Any

from app.core import declare, matter, shape
from app.models import base
from app.models.teams import Team

HEAD = """# What a declaration says

Every word a model file may use, written from `app/core/declare.py` and `app/models/base.py` by
`python3 run.py docs declare`; a test compares the two. [Add a thing](add-a-thing.md) shows how it is used.

A word that is not here is a `TypeError`; a name that leads nowhere stops the program at its start. Only
names, texts and enums stand in a declaration: what needs a function, a widget or a template is a hand-written
view.

A whole model, as it stands in `app/models/teams.py`:

"""
SECTIONS: tuple[tuple[str, tuple[type[Any], ...]], ...] = (
    ("The thing", (declare.Resource, declare.Ask, matter.Matter)),
    ("A column", (declare.Ui, declare.Criteria)),
    (
        "JSON of a declared shape",
        (shape.Lines, shape.Words, shape.Languages, shape.Grid, shape.Changes, shape.Member),
    ),
    ("Who may do what", (declare.Grant, declare.Can, declare.Scope, declare.Rows, declare.Role)),
    ("The API", (declare.Api,)),
    ("Where it appears", (declare.Desk, declare.Menu)),
)
BASES = (base.Entry, base.Record, base.Created, base.Stamped)
FUNCTIONS = (declare.ui, base.choice, base.link, base.employee_link, base.folded, base.ordered)


@dataclass(frozen=True)
class Word:
    """One attribute of a class or module: its type and default as they are written, and what it means."""

    name: str
    takes: str
    default: str
    meaning: str


def declare_page() -> str:
    """Return the page."""
    parts = [HEAD, f"```python\n{inspect.getsource(Team).rstrip()}\n```\n"]
    for title, classes in SECTIONS:
        parts += [f"\n## {title}\n", *(_class(one) for one in classes)]
    parts += ["\n## Shapes of columns\n", *_shapes(), "\n## Bases\n", *_bases()]
    return "".join(parts)


def words_of(source: type[Any] | ModuleType) -> tuple[Word, ...]:
    """Return the attributes of `source` in their order; the text below one is its meaning."""
    tree = ast.parse(inspect.getsource(source))
    body = tree.body if isinstance(source, ModuleType) else tree.body[0].body  # type: ignore[attr-defined]
    return tuple(_words(body))


def _words(body: list[ast.stmt]) -> Iterator[Word]:
    for place, node in enumerate(body):
        meaning = _text(body[place + 1]) if place + 1 < len(body) else ""
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=value):
                yield Word(name, ast.unparse(kind), ast.unparse(value) if value else "", meaning)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield Word(name, "", ast.unparse(value), meaning)


def _text(node: ast.stmt) -> str:
    match node:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return " ".join(text.split())
    return ""


def _class(one: type[Any]) -> str:
    words = words_of(one)
    if issubclass(one, Enum):
        return _section(one, _table(("word", "meaning"), _members(one, words)))
    rows = ([f"`{word.name}`", f"`{word.takes}`", _default(word), word.meaning] for word in words)
    return _section(one, _table(("word", "takes", "if left out", "meaning"), rows))


def _section(one: type[Any], body: str) -> str:
    return f"\n### {one.__name__}\n\n{inspect.cleandoc(one.__doc__ or '')}\n\n{body}"


def _members(one: type[Any], words: Iterable[Word]) -> Iterator[list[str]]:
    labels: Mapping[str, Any] = one.__members__
    for word in words:
        if word.name in labels:
            yield [f"`{word.name}`", word.meaning or str(getattr(labels[word.name], "label", ""))]


def _default(word: Word) -> str:
    default = word.default.replace("field(default_factory=dict)", "{}")
    return f"`{default}`" if default else "must be said"


def _shapes() -> Iterator[str]:
    rows = [
        [f"`{word.name}`", word.meaning]
        for word in words_of(base)
        if word.default.startswith("Annotated") and word.meaning
    ]
    yield "\nFor `Mapped[…]`; `| None` lets a column be empty.\n\n"
    yield _table(("shape", "what it keeps"), rows)
    yield "\n"
    calls = ([f"`{_call(one)}`", _first(one)] for one in FUNCTIONS)
    yield _table(("function", "what it gives"), calls)


def _bases() -> Iterator[str]:
    yield "\n"
    yield _table(("class", "what it brings"), ([f"`{one.__name__}`", _first(one)] for one in BASES))


def _call(function: Any) -> str:
    """Return how `function` is called, as its source says it."""
    tree = ast.parse(inspect.getsource(function)).body[0]
    return f"{function.__name__}({ast.unparse(tree.args)})"  # type: ignore[attr-defined]


def _first(one: Any) -> str:
    return " ".join(inspect.cleandoc(one.__doc__ or "").split())


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)
