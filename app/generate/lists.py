"""List pages: the rows of `listing` with chips, columns, paging and actions, as the template draws them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, inspect
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.access import Actor, hidden
from app.fields import FieldSet, Kind
from app.generate import listing, pages
from app.generate.addresses import State, with_query
from app.generate.advanced import CRITERIA, advanced_chips, criteria_in
from app.generate.cells import page_address, title_of
from app.generate.chips import chips_on, offers
from app.generate.columns import columns_menu, drawing, expand, label_of, possible_columns, seen_by
from app.generate.elsewhere import columns_beside, drawings_elsewhere, is_named_elsewhere
from app.generate.filters import Asked, asked, tree_of
from app.generate.forms import zone
from app.generate.list_words import counted_of, empty, every
from app.generate.orders import settled
from app.generate.parts import Cell, Show

SIZES = (25, 50, 100)
VIEW, BEGUN = "view", "was"
"""The saved view an address opens, and the one it began with."""
OWN = {"q", "sort", "cursor", "size", "columns", CRITERIA, VIEW, BEGUN}
"""Parameters of a list that are not filters."""
UNSORTABLE = {Kind.LONG_TEXT, Kind.JSON, Kind.TAGS, Kind.MULTI_SELECT}


@dataclass(frozen=True, kw_only=True)
class View:
    """One list of one resource on one surface: where it stands and what stands beside its rows."""

    model: Any
    url: str
    add: pages.Action | None = None
    actions: tuple[pages.Action, ...] = ()
    bulk: tuple[pages.Action, ...] = ()
    menu: Callable[[Any], tuple[pages.Action, ...]] = lambda _row: ()
    where: ColumnElement[bool] | None = None
    parent: str | None = None
    """The foreign key that leads to the row this list stands under; its column would repeat itself."""
    build: str | None = None  # where conditions for this list are built
    chosen: tuple[str, ...] = ()
    """The columns the person likes, where the address names none."""
    plain: str | None = None
    """The address without filters, where it is another than `url`."""


def list_page(session: Session, actor: Actor, view: View, arguments: MultiDict[str, str]) -> pages.ListPage:
    """Return the list an address asks for. Raises Invalid for parameters that make no sense."""
    model, resource = view.model, view.model.resource
    fields = seen_by(session, actor, model)
    columns = [name for name in _shown(actor, view, fields, arguments) if not _repeats(view, name)]
    filters = filters_of(model, fields, arguments)
    tree = criteria_in(session, actor, model, arguments)
    question = _question(view, fields, columns, tree_of(filters, tree, zone()), arguments)
    question, notice = settled(session, actor, model, fields, question)
    page = listing.page_of(session, actor, model, fields, question)
    counted = listing.count(session, model, page)
    state = tuple((name, value) for name, value in arguments.items(multi=True) if name != "cursor")
    followed = tuple(pair for pair in state if not (notice and pair[0] == "sort"))
    on = [*advanced_chips(session, actor, model, tree, view, state)]
    on += chips_on(session, actor, fields, filters, partial(with_query, view.url), state)
    return pages.ListPage(
        title=resource.plural,
        url=view.url,
        columns=tuple(_column(model, fields, name, question, view.url, state) for name in columns),
        rows=_rows(view, page.rows, _drawings(session, actor, fields, columns, page.rows)),
        empty=empty(resource, bool(filters or question.q or tree), view),
        searchable=bool(resource.search),
        q=question.q,
        state=tuple((name, value) for name, value in state if name != "q"),
        filters=tuple(on),
        offers=offers(model, fields, filters),
        advanced_url=with_query(view.build, state) if view.build else None,
        clear_url=(view.plain or view.url) if len(filters) > 1 else None,
        counted=counted_of(len(page.rows), counted, question.cursor is not None),
        previous_url=_at(view.url, followed, page.previous),
        next_url=_at(view.url, followed, page.next),
        sizes=_sizes(view.url, state) if counted > min(SIZES) else (),
        size=question.limit,
        add=view.add,
        actions=view.actions,
        bulk=view.bulk if page.rows else (),
        every=every(counted) if counted > len(page.rows) else "",
        columns_menu=columns_menu(actor, model, fields, columns),
        notice=notice,
    )


def _drawings(
    session: Session, actor: Actor, fields: FieldSet, columns: list[str], rows: list[Any]
) -> list[Callable[[Any], Cell]]:
    told = drawings_elsewhere(session, actor, fields, columns, rows)
    return [told.get(name) or drawing(actor, fields, name) for name in columns]


def tree_in(
    session: Session,
    actor: Actor,
    model: Any,
    fields: FieldSet,
    arguments: MultiDict[str, str],
    place: dt.tzinfo | None = None,
) -> Any:
    """Return all an address asks of rows: filters, and conditions. Raises Invalid.

    The days of filters are those of the time zone `place`, of the person who asks if None.
    """
    besides = criteria_in(session, actor, model, arguments)
    return tree_of(filters_of(model, fields, arguments), besides, place or zone())


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
        counted=True,
    )


def _sizes(url: str, state: State) -> tuple[pages.Action, ...]:
    return tuple(
        pages.Action(label=str(size), url=with_query(url, _replaced(state, "size", str(size))))
        for size in SIZES
    )


def _shown(actor: Actor, view: View, fields: FieldSet, arguments: MultiDict[str, str]) -> list[str]:
    model = view.model
    possible = possible_columns(actor, model, fields)
    wanted = dict.fromkeys(arguments.getlist("columns") or view.chosen)
    declared = expand(fields, model.resource.columns, hidden(actor, model))
    return [name for name in wanted if name in possible] or declared


def _repeats(view: View, name: str) -> bool:
    if view.parent is None or "." not in name:
        return name == view.parent
    relation = inspect(view.model).relationships[name.split(".", 1)[0]]
    return any(column.key == view.parent for column in relation.local_columns)


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
        tick=f"{key}.{getattr(row, 'version', '')}" if view.bulk else "",
    )


def _without_link(one: Cell) -> Cell:
    if one.kind in {Show.LINK, Show.EMAIL}:
        return replace(one, url=None, kind=Show.TEXT)
    return replace(one, url=None) if one.url else one


def _at(url: str, state: State, cursor: str | None) -> str | None:
    return with_query(url, [*state, ("cursor", cursor)]) if cursor else None


def _replaced(state: State, name: str, value: str) -> list[tuple[str, str]]:
    return [*((key, old) for key, old in state if key != name), (name, value)]
