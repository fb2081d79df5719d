"""The first model file of a new thing, as a person would write it."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator

from app.generate.scaffold.ask import DECLARE, MODELS, ORM, Column, Thing

LONG = frozenset({"long_text", "tags"})
"""Kinds that make a list hard to read."""
WIDTH = 110


def model_file(made: Thing) -> str:
    """Return the file of `made`."""
    return "\n".join([f'"""{made.plural}."""', "", *_imports(made), *_choices(made), *_class(made), ""])


def _imports(made: Thing) -> Iterator[str]:
    wanted: dict[str, set[str]] = defaultdict(set)
    wanted[DECLARE] = {"Api", "Can", "Desk", "Grant", "Menu", "Resource", "Role", "ui"}
    wanted["app.core.i18n"], wanted[MODELS] = {"_"}, {"Record", "Stamped"}
    wanted[ORM] = {"Mapped", "mapped_column"}
    for column in made.columns:
        for module, names in column.kind.imports.items():
            wanted[module].update(names)
        if column.name == "reference":
            wanted[column.target.__module__].add(column.target.__name__)
            wanted[MODELS].add(_link(column))
    if _searched(made):
        wanted["typing"].add("Any")
        wanted[MODELS].add("folded")
    yield "from __future__ import annotations\n"
    for group in (("datetime", "decimal", "typing"), ("sqlalchemy",), ("app",)):
        lines = [
            _import(module, wanted[module]) for module in sorted(wanted) if module.split(".")[0] in group
        ]
        if lines:
            yield "\n".join([*lines, ""])


def _import(module: str, names: set[str]) -> str:
    if module == "datetime":
        return "import datetime as dt"
    ordered = sorted(names, key=lambda name: (not name[:1].isupper(), name.lower()))
    line = f"from {module} import {', '.join(ordered)}"
    return (
        line
        if len(line) <= WIDTH
        else "\n".join([f"from {module} import (", *(f"    {name}," for name in ordered), ")"])
    )


def _choices(made: Thing) -> Iterator[str]:
    for column in made.columns:
        if column.name == "select":
            yield f"\nclass {column.choice}(Choice):"
            yield f'    """The {column.label.lower()} of a {made.title.lower()}."""\n'
            for value in column.of:
                yield f'    {value.upper()} = "{value}", _("{value.replace("_", " ").capitalize()}")'
            yield ""


def _class(made: Thing) -> Iterator[str]:
    yield f"\nclass {made.name}(Record, Stamped):"
    yield f'    """{made.about}."""\n'
    yield f'    __tablename__ = "{made.table}"'
    yield from _indexes(made)
    yield ""
    yield from map(_mapped, made.columns)
    links = [column for column in made.columns if column.name == "reference"]
    if links:
        yield ""
        yield from (
            f"    {one.word}: {_type(one, one.target.__name__)} = relationship(viewonly=True)"
            for one in links
        )
    yield ""
    yield from _resource(made)


def _indexes(made: Thing) -> Iterator[str]:
    """Yield the indexes that find what is searched."""
    if _searched(made):
        names = ", ".join(f'"{name}"' for name in (made.table, *_searched(made)))
        yield _call("    __table_args__: Any = folded", names)


def _searched(made: Thing) -> list[str]:
    return [column.attribute for column in made.columns if column.kind.searched]


def _order(made: Thing) -> str:
    """Return what rows are ordered by: the first column where that is unique and so has an index."""
    first = made.columns[0]
    return first.attribute if first.unique else "id"


def _mapped(column: Column) -> str:
    info = f'info=ui(_("{column.label}"){column.kind.facts})'
    unique = "unique=True" if column.unique else ""
    if column.name == "reference":
        rule = 'delete="SET NULL"' if column.optional else 'delete="CASCADE", nullable=False'
        first = "" if _link(column) == "employee_link" else f'"{column.of[0]}.id"'
        said = ", ".join(part for part in (first, rule, unique, info) if part)
        return _call(f"    {column.attribute}: {_type(column, 'int')} = {_link(column)}", said)
    kind = column.choice if column.name == "select" else column.kind.mapped
    shape = f"choice({column.choice})" if column.name == "select" else column.kind.column
    said = ", ".join(part for part in (shape, unique, info) if part)
    return _call(f"    {column.attribute}: {_type(column, kind)} = mapped_column", said)


def _call(called: str, said: str) -> str:
    line = f"{called}({said})"
    return line if len(line) <= WIDTH else f"{called}(\n        {said}\n    )"


def _type(column: Column, kind: str) -> str:
    return f"Mapped[{kind} | None]" if column.optional else f"Mapped[{kind}]"


def _link(column: Column) -> str:
    return "employee_link" if column.of == ("employees",) else "link"


def _resource(made: Thing) -> Iterator[str]:
    form = [column.attribute for column in made.columns]
    listed = [column.shown for column in made.columns if column.name not in LONG]
    audit = [column.attribute for column in made.columns if column.kind.audited]
    filters = [column.attribute for column in made.columns[1:] if column.name != "long_text"]
    yield "    resource = Resource("
    new = f"New {made.title[:1].lower()}{made.title[1:]}"
    yield f'        title=_("{made.title}"), plural=_("{made.plural}"), new=_("{new}"),'
    yield f'        desk=Desk.MANAGE, menu=Menu.{made.menu.name}, icon="{made.icon}",'
    yield from _tuple("columns", listed)
    yield from _tuple("form", form)
    yield f'        search={_names(_searched(made))}, order="{_order(made)}",'
    yield from _tuple("filters", filters)
    yield "        allow={Role.ADMIN: Grant(Can.ALL), Role.AGENT: Grant(Can.READ)},"
    yield from _tuple("audit", audit)
    yield "        events=True,"
    yield "        api=Api("
    yield from _tuple("show", ["id", *form, "created_at", "updated_at"], "            ")
    yield from _tuple("write", form, "            ")
    yield "        ),"
    yield "    )  # fmt: skip"


def _tuple(word: str, names: Iterable[str], indent: str = "        ") -> Iterator[str]:
    """Yield `word=(…),` on one line, or on as many as it needs."""
    line = f"{indent}{word}={_names(names)},"
    if len(line) <= WIDTH:
        yield line
        return
    yield f"{indent}{word}=("
    quoted = ", ".join(f'"{name}"' for name in names) + ","
    inner = f"{indent}    "
    yield textwrap.fill(quoted, WIDTH, initial_indent=inner, subsequent_indent=inner, break_on_hyphens=False)
    yield f"{indent}),"


def _names(names: Iterable[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    return f"({quoted[0]},)" if len(quoted) == 1 else f"({', '.join(quoted)})"
