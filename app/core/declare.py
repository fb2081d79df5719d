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
from app.core.matter import Matter
from app.core.shape import Changes, Grid, Member, Shape


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
    """Nothing at all."""
    READ = auto()
    """See rows, in lists, alone, in exports and by the API."""
    ADD = auto()
    """Make new rows."""
    EDIT = auto()
    """Change rows, and do the declared actions."""
    DELETE = auto()
    """Take rows away."""
    CHANGE = ADD | EDIT | DELETE
    """Every verb but reading."""
    ALL = READ | ADD | EDIT | DELETE
    """Every verb."""


class Scope(StrEnum):
    """Which rows a grant covers: the actor's own, those of the actor's teams (and own), or all."""

    OWN = "own"
    """Rows whose owner is the actor; shared ones may be read."""
    TEAM = "team"
    """Those, and rows of the actor's teams."""
    ALL = "all"
    """Every row."""


class Menu(Choice):
    """The groups of the navigation, in their order: by job, not by table."""

    DESK = "desk", _("Work")
    ANSWERS = "answers", _("Knowledge")
    PEOPLE = "people", _("People")
    AUTOMATION = "automation", _("Automation")
    DEVELOPERS = "developers", _("Developers")
    SETUP = "setup", _("Set-up")
    RECORDS = "records", _("System")


class Desk(Enum):
    """Which kind of screen a resource has."""

    MANAGE = "admin"
    """A generated screen at /admin/<table>/."""
    WATCH = "console"
    """A read-only page of the console at /console/<table>/."""
    HAND = "hand"
    """A hand-written view, or none."""


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """What a column with criteria asks about."""

    of: str
    """A table that has a screen, or the column of the same row that names one."""
    changes: bool = False
    """Whether it is read as something changes, and so may ask what it was."""


ANY = ("*",)
"""In place of the names of tables: each that is audited."""


@dataclass(frozen=True, kw_only=True)
class Ui:
    """What a column is to a person: its label, help, and how it is shown."""

    label: Text
    """What the column is called on every surface."""
    help: Text | None = None
    """A sentence under the input, and the description in the API's document."""
    choices: type[Choice] | None = None
    """A closed list of values for a column whose type is a plain text."""
    options: str | None = None
    """A list that is data, by its name in `app.fields.live`; a JSONB column holds several of it."""
    markdown: bool = False
    """The text is Markdown: written with a preview, drawn as HTML."""
    framed: bool = False
    """The text is HTML as it is sent: read in a frame of its own that runs nothing and loads nothing."""
    secret: bool = False
    """Never shown, exported, audited or logged."""
    tags: bool = False
    """A JSONB list of short texts."""
    offers: str | None = None
    """A function of app.services, as `webhooks.choices`, whose values a form offers in place of free text."""
    actor: bool = False
    """Kind and number of who acted, as `employee:3`: shown by name."""
    row_of: str | None = None
    """The number of a row of the table that this other column names."""
    tells: tuple[str, ...] = ()
    """JSONB with values of rows of these tables (`ANY`: all audited): a reader gets those they may see."""
    changes: Changes | None = None
    """JSONB that tells what values were and became: shown side by side, with the words that differ marked."""
    plain: bool = False
    """JSONB that holds one value of whatever kind another column of the row says."""
    grid: Grid | None = None
    """JSONB that holds yes or no for pairs; what is not in it is as usual."""
    members: Mapping[str, Member] | None = None
    """JSONB with these members, each one value."""
    shape: Shape | None = None
    """JSONB formed as this says: lines, words of a catalogue, or languages."""
    criteria: Criteria | None = None
    """A JSONB tree of conditions: built in forms, said in words."""
    minimum: int | None = None
    """The least number that is taken; the column's own limit if not given."""
    maximum: int | None = None
    """The greatest number that is taken."""


def ui(label: Text, help: Text | None = None, **facts: Any) -> dict[str, Ui]:  # noqa: A002  its name
    """Return the `info` of a column: `mapped_column(info=ui(_("Name")))`."""
    return {"ui": Ui(label=label, help=help, **facts)}


@dataclass(frozen=True)
class Grant:
    """What one role may do, on which rows, and which columns it never sees."""

    can: Can
    """The verbs."""
    rows: Scope = Scope.ALL
    """The rows on which they hold."""
    hide: tuple[str, ...] = ()
    """Columns this role never sees: not in lists, forms, filters, searches, exports, history or the API."""


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Where a row belongs: dotted paths over many-to-one relationships, ending in a column.

    A row stays within the reach of who writes it, unless it `leaves`.
    """

    owner: str | None = None
    """The path to the employee whose own the row is."""
    team: str | None = None
    """The path to the team the row belongs to."""
    customer: str | None = None
    """The path to the customer whose own the row is."""
    key: str | None = None
    """The path to the API key whose own the row is."""
    shared: str | None = None
    """A boolean column: true lets everybody who may read the kind read the row."""
    unclaimed: bool = False
    """A row of no team counts as everybody's."""
    internal: str | None = None
    """A boolean column: true keeps the row from customers, and from keys without `read_notes`."""
    leaves: bool = False
    """Who may change the row may give it to others, beyond their own reach: a ticket is handed over."""


@dataclass(frozen=True, kw_only=True)
class Api:
    """The REST face: members shown, members that may be written, and whether rows can be deleted."""

    show: tuple[str, ...]
    """Members that are answered, in this order."""
    write: tuple[str, ...] = ()
    """Members that may be sent; without any, the API only reads."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What an action wants to know before it is done: one of a list."""

    label: Text
    """What the list is called."""
    help: Text
    """A sentence under the list."""
    choices: type[Choice] | None = None
    """What may be answered, if it is a closed list; the first is meant if nothing is said."""
    offers: str | None = None
    """A function of app.services, as `employees.heirs`, that returns values and labels for a row."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """Everything that is said about a thing. Unlisted roles may nothing; without `api` there is none."""

    title: Text
    """One of it, in words: "Team"."""
    plural: Text
    """Several of it: "Teams"; the title of the list."""
    new: Text | None = None
    """What making one is called, whole: "New team". Other languages bend the word for new with the noun."""
    desk: Desk = Desk.HAND
    """Which kind of screen it has."""
    page: str | None = None
    """The address of a hand-written page of a row, where there is one: `/jobs/{id}`."""
    overview: str | None = None
    """The address of a hand-written page that the navigation leads to in place of the list."""
    menu: Menu | None = None
    """The group of the navigation it stands in; every screen needs one."""
    icon: str = "circle"
    """A name of the icon set."""
    label: str | None = None
    """The attribute that names a row to a person; the first column if not given."""
    columns: tuple[str, ...] = ()
    """What a list shows, in reading order; a dotted path names a column of a relation."""
    show: tuple[str, ...] = ()
    """What the page of one row shows, where it differs from `columns`."""
    form: tuple[str, ...] = ()
    """The columns that are asked for in a form; `custom_fields` stands for the fields a desk defines."""
    create: tuple[str, ...] = ()
    """The form's columns when a row is added, where they differ."""
    inline: tuple[str, ...] = ()
    """Relationships shown as tabs on the page of one row."""
    nested: tuple[str, ...] = ()
    """Those of them whose rows are edited within the form of this one, and saved with it."""
    search: tuple[str, ...] = ()
    """Text columns the search box looks into; full text where the table has a column `search`."""
    filters: tuple[str, ...] = ()
    """Columns a list can be filtered by, with the operators of their kind."""
    matters: tuple[Matter, ...] = ()
    """Rows of it that want attention, in the order in which home names them."""
    grows: bool = False
    """The table grows with the work of the desk: what its list is narrowed down by is read by an index."""
    order: str = "id"
    """A column; with a leading minus, descending."""
    rows: Rows = Rows()
    """Where a row belongs: what "own" and "team" mean here."""
    allow: Mapping[Role, Grant] = field(default_factory=dict)
    """What each role may do in a fresh installation; a role that is not listed may nothing."""
    customers: Grant | None = None
    """What customers may do in the portal, always on their own rows."""
    keys: Grant | None = None
    """What an API key may do with its own rows, whatever its scopes."""
    audit: tuple[str, ...] = ()
    """Columns whose values stand in the audit log: no secrets, texts or names. Without any, nothing does."""
    events: bool = False
    """Each change is an event that webhooks can hear: `<NOUN>_CREATED`, `_UPDATED`, `_DELETED`."""
    noun: str | None = None
    """The word in event and audit names; TEAM for class Team if not given."""
    api: Api | None = None
    """The REST resource `/api/v1/<table>`; without it there is none."""
    service: str | None = None
    """A module of app.services whose add, edit and delete stand in for the plain save."""
    actions: tuple[str, ...] = ()
    """Further verbs of the service offered beside a row."""
    single: tuple[str, ...] = ()
    """Those of them done to one row at a time, since somebody must read what comes of each."""
    asks: Mapping[str, Ask] = field(default_factory=dict)
    """What some actions ask first. The service is handed the answer; one row is done at a time."""

    @property
    def name_column(self) -> str | None:
        """Return the attribute that names a row to a person; None where nothing is shown."""
        return self.label or next(iter(self.columns), None)

    @property
    def order_column(self) -> str:
        """Return the column rows are ordered by, without its direction."""
        return self.order.lstrip("-")

    @property
    def descending(self) -> bool:
        """Tell whether rows are ordered from the greatest down."""
        return self.order.startswith("-")
