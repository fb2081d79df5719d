"""Conditions of any kind for a list: built on a page of their own, kept in the address, shown as one chip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson
from flask import redirect, render_template, request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.access import Actor
from app.core.errors import Invalid
from app.core.extensions import db
from app.core.i18n import _
from app.criteria import where
from app.generate import builder, pages
from app.generate.addresses import State, with_query
from app.generate.identity import current_actor

CRITERIA = "criteria"
"""The parameter of an address that holds them, as JSON."""


def criteria_in(
    session: Session, actor: Actor, model: Any, arguments: Mapping[str, str]
) -> Mapping[str, Any] | None:
    """Return the conditions of an address, None without any. Raises Invalid with the path of each mistake."""
    text = arguments.get(CRITERIA)
    if not text:
        return None
    try:
        tree = orjson.loads(text)
    except orjson.JSONDecodeError as problem:
        message = _("These conditions cannot be read. Build them anew.")
        raise Invalid.one(CRITERIA, "malformed", message) from problem
    where(tree, _place(session, actor, model).fields, model)
    return tree or None


def advanced_chips(
    session: Session, actor: Actor, model: Any, tree: Mapping[str, Any] | None, view: Any, state: State
) -> Iterator[pages.Filter]:
    """Yield the chip of the conditions that are on, which leads to where they are changed."""
    if tree is not None:
        yield pages.Filter(
            name=CRITERIA,
            label=builder.sentence(session, actor, _place(session, actor, model), tree),
            remove_url=with_query(view.url, [pair for pair in state if pair[0] != CRITERIA]),
            edit_url=with_query(view.build, state) if view.build else None,
        )


class Filtered:
    """Two pages of a screen: where conditions on its rows are built, and what draws a builder anew."""

    model: Any

    @expose("/criteria", methods=["POST"])
    @has_access
    @permission_name("read")
    def criteria(self) -> str:
        """Draw a builder of conditions on these rows anew: with a deed done, or as somebody types."""
        session, actor, asked = db.session(), current_actor(), request.args
        table, name = self.model.__tablename__, asked.get("name", CRITERIA)
        place = builder.Place.on(session, actor, table, name, changes="changes" in asked, me="me" in asked)
        tree, done = builder.posted(place, request.form)
        drawn = builder.built(session, actor, place, tree, done=done)
        return render_template("ui/criteria_part.html", b=drawn)

    @expose("/filter", methods=["GET", "POST"])
    @has_access
    @permission_name("read")
    def filter(self) -> str | Response | tuple[str, int]:
        """Build the conditions that the list is narrowed by, and go back to it."""
        return _filter_page(db.session(), current_actor(), self.model)


def _filter_page(session: Session, actor: Actor, model: Any) -> str | Response | tuple[str, int]:
    """Answer the page on which conditions are built; what is right leads back to the list."""
    place = _place(session, actor, model)
    if request.method == "GET":
        state = tuple(pair for pair in request.args.items(multi=True) if pair[0] not in {CRITERIA, "cursor"})
        built = builder.built(session, actor, place, _plain(request.args.get(CRITERIA, "")))
        return _page(model, built, with_query("", state).removeprefix("?"))
    tree, done = builder.posted(place, request.form)
    back = request.form.get("back", "")
    if f"{CRITERIA}.do" in request.form:
        return _page(model, builder.built(session, actor, place, tree, done=done), back)
    try:
        where(tree, place.fields, model)
    except Invalid as problem:
        built = builder.built(session, actor, place, tree, problem.errors)
        return _page(model, built, back, problem), 422
    asked = [(CRITERIA, orjson.dumps(tree).decode())] if tree else []
    return redirect(with_query(_list(model), [*parse_qsl(back), *asked]))


def _page(model: Any, built: builder.Builder, back: str, problem: Invalid | None = None) -> str:
    field = pages.FormField(name=CRITERIA, kind="criteria", label=_("Conditions"), value=built, required=True)
    errors = problem.errors if problem else ()
    plural = model.resource.plural
    page = pages.FormPage(
        title=_("Filter: %(things)s", things=plural),
        crumbs=(pages.Crumb(label=plural, url=_list(model)),),
        sections=(pages.FormSection(title="", fields=(field,)),),
        action_url=f"/admin/{model.__tablename__}/filter",
        submit_label=_("Show"),
        cancel_url=with_query(_list(model), parse_qsl(back)),
        hidden=(("back", back),),
        errors=tuple(pages.FieldError(field=CRITERIA, message=one.message) for one in errors),
    )
    return render_template("generated/form.html", page=page)


def _place(session: Session, actor: Actor, model: Any) -> builder.Place:
    return builder.Place.on(session, actor, model.__tablename__, CRITERIA, me=True)


def _list(model: Any) -> str:
    return f"/admin/{model.__tablename__}/list/"


def _plain(text: str) -> Any:
    try:
        return orjson.loads(text or "{}")
    except orjson.JSONDecodeError:
        return {}
