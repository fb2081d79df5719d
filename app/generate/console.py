"""The console at /console/<table>/: what is watched. Read-only, with filters and a few declared actions.

It stands on Flask-Admin's BaseView and menu-less Admin; lists and pages are those of the screens.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, flash, redirect, render_template, request
from flask_admin import Admin, AdminIndexView, BaseView, expose
from flask_appbuilder.utils.base import get_safe_redirect
from flask_login import current_user
from werkzeug.wrappers import Response

from app import models, services
from app.access import may, require
from app.core.declare import Can, Desk
from app.core.errors import Conflict, Invalid, NotFound, Stale, told_of
from app.core.extensions import db
from app.core.i18n import Text
from app.generate import framed, listing, menus, pages
from app.generate.actions import asked_of, label_of_action
from app.generate.addresses import with_query
from app.generate.arranged import arranged_page
from app.generate.bulk.views import Many
from app.generate.cells import page_address
from app.generate.chips import select_filter
from app.generate.deeds import done_to, outcome_address, told_before
from app.generate.exchange import exporting
from app.generate.identity import current_actor
from app.generate.lists import View
from app.generate.shows import show_page

Answer = str | Response | tuple[str, int]


def install(app: Flask) -> None:
    """Register a page for every declared thing that is watched."""
    admin = Admin(app, name="console", index_view=Index(name="console", endpoint="console", url="/console"))
    for model in models.load():
        if model.resource.desk is Desk.WATCH:
            table = model.__tablename__
            view = type(f"{model.__name__}Watch", (Watch,), {"model": model})
            admin.add_view(view(name=table, endpoint=f"console_{table}", url=f"/console/{table}"))


class Guarded(BaseView):
    """A view of the library without its static files."""

    def create_blueprint(self, admin: Admin) -> Any:
        """Return the blueprint: the library's CSS and JavaScript are never served."""
        self.static_folder = None
        return super().create_blueprint(admin)


class Index(Guarded, AdminIndexView):
    """`/console/` leads to the first page the person may see."""

    @expose("/")
    def index(self) -> Answer:
        """Go to the first page the person may see."""
        for model in models.load():
            if model.resource.desk is Desk.WATCH and may(current_actor(), Can.READ, model):
                return redirect(f"/console/{model.__tablename__}/")
        raise NotFound


class Watch(Many, Guarded):
    """The pages of one watched thing."""

    model: Any

    def is_accessible(self) -> bool:
        """Ask the grants."""
        return may(current_actor(), Can.READ, self.model)

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:  # noqa: ARG002  the library's words
        """Answer as if it were not there; who is not signed in is led to sign in."""
        raise NotFound

    @property
    def base(self) -> str:
        """Return the address of the list."""
        return f"/console/{self.model.__tablename__}/"

    @expose("/")
    def index(self) -> Answer:
        """Show the rows the actor may see."""
        plain = select_filter(request.args)
        if plain is not None:
            return redirect(with_query(self.base, plain))
        actor, likes = current_actor(), current_user.preferences
        view = View(
            model=self.model,
            url=self.base,
            menu=lambda row: menus.beside(self.model, menus.watched(actor, row)),
            bulk=self.bulk_actions(),
        )
        page = arranged_page(db.session(), actor, view, request.args, likes)
        return render_template("generated/list.html", page=page)

    @property
    def place(self) -> str:
        """Return where the pages stand."""
        return self.base.rstrip("/")

    @property
    def list_url(self) -> str:
        """Return the address of the list."""
        return self.base

    @expose("/bulk/<verb>", methods=("POST",))
    def bulk(self, verb: str) -> Answer:
        """Ask about the chosen rows; once confirmed, do one of the declared actions to each."""
        return self.many(verb)

    @expose("/details/")
    def details(self) -> Answer:
        """Show one row."""
        row, actor = self._row(request.args.get("id", "")), current_actor()
        page = show_page(db.session(), actor, row, request.args, menus.watched(actor, row))
        return render_template("generated/show.html", page=page)

    @expose("/frame/<column>/<key>")
    def frame(self, column: str, key: str) -> Response:
        """Answer HTML that a row holds, for the frame on its page."""
        return framed.answer(db.session(), current_actor(), self._row(key), column)

    @expose("/export/<kind>", methods=("GET", "POST"))
    def export(self, kind: str) -> Answer:
        """Send the list as a file, or begin a job that makes it."""
        return exporting.export(self.model, self.base.rstrip("/"), self.base, kind)

    @expose("/act/<verb>/<key>", methods=("GET", "POST"))
    def act(self, verb: str, key: str) -> Answer:
        """Do one of the declared actions, after asking."""
        row = self._row(key)
        require(current_actor(), Can.EDIT, row)
        if verb not in self.model.resource.actions:
            raise NotFound
        if request.method == "GET":
            return self._question(row, verb)
        try:
            done = services.act(db.session(), current_actor(), row, verb)
            db.session.commit()
        except (Invalid, Conflict, Stale) as problem:
            db.session.rollback()
            status = 422 if isinstance(problem, Invalid) else 409
            return self._question(self._row(key), verb, told_of(problem)), status
        flash(done_to(row, verb), "success")
        return redirect(_back() or outcome_address(row, done))

    def _row(self, key: str) -> Any:
        row = listing.one(
            db.session(),
            current_actor(),
            self.model,
            key,
            self.model.resource.show or self.model.resource.columns,
        )
        if row is None:
            raise NotFound
        return row

    def _question(self, row: Any, verb: str, problem: Text = "") -> str:
        back = _back()
        page = pages.ConfirmPage(
            title=asked_of(row, verb),
            **told_before(*services.consequences(db.session(), row, verb)),
            problem=problem,
            action_url=with_query(f"{self.base}act/{verb}/{row.id}", [(menus.BACK, back)] if back else []),
            submit_label=label_of_action(verb),
            cancel_url=back or page_address(self.model, row.id) or self.base,
            crumbs=(pages.Crumb(label=self.model.resource.plural, url=self.base),),
            danger=False,
        )
        return render_template("generated/confirm.html", page=page)


def _back() -> str | None:
    """Return the page of the program that a deed was begun on, and leads back to; None for the row's own."""
    return str(get_safe_redirect(request.args[menus.BACK])) if menus.BACK in request.args else None
