"""`/views/<number>`: the address of a saved view for others, and whether a list opens with the view."""

from __future__ import annotations

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from app.core.errors import NotFound
from app.core.extensions import db
from app.core.i18n import _
from app.generate import listing
from app.generate.addresses import with_query
from app.generate.identity import current_actor
from app.generate.lists import VIEW
from app.generate.places import list_address
from app.models.views import SavedView
from app.services import arrangement
from app.views.lists.blueprint import blueprint, reader_of


@blueprint.get("/views/<int:number>")
def show(number: int) -> Response:
    """Lead to the list, as the view shows it."""
    return redirect(_address(_view(number)))


@blueprint.post("/views/<int:number>/default")
def default(number: int) -> Response:
    """Let the list open with this view from now on, or no longer."""
    view = _view(number)
    actor, model = reader_of(view.object_table)
    chosen = view.id if request.form.get("default") else None
    arrangement.arrange(db.session(), actor, view.object_table, view=chosen)
    db.session.commit()
    facts = {"things": model.resource.plural, "view": view.name}
    opens = _("%(things)s: opens with %(view)s from now on.", **facts)
    flash(str(opens if chosen else _("%(things)s: opens with all rows again.", **facts)), "success")
    return redirect(_address(view))


def _view(number: int) -> SavedView:
    view: SavedView | None = listing.one(db.session(), current_actor(), SavedView, number)
    if view is None:
        raise NotFound
    return view


def _address(view: SavedView) -> str:
    _actor, model = reader_of(view.object_table)
    return with_query(list_address(model), [(VIEW, str(view.id))])
