"""Lists as people arranged them: opened with a saved view, with the columns they like, with tabs of views.

A view is what an address says. `?view=12` opens it; from then on every link carries what it shows, and
`was=12` says what it began as. So exports, bulk deeds and shared addresses need to know nothing of views.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.access import Actor, may
from app.core.declare import Can
from app.core.errors import Invalid, NotFound, told_of
from app.core.i18n import Text, _
from app.generate import listing, pages
from app.generate.addresses import State, with_query
from app.generate.advanced import criteria_in
from app.generate.arranging import ColumnForm, Keeping, OpenView
from app.generate.columns import seen_by
from app.generate.exchange import exporting
from app.generate.filters import tree_of
from app.generate.lists import BEGUN, VIEW, View, filters_of, list_page
from app.models.views import SavedView
from app.services import arrangement, saved_views

ALL = "all"
"""The value of `view` that opens the list as it is declared, whatever the person opens it with."""
PASSING = frozenset({"cursor", "size", VIEW, BEGUN})
"""Parameters that are no part of what a list shows."""
SAVED = "/admin/saved_views"

Arguments = MultiDict[str, str]


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What an address opens: its parameters in full, the view it shows or began with, and what is offered."""

    arguments: Arguments
    views: tuple[SavedView, ...] = ()
    current: SavedView | None = None
    default: int | None = None
    notice: Text = ""


def arranged_page(
    session: Session, actor: Actor, view: View, arguments: Arguments, preferences: Mapping[str, Any]
) -> pages.ListPage:
    """Return the list of an address as the person arranged it. Raises Invalid, and NotFound for no view."""
    table = view.model.__tablename__
    opened = _opened(session, actor, view.model, arguments, preferences)
    own = tuple(arrangement.of(preferences, table).get("columns") or ())
    plain = with_query(view.url, [(VIEW, ALL)]) if opened.default else view.url
    is_own = bool(own or opened.arguments.get("columns"))
    page = list_page(session, actor, replace(view, chosen=own, plain=plain), opened.arguments)
    return replace(
        page,
        views=tuple(_tabs(view.url, plain, opened)) if opened.views else (),
        keeping=_keeping(actor, table, opened),
        exports=exporting.actions(view.url.removesuffix("list/").rstrip("/"), opened.arguments),
        columns_form=ColumnForm(
            url=f"/lists/{table}/columns",
            back=query_of(page.state, page.q),
            is_own=is_own,
        ),
        notice=opened.notice or page.notice,
    )


def query_of(state: Iterable[tuple[str, str]], q: str = "") -> str:
    """Return a state with what is searched for, as an address says it."""
    return with_query("", [*state, *([("q", q)] if q else [])]).removeprefix("?")


def shown(arguments: Arguments) -> State:
    """Return what of an address is kept in a view."""
    pairs = arguments.items(multi=True)
    return tuple((name, value) for name, value in pairs if name not in PASSING and value)


def _opened(
    session: Session, actor: Actor, model: Any, arguments: Arguments, preferences: Mapping[str, Any]
) -> Opened:
    table = model.__tablename__
    views = tuple(saved_views.of_list(session, actor, table))
    known = {str(view.id): view for view in views}
    default = known.get(str(arrangement.of(preferences, table).get("view")))
    facts: dict[str, Any] = {"views": views, "default": default.id if default else None}
    asked = arguments.get(VIEW, "")
    if asked and asked != ALL:
        view = known.get(asked) or _one(session, actor, table, asked)
        return _expanded(session, actor, model, view, arguments, facts)
    if not arguments and default is not None:
        return _expanded(session, actor, model, default, arguments, facts)
    return Opened(arguments=arguments, current=known.get(arguments.get(BEGUN, "")), **facts)


def _one(session: Session, actor: Actor, table: str, key: str) -> SavedView:
    view: SavedView | None = listing.one(session, actor, SavedView, key)
    if view is None or view.object_table != table:
        raise NotFound
    return view


def _expanded(
    session: Session,
    actor: Actor,
    model: Any,
    view: SavedView,
    arguments: Arguments,
    facts: Mapping[str, Any],
) -> Opened:
    said, notice = said_by(session, actor, model, view.query)
    passing = ((name, arguments[name]) for name in ("size", "cursor") if name in arguments)
    full: Arguments = MultiDict([(BEGUN, str(view.id)), *said.items(multi=True), *passing])
    return Opened(arguments=full, current=view, notice=notice, **facts)


def said_by(session: Session, actor: Actor, model: Any, query: str) -> tuple[Arguments, Text]:
    """Return what the query of a view says; what no longer makes sense of it is left out, and told."""
    said = MultiDict(parse_qsl(query, keep_blank_values=True))
    fields = seen_by(session, actor, model)
    try:
        tree_of(filters_of(model, fields, said), criteria_in(session, actor, model, said))
    except Invalid as problem:
        wrong = tuple(error.field for error in problem.errors)
        return MultiDict(pair for pair in said.items(multi=True) if not _is_wrong(pair[0], wrong)), told_of(
            problem
        )
    return said, ""


def _is_wrong(name: str, fields: tuple[str, ...]) -> bool:
    """Tell whether a mistake is in the parameter `name`; one in conditions is told with the path to it."""
    return any(field == name or field.startswith(f"{name}.") for field in fields)


def _tabs(url: str, plain: str, opened: Opened) -> Iterator[pages.Tab]:
    here = opened.current.id if opened.current else None
    yield pages.Tab(label=_("All"), url=plain, current=here is None)
    for view in opened.views:
        yield pages.Tab(label=view.name, url=with_query(url, [(VIEW, str(view.id))]), current=view.id == here)


def _keeping(actor: Actor, table: str, opened: Opened) -> Keeping:
    now, view = shown(opened.arguments), opened.current
    is_new = bool(now) and (view is None or _differs(view, now))
    return Keeping(
        table=table,
        query=query_of(now),
        add_url=f"{SAVED}/add" if is_new and may(actor, Can.ADD, SavedView) else None,
        may_share=saved_views.may_share(actor),
        view=_open_view(actor, view, opened, now) if view is not None else None,
    )


def _open_view(actor: Actor, view: SavedView, opened: Opened, now: State) -> OpenView:
    edits = may(actor, Can.EDIT, view)
    url = f"{SAVED}/edit/{view.id}"
    return OpenView(
        name=view.name,
        version=view.version,
        shared=view.shared,
        link=f"/views/{view.id}",
        default_url=f"/views/{view.id}/default",
        is_default=opened.default == view.id,
        save_url=url if edits and _differs(view, now) else None,
        edit_url=url if edits else None,
        delete_url=f"{SAVED}/delete/{view.id}" if may(actor, Can.DELETE, view) else None,
    )


def _differs(view: SavedView, now: State) -> bool:
    """Tell whether a list shows something else than the view, in whatever order its address says it."""
    kept = shown(MultiDict(parse_qsl(view.query, keep_blank_values=True)))
    return sorted(kept, key=_name) != sorted(now, key=_name)


def _name(pair: tuple[str, str]) -> str:
    return pair[0]
