"""The pages every generated screen is made of, as pure data.

Flask-AppBuilder's screens and the console fill the same classes; `templates/generated/` draws them. A
template gets its page under the one name `page`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.core.i18n import Text
from app.generate.arranging import ColumnForm, Keeping
from app.generate.facts import Change, Entry, Fact, History, Raw, Section
from app.generate.inputs import FormField, FormSection, Inline, InlineRow, Line, LineSet, LostLine
from app.generate.parts import Action, Cell, Crumb, Empty, FieldError, Option


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table. `direction` is "asc" or "desc" when the rows are in its order."""

    name: str
    label: Text
    sort_url: str | None = None
    direction: str | None = None
    numeric: bool = False


KEY = "__key__"
"""Stands for the row's id in the addresses of its menu."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row: `url` opens it, `label` names it to screen readers and in questions, `menu` acts on it.

    Rows share menus that are the same, drawn once a page. `tick` is what a box sends: `12.3`, id and version.
    """

    id: str
    label: Text
    cells: tuple[Cell, ...]
    url: str | None = None
    menu: tuple[Action, ...] = ()
    tick: str = ""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A field one can filter by. One that is on has a `remove_url`, and is shown as a chip.

    Adding one is a GET of the list with `filter`, and `operator` and `value`, or `from`, `to` and `span`,
    beside the page's `state`; the server answers with a redirect to the plain address.
    kind     the field kind, which decides the input: select, boolean, date, integer, text …
    spans    of a number or a time, what may be asked beside the two ends `from` and `to`
    text     the active value in words; `edit_url` is where it is changed
    options  choices of a select or multi-select
    """

    name: str
    label: Text
    kind: str = "text"
    operators: tuple[Option, ...] = ()
    spans: tuple[Option, ...] = ()
    operator: Text = ""
    value: str = ""
    text: Text = ""
    options: tuple[Option, ...] = ()
    picker_url: str | None = None
    remove_url: str | None = None
    edit_url: str | None = None


@dataclass(frozen=True, eq=False)
class FilterMenu:
    """Filters that may be added. Lists share one for as long as it holds: it is drawn once a language."""

    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True, eq=False)
class ColumnMenu:
    """Every column of a list, the shown ones first. Lists that show the same share one, as with filters."""

    options: tuple[Option, ...] = ()


NO_FILTERS, NO_COLUMNS = FilterMenu(), ColumnMenu()


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """A table with search, filters, paging and bulk actions.

    filters  those that are on; `offers` may be added
    state    parameters of the present address that the search and filter forms must carry along
    counted  "1–25 of 400" in words; "1–25 of many" above the cap
    columns_menu  every column, the shown ones selected; sent as repeated `columns`
    bulk     actions on ticked rows, posted as repeated `id`; `every` words the box that means the whole view
    views    the saved views of the list as tabs, and `keeping` what can be kept of what it shows now
    notice   why it does not show what was asked for
    """

    title: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    url: str
    empty: Empty
    description: Text = ""
    crumbs: tuple[Crumb, ...] = ()
    searchable: bool = True
    q: str = ""
    state: tuple[tuple[str, str], ...] = ()
    filters: tuple[Filter, ...] = ()
    offers: FilterMenu = NO_FILTERS
    clear_url: str | None = None
    advanced_url: str | None = None
    counted: Text = ""
    previous_url: str | None = None
    next_url: str | None = None
    sizes: tuple[Action, ...] = ()
    size: int = 25
    add: Action | None = None
    actions: tuple[Action, ...] = ()
    exports: tuple[Action, ...] = ()
    columns_menu: ColumnMenu = NO_COLUMNS
    bulk: tuple[Action, ...] = ()
    every: Text = ""
    views: tuple[Tab, ...] = ()
    keeping: Keeping | None = None
    columns_form: ColumnForm | None = None
    notice: Text = ""


@dataclass(frozen=True, kw_only=True)
class Use:
    """Something that refers to a row: how often, where it is listed, and its `fate` if the row goes."""

    label: Text
    count: Text = ""
    url: str | None = None
    fate: Text = ""


@dataclass(frozen=True, kw_only=True)
class Uses:
    """Everything that refers to a row."""

    uses: tuple[Use, ...]
    empty: Empty


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A link in the row of tabs; only the current one carries a body."""

    label: Text
    url: str
    count: Text = ""
    current: bool = False
    body: ListPage | History | Uses | Raw | None = None


@dataclass(frozen=True, kw_only=True)
class ShowPage:
    """One thing: its facts, then what belongs to it in tabs; `neighbours` lead on in the list it is of."""

    title: Text
    facts: tuple[Section, ...]
    subtitle: Text = ""
    badge: Cell | None = None
    crumbs: tuple[Crumb, ...] = ()
    actions: tuple[Action, ...] = ()
    tabs: tuple[Tab, ...] = ()
    neighbours: tuple[Action, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """A form. `version` is what it was drawn from, `notice` why it is back; `dirty` has unsaved changes.

    `preview_url` takes the form and draws what it would make. `again_label` is a second button that comes
    back to an empty form; it sends `again`.
    """

    title: Text
    sections: tuple[FormSection, ...]
    action_url: str
    submit_label: Text
    again_label: Text = ""
    subtitle: Text = ""
    crumbs: tuple[Crumb, ...] = ()
    cancel_url: str | None = None
    version: int | None = None
    errors: tuple[FieldError, ...] = ()
    notice: Text = ""
    inlines: tuple[Inline, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    dirty: bool = False
    links: tuple[Action, ...] = ()
    actions: tuple[Action, ...] = ()
    preview_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class ConfirmPage:
    """A question before something that cannot be undone; `problem` is what stood in its way just now.

    field    what must be chosen besides, where the deed asks for something
    """

    title: Text
    question: Text
    action_url: str
    submit_label: Text
    cancel_url: str
    crumbs: tuple[Crumb, ...] = ()
    consequences: tuple[Text, ...] = ()
    problem: Text = ""
    hidden: tuple[tuple[str, str], ...] = ()
    field: FormField | None = None
    danger: bool = True


@dataclass(frozen=True, kw_only=True)
class OncePage:
    """A secret that is shown this once, and the way on."""

    title: Text
    text: Text
    secret: str
    done: Action
    crumbs: tuple[Crumb, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A field both people changed. Posted as `choose.<field_name>` = mine or theirs."""

    field_name: str
    label: Text
    base: Cell
    mine: Cell
    theirs: Cell
    keep: str = "mine"


@dataclass(frozen=True, kw_only=True)
class ConflictPage:
    """Another person saved first. `hidden` holds everything that was typed, `version` the newest one."""

    title: Text
    differences: tuple[Difference, ...]
    action_url: str
    cancel_url: str
    version: int
    changed_by: Text
    changed_at: datetime
    crumbs: tuple[Crumb, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class NoticePage:
    """A page that only says something: an error, a link that was sent, a thing that is done.

    code        the HTTP status, shown small; None for good news
    request_id  what to quote to an administrator
    more        a second way on
    kept        texts that were typed and could not be taken, to be copied
    """

    title: Text
    text: Text
    code: int | None = None
    icon: str = "info"
    action: Action | None = None
    request_id: str | None = None
    kept: tuple[str, ...] = ()
    more: Action | None = None


__all__ = [
    "Action", "Cell", "Change", "Column", "ConfirmPage", "ConflictPage", "Crumb", "Difference", "Empty",
    "Entry", "Fact", "FieldError", "Filter", "FormField", "FormPage", "FormSection", "History", "Inline",
    "InlineRow", "Line", "LineSet", "ListPage", "LostLine", "NoticePage", "OncePage", "Option", "Raw", "Row",
    "Section", "ShowPage", "Tab", "Use", "Uses",
]  # fmt: skip
