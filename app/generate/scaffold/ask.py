"""A new thing as it is asked for: its name, and the names and kinds of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.declare import Menu
from app.models import by_table, load

SHAPE = re.compile(r"([a-z][a-z0-9_]{0,50}):([a-z_]+)(?:=([a-z0-9_,]+))?([!?]?)", re.ASCII)
"""`name:text!` (unique), `price:decimal?` (may be empty), `state:select=new,done`, `team:reference=teams`."""
TAKEN = frozenset(
    {
        "id",
        "version",
        "created_at",
        "updated_at",
        "resource",
        "metadata",
        "registry",
        "meta",
        "data",
        "errors",
    }
)
MODELS, DECLARE, ORM = "app.models.base", "app.core.declare", "sqlalchemy.orm"
Imports = Mapping[str, tuple[str, ...]]


class Mistake(ValueError):
    """What was asked for cannot be written; the message says what to write instead."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How a kind is written: the type in `Mapped[…]`, what stands in `mapped_column`, what to import."""

    mapped: str
    imports: Imports
    column: str = ""
    facts: str = ""
    """Further arguments of `ui`."""
    searched: bool = False
    audited: bool = True
    """Whether its values may stand in the audit log, which holds no texts and no addresses."""


KINDS: Mapping[str, Kind] = {
    "text": Kind(mapped="short_text", imports={MODELS: ("short_text",)}, searched=True),
    "long_text": Kind(mapped="long_text", imports={MODELS: ("long_text",)}, audited=False),
    "email": Kind(mapped="email_text", imports={MODELS: ("email_text",)}, searched=True, audited=False),
    "integer": Kind(mapped="int", column="Integer", imports={"sqlalchemy": ("Integer",)}),
    "decimal": Kind(
        mapped="Decimal",
        column="Numeric(15, 2)",
        imports={"sqlalchemy": ("Numeric",), "decimal": ("Decimal",)},
    ),
    "boolean": Kind(
        mapped="bool",
        column='Boolean, default=False, server_default="false"',
        imports={"sqlalchemy": ("Boolean",)},
    ),
    "date": Kind(mapped="dt.date", column="Date", imports={"sqlalchemy": ("Date",), "datetime": ()}),
    "datetime": Kind(mapped="moment", imports={MODELS: ("moment",)}),
    "tags": Kind(mapped="json_list", facts=", tags=True", imports={MODELS: ("json_list",)}),
    "select": Kind(mapped="", imports={MODELS: ("choice",), DECLARE: ("Choice",)}),
    "reference": Kind(mapped="int", imports={ORM: ("relationship",)}),
}


@dataclass(frozen=True)
class Column:
    """One column as it was asked for; `of` are the values of a list or the table of a reference."""

    word: str
    kind: Kind
    name: str
    of: tuple[str, ...]
    unique: bool
    optional: bool

    @property
    def attribute(self) -> str:
        """Return the name of the mapped attribute."""
        return f"{self.word}_id" if self.name == "reference" else self.word

    @property
    def label(self) -> str:
        """Return what a person reads."""
        return {"email": "E-mail"}.get(self.word, self.word.replace("_", " ").capitalize())

    @property
    def choice(self) -> str:
        """Return the name of the class of its values."""
        return _camel(self.word)

    @property
    def target(self) -> Any:
        """Return the class a reference leads to."""
        return by_table(self.of[0])

    @property
    def shown(self) -> str:
        """Return what a list shows of it."""
        if self.name != "reference":
            return self.attribute
        resource = self.target.resource
        return f"{self.word}.{resource.label or resource.columns[0]}"


@dataclass(frozen=True)
class Thing:
    """A new thing: its class, table, words and columns."""

    name: str
    columns: tuple[Column, ...]
    about: str
    menu: Menu
    icon: str

    @property
    def table(self) -> str:
        """Return the table: the plural of the name."""
        words = re.sub(r"(?<!^)(?=[A-Z])", "_", self.name).lower()
        if re.search(r"[^aeiou]y$", words):
            return f"{words[:-1]}ies"
        return f"{words}es" if re.search(r"(s|x|z|ch|sh)$", words) else f"{words}s"

    @property
    def title(self) -> str:
        """Return one of it in words."""
        return re.sub(r"(?<!^)(?=[A-Z])", " ", self.name).capitalize()

    @property
    def plural(self) -> str:
        """Return several of it in words."""
        return self.table.replace("_", " ").capitalize()


def thing(name: str, columns: Iterable[str], *, about: str, menu: Menu, icon: str) -> Thing:
    """Return the thing that was asked for. Raises Mistake."""
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]{1,50}", name, re.ASCII):
        raise Mistake(f"{name!r} is not a class name. Write one thing in capitals: SparePart.")
    read = tuple(map(_column, columns))
    if not read or read[0].name not in {"text", "email"}:
        raise Mistake("The first column names a row to people: write name:text in front.")
    doubled = {one.word for one in read if [other.word for other in read].count(one.word) > 1}
    if doubled:
        raise Mistake(f"Each column once: {', '.join(sorted(doubled))} stands twice.")
    made = Thing(name, read, about.rstrip("."), menu, icon)
    if made.table in {model.__tablename__ for model in load()}:
        raise Mistake(f"There is a table {made.table} already. Choose another name.")
    return made


def _column(text: str) -> Column:
    found = SHAPE.fullmatch(text)
    if found is None:
        raise Mistake(f"{text!r} is not a column. Write name:kind, with ! for unique or ? for may be empty.")
    word, name, of, mark = found.groups(default="")
    if word in TAKEN:
        raise Mistake(f"A column may not be called {word}. Choose another name.")
    if name not in KINDS:
        raise Mistake(f"There is no kind {name}. There are: {', '.join(KINDS)}.")
    values = tuple(value for value in of.split(",") if value)
    if bool(values) is not (name in {"select", "reference"}):
        raise Mistake(
            f"{text!r}: a list names its values (state:select=new,done), a reference its table, no other any."
        )
    if name == "reference" and of not in {model.__tablename__ for model in load()}:
        raise Mistake(f"{text!r}: there is no table {of}.")
    return Column(word, KINDS[name], name, values, mark == "!", mark == "?")


def _camel(word: str) -> str:
    return "".join(part.capitalize() for part in word.split("_"))
