"""List pages: the rows of `listing` with chips, columns, paging and actions, as the template draws them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, inspect
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.access import Actor, hidden, is_hidden
from app.core.i18n import Text
from app.fields import CUSTOM, Audience, FieldSet, Kind, fields_of
from app.generate import listing, pages
from app.generate.addresses import State, with_query
from app.generate.advanced import CRITERIA, advanced_chips, criteria_in
from app.generate.cells import cells_of, named, page_address, title_of
from app.generate.chips import chips, offers
from app.generate.elsewhere import columns_beside, drawings_elsewhere, is_named_elsewhere
from app.generate.filters import Asked, asked, tree_of
from app.generate.list_words import counted_of, empty, every
from app.generate.parts import Cell, Show
from app.models import by_table

SIZES = (25, 50, 100)
OWN = {"q", "sort", "cursor", "size", "columns", CRITERIA}
"""Parameters of a list that are not filters."""
UNSORTABLE = {Kind.LONG_TEXT, Kind.JSON, Kind.TAGS, Kind.MULTI_SELECT}


@dataclass(frozen=True, kw_only=True)
class View:
    """One list of one resource on one surface: where it stands and what stands beside its rows."""

    model: Any
    url: str
    add: pages.Action | None = None
    actions: tuple[pages.Action, ...] = ()
    exports: tuple[pages.Action, ...] = ()
    bulk: tuple[pages.Action, ...] = ()
    menu: Callable[[Any], tuple[pages.Action, ...]] = lambda _row: ()
    where: ColumnElement[bool] | None = None
    parent: str | None = None
    """The foreign key that leads to the row this list stands under; its column would repeat itself."""
    build: str | None = None  # where conditions for this list are built


def list_page(session: Session, actor: Actor, view: View, arguments: MultiDict[str, str]) -> pages.ListPage:
    """Return the list an address asks for. Raises Invalid for parameters that make no sense."""
    model, resource = view.model, view.model.resource
    fields = seen_by(actor, model, fields_of(session, model))
    columns = [name for name in _shown(actor, model, fields, arguments) if not _repeats(view, name)]
    filters = filters_of(model, fields, arguments)
    tree = criteria_in(session, actor, model, arguments)
    asked_for = tree_in(session, actor, model, fields, arguments)
    question = _question(view, fields, columns, asked_for, arguments)
    page = listing.page_of(session, actor, model, fields, question)
    counted = listing.count(session, model, page)
    told = drawings_elsewhere(session, actor, model, columns, page.rows)
    state = tuple((name, value) for name, value in arguments.items(multi=True) if name != "cursor")
    on = (*advanced_chips(session, actor, model, tree, view, state), *chips(filters, view.url, state))
    return pages.ListPage(
        title=resource.plural,
        url=view.url,
        columns=tuple(_column(model, fields, name, question, view.url, state) for name in columns),
        rows=_rows(view, page.rows, [told.get(name) or drawing(actor, fields, name) for name in columns]),
        empty=empty(resource, bool(filters or question.q or tree), view.url, view.add),
        searchable=bool(resource.search),
        q=question.q,
        state=tuple((name, value) for name, value in state if name != "q"),
        filters=on,
        offers=offers(model, fields, filters),
        advanced_url=with_query(view.build, state) if view.build else None,
        clear_url=view.url if len(filters) > 1 else None,
        counted=counted_of(len(page.rows), counted, question.cursor is not None),
        previous_url=_at(view.url, state, page.previous),
        next_url=_at(view.url, state, page.next),
        sizes=_sizes(view.url, state),
        size=question.limit,
        add=view.add,
        actions=view.actions,
        exports=view.exports,
        bulk=view.bulk if page.rows else (),
        every=every(counted) if counted > len(page.rows) else "",
        columns_menu=_columns_menu(actor, model, fields, columns),
    )


def seen_by(actor: Actor, model: Any, fields: FieldSet) -> FieldSet:
    """Return the fields an employee may see: no other is shown, filtered nor ordered by."""
    hide = hidden(actor, model)
    names = tuple(f.name for f in fields.visible(Audience.AGENT) if not is_hidden(hide, f.name))
    return fields.pick(names) if len(names) < len(fields) else fields


def drawing(actor: Actor, fields: FieldSet, name: str) -> Callable[[Any], Cell]:
    """Return what draws, row by row, the cells of a column or of a dotted path over a relation."""
    if "." in name and name not in fields:
        relation, attribute = name.split(".", 1)
        related = cache(lambda row: named(row, attribute, actor))
        return lambda row: related(getattr(row, relation))
    field, draw = fields[name], cells_of(fields[name])
    return lambda row: draw(field.read(row))


def label_of(model: Any, fields: FieldSet, name: str) -> Text:
    """Return the label of a column; a path over a relation is called by its foreign key, or by its target."""
    if name in fields:
        return fields[name].label
    relation = inspect(model).relationships[name.split(".", 1)[0]]
    local = next(iter(relation.local_columns)).key
    if local in fields and local != "id":
        return fields[local].label
    title: Text = relation.mapper.class_.resource.title
    return title


def expand(fields: FieldSet, names: Iterable[str], hide: frozenset[str]) -> list[str]:
    """Return the names with custom fields in the place of `custom_fields`, without hidden ones."""
    found: list[str] = []
    for name in names:
        if name == CUSTOM:
            found += [field.name for field in fields.custom if not is_hidden(hide, field.name)]
        elif not is_hidden(hide, name) and (name in fields or _leads(fields, name)):
            found.append(name)
    return found


def _leads(fields: FieldSet, name: str) -> bool:
    """Tell whether `name` is a path over a relation whose own column may be seen."""
    if "." not in name:
        return False
    relation = inspect(by_table(fields.table)).relationships[name.split(".", 1)[0]]
    return all(column.key in fields or "ui" not in column.info for column in relation.local_columns)


def tree_in(
    session: Session, actor: Actor, model: Any, fields: FieldSet, arguments: MultiDict[str, str]
) -> Any:
    """Return all that an address asks of rows: its filters and its conditions. Raises Invalid."""
    return tree_of(filters_of(model, fields, arguments), criteria_in(session, actor, model, arguments))


def filters_of(model: Any, fields: FieldSet, arguments: MultiDict[str, str]) -> list[Asked]:
    """Return the filters an address names. Raises Invalid for those that are not there."""
    given = ((name, value) for name, value in arguments.items(multi=True) if name not in OWN)
    return asked(given, fields, model.resource.filters)


def _question(
    view: View, fields: FieldSet, columns: list[str], tree: Any, arguments: MultiDict[str, str]
) -> listing.Question:
    return listing.Question(
        order=order_of(view.model, fields, arguments.get("sort")),
        tree=tree,
        q=arguments.get("q", ""),
        cursor=arguments.get("cursor"),
        limit=_size(arguments),
        columns=(*columns, *columns_beside(view.model, columns)),
        where=view.where,
    )


def _sizes(url: str, state: State) -> tuple[pages.Action, ...]:
    return tuple(
        pages.Action(label=str(size), url=with_query(url, _replaced(state, "size", str(size))))
        for size in SIZES
    )


def _shown(actor: Actor, model: Any, fields: FieldSet, arguments: MultiDict[str, str]) -> list[str]:
    possible = _possible(actor, model, fields)
    wanted = [name for name in arguments.getlist("columns") if name in possible]
    return wanted or expand(fields, model.resource.columns, hidden(actor, model))


def _repeats(view: View, name: str) -> bool:
    if view.parent is None or "." not in name:
        return name == view.parent
    relation = inspect(view.model).relationships[name.split(".", 1)[0]]
    return any(column.key == view.parent for column in relation.local_columns)


def _possible(actor: Actor, model: Any, fields: FieldSet) -> list[str]:
    names = dict.fromkeys((*model.resource.columns, *model.resource.show))
    return [
        name
        for name in expand(fields, names, hidden(actor, model))
        if name not in fields
        or fields[name].custom
        or fields[name].kind not in {Kind.LONG_TEXT, Kind.JSON}
        or name in model.resource.columns
    ]


def _columns_menu(actor: Actor, model: Any, fields: FieldSet, shown: list[str]) -> tuple[pages.Option, ...]:
    return tuple(
        pages.Option(value=name, label=label_of(model, fields, name), selected=name in shown)
        for name in _possible(actor, model, fields)
    )


def order_of(model: Any, fields: FieldSet, asked_for: str | None) -> str:
    """Return the order asked for where the list can be in it, else that of the declaration."""
    name = (asked_for or "").lstrip("-")
    if (
        name
        and name in inspect(model).column_attrs
        and name in fields
        and fields[name].kind not in UNSORTABLE
    ):
        return str(asked_for)
    return str(model.resource.order)


def _size(arguments: MultiDict[str, str]) -> int:
    asked_for = arguments.get("size", "")
    return int(asked_for) if asked_for.isdecimal() and int(asked_for) in SIZES else SIZES[0]


def _column(
    model: Any,
    fields: FieldSet,
    name: str,
    question: listing.Question,
    url: str,
    state: State,
) -> pages.Column:
    sortable = name in inspect(model).column_attrs and name in fields and fields[name].kind not in UNSORTABLE
    current = question.column == name
    ascending = current and not question.descending
    return pages.Column(
        name=name,
        label=str(label_of(model, fields, name)),  # once, not once a row
        sort_url=with_query(url, _replaced(state, "sort", f"-{name}" if ascending else name))
        if sortable
        else None,
        direction=("asc" if ascending else "desc") if current else None,
        numeric=name in fields
        and fields[name].kind in {Kind.INTEGER, Kind.DECIMAL}
        and not is_named_elsewhere(model, name),
    )


def _rows(view: View, rows: list[Any], columns: list[Callable[[Any], Cell]]) -> tuple[pages.Row, ...]:
    return tuple(_row(view, row, [draw(row) for draw in columns]) for row in rows)


def _row(view: View, row: Any, cells: list[Cell]) -> pages.Row:
    key = str(inspect(row).identity[0])
    url = page_address(view.model, key) if hasattr(row, "id") else None
    if url and cells:
        cells[0] = _without_link(cells[0])  # the first cell is the link of the whole row
    return pages.Row(
        id=key,
        label=title_of(row) if hasattr(row, "id") else key,
        cells=tuple(cells),
        url=url,
        menu=view.menu(row),
        tick=f"{key}.{row.version}" if view.bulk else "",
    )


def _without_link(one: Cell) -> Cell:
    if one.kind in {Show.LINK, Show.EMAIL}:
        return replace(one, url=None, kind=Show.TEXT)
    return replace(one, url=None) if one.url else one


def _at(url: str, state: State, cursor: str | None) -> str | None:
    return with_query(url, [*state, ("cursor", cursor)]) if cursor else None


def _replaced(state: State, name: str, value: str) -> list[tuple[str, str]]:
    return [*((key, old) for key, old in state if key != name), (name, value)]
