"""`/lists/<table>/columns`: which columns a list shows a person, and in which order.

Within a saved view the choice goes into the address, to be kept with the view; else it is the person's own.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from flask import redirect, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from app.access import Actor, hidden
from app.core.extensions import db
from app.generate import pages
from app.generate.addresses import State, with_query
from app.generate.arranging import ColumnForm
from app.generate.columns import columns_menu, expand, possible_columns, seen_by
from app.generate.lists import BEGUN
from app.generate.places import list_address
from app.services import arrangement
from app.views.lists.blueprint import blueprint, reader_of

STEPS = {"up": -1, "down": 1}


@blueprint.route("/lists/<table>/columns", methods=["GET", "POST"])
def columns(table: str) -> str | Response:
    """Ask for the columns; keep them, or go back to the declared ones."""
    actor, model = reader_of(table)
    deed, _colon, name = request.form.get("do", "").partition(":")
    if request.method == "GET":
        return _page(actor, model, request.args.getlist("columns"))
    wanted, every = _typed(actor, model)
    if deed in STEPS:
        return _page(actor, model, wanted, _moved(every, name, STEPS[deed]))
    return _kept(actor, model, [] if deed == "reset" else wanted)


def _typed(actor: Actor, model: Any) -> tuple[list[str], list[str]]:
    """Return the columns that were ticked and all of them, both in the order in which they stood."""
    possible = possible_columns(actor, model, _fields(actor, model))
    stood = [name for name in request.form.getlist("order") if name in possible]
    every = list(dict.fromkeys((*stood, *possible)))
    ticked = set(request.form.getlist("columns"))
    return [name for name in every if name in ticked], every


def _moved(names: list[str], name: str, step: int) -> list[str]:
    if name not in names:
        return names
    at = names.index(name)
    rest = [*names[:at], *names[at + 1 :]]
    rest.insert(max(0, at + step), name)
    return rest


def _kept(actor: Actor, model: Any, wanted: list[str]) -> Response:
    state = tuple(pair for pair in parse_qsl(request.form.get("back", "")) if pair[0] != "columns")
    if any(name == BEGUN for name, _value in state):
        chosen: State = tuple(("columns", name) for name in wanted)
        return redirect(with_query(list_address(model), [*state, *chosen]))
    arrangement.arrange(db.session(), actor, model.__tablename__, columns=wanted or None)
    db.session.commit()
    return redirect(with_query(list_address(model), state))


def _page(actor: Actor, model: Any, shown: list[str], order: list[str] | None = None) -> str:
    fields, resource = _fields(actor, model), model.resource
    own = arrangement.of(current_user.preferences, model.__tablename__).get("columns")
    present = shown or own or expand(fields, resource.columns, hidden(actor, model))
    menu = columns_menu(actor, model, fields, present)
    if order:
        menu = pages.ColumnMenu(tuple(sorted(menu.options, key=lambda option: order.index(option.value))))
    back = request.values.get("back", "")
    return render_template(
        "lists/columns.html",
        crumbs=(pages.Crumb(label=resource.plural, url=list_address(model)),),
        menu=menu,
        form=ColumnForm(url=request.path, back=back, is_own=bool(own)),
        cancel_url=with_query(list_address(model), parse_qsl(back)),
    )


def _fields(actor: Actor, model: Any) -> Any:
    return seen_by(db.session(), actor, model)
