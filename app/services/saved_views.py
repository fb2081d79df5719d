"""Saved views of lists: everybody has their own; to share one takes a grant on all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from app.access import Actor, may, require, scope_of
from app.core.declare import Can, Desk, Scope
from app.core.errors import Invalid
from app.core.i18n import _
from app.fields.version import known_version
from app.models import load
from app.models.views import SavedView
from app.record import expect, flush
from app.services import plain
from app.services.asking import demand, fill

MOST = 30
"""Views of one list that are offered."""
REMEMBERED = 5_000
"""Lists of persons whose views a process keeps in memory; mostly there are none of a list."""


def add(session: Session, actor: Actor, values: dict[str, Any]) -> SavedView:
    """Keep a list under a name; it is the actor's own. Raises NotFound, Invalid."""
    require(actor, Can.ADD, SavedView)
    _check(actor, values, values.get("object_table", ""))
    view = SavedView(owner_id=actor.id if actor.is_employee else None)
    fill(session, view, values)
    demand(session, view)
    session.add(view)
    flush(session)
    return view


def edit(
    session: Session, actor: Actor, view: SavedView, values: dict[str, Any], expected: int | None = None
) -> SavedView:
    """Rename a view, share it or let it show something else. Raises NotFound, Stale, Invalid."""
    require(actor, Can.EDIT, view)
    expect(view, expected)
    if values.get("object_table", view.object_table) != view.object_table:
        message = _("A view stays with its list. Add another one for the other list.")
        raise Invalid.one("object_table", "not_possible", message)
    asked = values if values.get("shared", view.shared) != view.shared else values | {"shared": False}
    _check(actor, asked, view.object_table)
    fill(session, view, values)
    flush(session)
    return view


def delete(session: Session, actor: Actor, view: SavedView, expected: int | None = None) -> None:
    """Delete a view."""
    plain.delete(session, actor, view, expected)


def of_list(session: Session, actor: Actor, table: str) -> tuple[SavedView, ...]:
    """Return the views that `actor` is offered of a list, own and shared ones: to be read, not changed.

    They are asked for once in each process, and again when views or definitions have changed.
    """
    if not may(actor, Can.READ, SavedView):
        return ()
    known = _as_of(known_version(session))
    key = (table, actor.id)
    if key not in known.views:
        if len(known.views) >= REMEMBERED:
            known.views.clear()
        views = tuple(session.scalars(_of_list(), {"table": table, "owner": actor.id}))
        for view in views:
            session.expunge(view)  # they outlive the session, in which others may change their own
        known.views[key] = views
    return known.views[key]


@dataclass(frozen=True)
class _Known:
    """The views this process has read, by list and person, as of one version of the definitions."""

    version: int
    views: dict[tuple[str, int | None], tuple[SavedView, ...]] = field(default_factory=dict)


_latest: list[_Known] = []
"""The newest that this process read: none or one."""


def _as_of(version: int) -> _Known:
    if not _latest or _latest[0].version != version:
        _latest[:] = [_Known(version)]
    return _latest[0]


@cache
def _of_list() -> Select[SavedView]:
    """Return the statement of every list, built once: building it costs more than asking it."""
    theirs = or_(SavedView.owner_id == bindparam("owner"), SavedView.shared.is_(True))
    statement = select(SavedView).where(SavedView.object_table == bindparam("table"), theirs)
    return statement.order_by(SavedView.name, SavedView.id).limit(MOST)


def may_share(actor: Actor) -> bool:
    """Tell whether `actor` may show their views to everybody."""
    return scope_of(actor, Can.EDIT, SavedView) is Scope.ALL


def _check(actor: Actor, values: dict[str, Any], table: str) -> None:
    """Raise Invalid for a list the actor does not see, and for sharing without the grant."""
    listed = {model.__tablename__: model for model in load() if model.resource.desk is not Desk.HAND}
    if table not in listed or not may(actor, Can.READ, listed[table]):
        raise Invalid.one("object_table", "not_an_option", _("Choose a list that you can see."))
    if values.get("shared") and not may_share(actor):
        message = _("Only who may edit the views of all can share one. Keep it to yourself, or ask them.")
        raise Invalid.one("shared", "not_allowed", message)
