"""The vocabulary of declarations: facts about a thing and its columns, read by every generator.

Only names and enums stand in a declaration. What needs a function, a widget or a template is a
hand-written view. An unknown word is a TypeError, because all of these are closed dataclasses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, Flag, StrEnum, auto
from typing import Any, Self

from app.core.i18n import Text, _


class Choice(StrEnum):
    """A closed list of values, each with a translated label: `NEW = "new", _("New")`."""

    label: Text

    def __new__(cls, value: str, label: Text = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Role(Choice):
    """The roles every installation has. Custom roles live in the database beside them."""

    ADMIN = "admin", _("Administrator")
    SUPERVISOR = "supervisor", _("Supervisor")
    AGENT = "agent", _("Agent")


class Can(Flag):
    """What may be done to a resource."""

    NOTHING = 0
    READ = auto()
    ADD = auto()
    EDIT = auto()
    DELETE = auto()
    CHANGE = ADD | EDIT | DELETE
    ALL = READ | ADD | EDIT | DELETE


class Scope(StrEnum):
    """Which rows a grant covers: the actor's own, those of the actor's teams (and own), or all."""

    OWN = "own"
    TEAM = "team"
    ALL = "all"


class Menu(Choice):
    """The groups of the navigation, in their order: by job, not by table."""

    DESK = "desk", _("Desk")
    ANSWERS = "answers", _("Answers")
    PEOPLE = "people", _("People")
    SETUP = "setup", _("Set-up")
    DEVELOPERS = "developers", _("Developers")
    RECORDS = "records", _("Records")


class Desk(Enum):
    """Which kind of screen a resource has."""

    MANAGE = "admin"
    """A generated screen at /admin/<table>/."""
    WATCH = "console"
    """A read-only page of the console at /console/<table>/."""
    HAND = "hand"
    """A hand-written view, or none."""


@dataclass(frozen=True, kw_only=True)
class Ui:
    """What a column is to a person: its label, help, and how it is shown."""

    label: Text
    help: Text | None = None
    choices: type[Choice] | None = None
    markdown: bool = False
    secret: bool = False
    """Never shown, exported, audited or logged."""
    tags: bool = False
    """A JSONB list of short texts."""
    minimum: int | None = None
    maximum: int | None = None


def ui(label: Text, help: Text | None = None, **facts: Any) -> dict[str, Ui]:  # noqa: A002  its name
    """Return the `info` of a column: `mapped_column(info=ui(_("Name")))`."""
    return {"ui": Ui(label=label, help=help, **facts)}


@dataclass(frozen=True)
class Grant:
    """What one role may do, on which rows, and which columns it never sees."""

    can: Can
    rows: Scope = Scope.ALL
    hide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Where a row belongs: dotted paths over many-to-one relationships, ending in a column.

    `owner` leads to an employee's id, `team` to a team's id, `customer` to a customer's id. Where
    `shared` (a boolean column) is true everybody with a grant may read the row. With `unclaimed`, a
    row without a team counts as everybody's. Rows whose `internal` column is true are never a
    customer's, and an API key's only with the scope `read_notes`.
    """

    owner: str | None = None
    team: str | None = None
    customer: str | None = None
    shared: str | None = None
    unclaimed: bool = False
    internal: str | None = None


@dataclass(frozen=True, kw_only=True)
class Api:
    """The REST face: members shown, members that may be written, and whether rows can be deleted."""

    show: tuple[str, ...]
    write: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Resource:
    """Everything that is said about a thing. Unlisted roles may nothing; without `api` there is none."""

    title: Text
    plural: Text
    desk: Desk = Desk.HAND
    menu: Menu | None = None
    icon: str = "circle"
    label: str | None = None
    """The attribute that names a row to a person; the first column if not given."""
    columns: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    create: tuple[str, ...] = ()
    """The form's columns when a row is added, where they differ."""
    inline: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    order: str = "id"
    """A column; with a leading minus, descending."""
    rows: Rows = Rows()
    allow: Mapping[Role, Grant] = field(default_factory=dict)
    customers: Grant | None = None
    """What customers may do in the portal, always on their own rows."""
    audit: tuple[str, ...] = ()
    events: bool = False
    noun: str | None = None
    """The word in event and audit names; TEAM for class Team if not given."""
    api: Api | None = None
    service: str | None = None
    """A module of app.services whose add, edit and delete stand in for the plain save."""
    actions: tuple[str, ...] = ()
    """Further verbs of the service offered beside a row."""

    @property
    def order_column(self) -> str:
        """Return the column rows are ordered by, without its direction."""
        return self.order.lstrip("-")

    @property
    def descending(self) -> bool:
        """Tell whether rows are ordered from the greatest down."""
        return self.order.startswith("-")
