"""What a form asks: its inputs, the sections they stand in, and rows that are edited within it."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup

from app.core.i18n import Text
from app.generate.parts import Option


@dataclass(frozen=True, kw_only=True)
class FormField:
    """One input.

    kind        text, long_text, integer, decimal, boolean, date, datetime, select, multi_select, email,
                url, phone, reference, references, tags, password, value, grid, members, criteria, lines,
                colour (one of a list), hex (any colour), markdown, file, hidden
    value       as typed or stored, ready for the input; a list for multi_select, references and tags; of
                criteria their builder, of lines a LineSet
    options     choices of a select or multi-select; for a reference the picked rows, so that they have names
    attributes  further HTML attributes: min, max, step, maxlength, pattern, autocomplete, placeholder …
    parts       the inputs of a grid, row by row, or of members; `heads` are its titles: (rows, columns)
    picker_url  where a reference is looked up; answers {"items": [{"value", "text", "detail"}]} to ?q=
    preview     of Markdown: how it will be shown, once that was asked for
    create      the table of a reference in which the person may make a row
    """

    name: str
    kind: str
    label: Text
    help: Text = ""
    value: object = None
    errors: tuple[Text, ...] = ()
    required: bool = False
    readonly: bool = False
    options: tuple[Option, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    picker_url: str | None = None
    create: str | None = None
    preview: Markup | None = None
    parts: tuple[FormField, ...] = ()
    heads: tuple[tuple[Text, ...], tuple[Text, ...]] = ((), ())


@dataclass(frozen=True, kw_only=True)
class Line:
    """One of several parts of a value: its inputs. `key` tells it from the others in their names."""

    key: str
    label: Text
    parts: tuple[FormField, ...]


@dataclass(frozen=True, kw_only=True)
class LineSet:
    """What is in a field of lines.

    blanks  what can be added; those whose key is among the `spent` are there already
    moves   lines can be put in another order
    even    lines are alike, so that their labels are said once above
    lost    lines that were refused to go, each to be kept with a tick
    """

    lines: tuple[Line, ...]
    blanks: tuple[Line, ...]
    spent: frozenset[str] = frozenset()
    moves: bool = False
    even: bool = False
    lost: tuple[LostLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LostLine:
    """A line that would go though rows have its value: `pairs` and its key are sent to keep it for them."""

    key: str
    label: Text
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class FormSection:
    """Fields under one heading; a title of "" draws none."""

    title: Text
    fields: tuple[FormField, ...]
    text: Text = ""


@dataclass(frozen=True, kw_only=True)
class InlineRow:
    """A related row edited within its parent's form.

    `delete_name` is the tick box that removes it; a `fresh` one is not there yet, a `dropped` one is ticked.
    """

    fields: tuple[FormField, ...]
    label: Text = ""
    hidden: tuple[tuple[str, str], ...] = ()
    delete_name: str | None = None
    fresh: bool = False
    dropped: bool = False


@dataclass(frozen=True, kw_only=True)
class Inline:
    """Related rows in a form.

    Names in `blank` hold `__key__`, which becomes a fresh word; `url` is where the rows are changed if there
    are too many for a form.
    """

    name: str
    title: Text
    rows: tuple[InlineRow, ...]
    blank: InlineRow | None = None
    add_label: Text = ""
    help: Text = ""
    url: str | None = None
