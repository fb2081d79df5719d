"""Generated screens at /admin/<table>/: list, show, add, edit, delete and a picker for every managed thing.

They stand on Flask-AppBuilder's BaseView (blueprint, permission names, `has_access`), not on its ModelView,
whose class-wide forms, filters kept between requests and swallowed errors are why (docs/adr).
"""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request
from flask_appbuilder import AppBuilder
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_login import current_user
from werkzeug.wrappers import Response

from app import models, services
from app.access import may
from app.core.declare import Can, Desk
from app.core.errors import Conflict, Invalid, Stale
from app.core.extensions import db
from app.core.i18n import _
from app.fields import FieldSet, Purpose, fields_of
from app.generate import builder, forms, listing, menus, pages
from app.generate.addresses import with_query
from app.generate.advanced import Filtered
from app.generate.arranged import arranged_page
from app.generate.asking import ANEW, asking
from app.generate.cells import title_of
from app.generate.chips import select_filter
from app.generate.conflicts import base_of, chosen, conflict_page
from app.generate.deeds import RowDeeds, seen_version
from app.generate.identity import current_actor
from app.generate.lists import View
from app.generate.shows import show_page

Answer = str | Response | tuple[str, int]
PICK = 20
"""Rows a picker offers at most."""


def install(builder: AppBuilder) -> None:
    """Register a screen for every declared thing that is managed."""
    for model in models.load():
        if model.resource.desk is Desk.MANAGE:
            builder.add_view_no_menu(screen_of(model)())


def screen_of(model: Any) -> type[Screen]:
    """Return the view class of `model`; its endpoint is named after the class: TeamView."""
    table = model.__tablename__
    facts = {"model": model, "route_base": f"/admin/{table}", "class_permission_name": table}
    return type(f"{model.__name__}View", (Screen,), facts)


class Screen(Filtered, RowDeeds):
    """The pages of one managed thing."""

    default_view = "list"

    @expose("/list/")
    @has_access
    @permission_name("read")
    def list(self) -> Answer:
        """Show the rows the actor may see."""
        plain = select_filter(request.args)
        if plain is not None:
            return redirect(with_query(self.url, plain))
        actor = current_actor()
        view = View(
            model=self.model,
            url=self.url,
            add=self._add_action(),
            menu=lambda row: menus.beside(self.model, self._row_menu(row)),
            build=f"{self.route_base}/filter",
            bulk=self.bulk_actions(),
            actions=self.file_actions(),
        )
        page = arranged_page(db.session(), actor, view, request.args, current_user.preferences)
        return render_template("generated/list.html", page=page)

    @expose("/show/<pk>")
    @has_access
    @permission_name("read")
    def show(self, pk: str) -> Answer:
        """Show one row, what belongs to it and its history."""
        row = self._row(pk)
        page = show_page(db.session(), current_actor(), row, request.args, self._row_menu(row))
        return render_template("generated/show.html", page=page)

    @expose("/add", methods=["GET", "POST"])
    @has_access
    @permission_name("add")
    def add(self) -> Answer:
        """Add a row."""
        fields = self._form_fields(None)
        if request.method == "GET":
            given = [field for field in fields.values() if field.name in request.args]
            raw = forms.blank(fields, self.model) | forms.typed_in(request.args, given)
            return self._form(fields, raw, None)
        raw = self._typed(fields)
        asks = asking(db.session(), fields, None, raw, request.form)
        if asks.is_open or builder.is_building(request.form, fields):
            return self._form(fields, asks.with_fresh(raw, forms.blank(fields, self.model)), None)
        try:
            forms.refuse_foreign(request.form, fields, fields_of(db.session(), self.model))
            values = forms.checked(asks.fields, asks.of(raw), Purpose.CREATE)
            row = services.add(db.session(), current_actor(), self.model, values)
            db.session.commit()
        except (Invalid, Conflict) as problem:
            return self._refused(fields, raw, None, problem)
        if secret := getattr(row, "shown_once", None):
            return self._once(row, secret, _("%(name)s was added.", name=title_of(row)))
        flash(_("%(name)s was added.", name=title_of(row)), "success")
        return redirect(self._after(row, row))

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def edit(self, pk: str) -> Answer:
        """Change a row. An old form is shown beside what somebody else saved; nothing typed is lost."""
        row = self._row(pk, Can.EDIT)
        fields = self._form_fields(row)
        if request.method == "GET":
            return self._form(fields, forms.stored(fields, row), row)
        kept = forms.stored(fields, row)
        raw = chosen(request.form, self._typed(fields), kept)
        asks = asking(db.session(), fields, row, raw, request.form)
        if asks.is_open or builder.is_building(request.form, fields):
            return self._form(fields, asks.with_fresh(raw, kept), row)
        try:
            forms.refuse_foreign(request.form, fields, fields_of(db.session(), self.model))
            values = forms.checked(asks.fields, asks.of(raw), Purpose.PATCH)
            services.edit(db.session(), current_actor(), row, values, seen_version())
            db.session.commit()
        except Stale:
            db.session.rollback()
            return self._conflict(pk, asks.fields, asks.of(raw))
        except (Invalid, Conflict) as problem:
            return self._refused(fields, raw, pk, problem)
        flash(_("%(name)s was saved.", name=title_of(row)), "success")
        return redirect(self._after(row, row))

    @expose("/pick")
    @has_access
    @permission_name("read")
    def pick(self) -> Response:
        """Offer at most twenty rows by name, for a reference in a form."""
        session, actor = db.session(), current_actor()
        fields = fields_of(session, self.model)
        label = self.model.resource.name_column
        question = listing.Question(
            order=self.model.resource.order, q=request.args.get("q", "")[:100], limit=PICK, columns=(label,)
        )
        rows = listing.page_of(session, actor, self.model, fields, question).rows
        return jsonify(
            items=[{"value": str(row.id), "text": title_of(row), "detail": f"#{row.id}"} for row in rows]
        )

    def _typed(self, fields: FieldSet) -> dict[str, Any]:
        raw = forms.typed_in(request.form, fields.values())
        return raw | builder.typed(db.session(), current_actor(), fields, raw, request.form)

    def _form_fields(self, row: Any | None) -> FieldSet:
        fields = fields_of(db.session(), self.model)
        return fields.pick(forms.names_of(current_actor(), self.model, fields, row))

    def _form(
        self,
        fields: FieldSet,
        raw: dict[str, Any],
        row: Any | None,
        problem: Invalid | Conflict | None = None,
    ) -> str:
        actor, resource = current_actor(), self.model.resource
        asks = asking(db.session(), fields, row, raw, request.form or None)
        url = f"{self.route_base}/edit/{row.id}" if row else f"{self.route_base}/add"
        told = forms.by_field(problem, asks.fields)
        inputs = asks.live(forms.inputs(db.session(), actor, asks.fields, raw, told), url)
        inputs = builder.Dresser(db.session(), actor, asks.fields, raw, problem).dress(inputs)
        title = _("Edit %(name)s", name=title_of(row)) if row else _("New: %(thing)s", thing=resource.title)
        page = pages.FormPage(
            title=title,
            crumbs=(pages.Crumb(label=resource.plural, url=self.url),),
            sections=forms.sections(fields, inputs, further=_("Further fields")),
            action_url=url,
            submit_label=_("Save") if row else _("Add"),
            cancel_url=f"{self.route_base}/show/{row.id}" if row else self.url,
            version=(seen_version() or row.version) if row else None,
            hidden=(_base(fields, row), *asks.hidden) if row else asks.hidden,
            errors=forms.summary(told, fields),
            notice=ANEW if asks.fresh and not asks.is_redraw else "",
            dirty=builder.is_building(request.form, fields),
        )
        return render_template("generated/form.html", page=page)

    def _refused(
        self, fields: FieldSet, raw: dict[str, Any], pk: str | None, problem: Invalid | Conflict
    ) -> tuple[str, int]:
        """Show the same form again with what was typed and what is wrong with it."""
        db.session.rollback()
        status = 422 if isinstance(problem, Invalid) else 409
        return self._form(fields, raw, self._row(pk, Can.EDIT) if pk else None, problem), status

    def _conflict(self, pk: str, fields: FieldSet, raw: dict[str, Any]) -> tuple[str, int]:
        db.session.expire_all()
        page = conflict_page(db.session(), self._row(pk, Can.EDIT), fields, raw)
        return render_template("generated/conflict.html", page=page), 409

    def _add_action(self) -> pages.Action | None:
        if not may(current_actor(), Can.ADD, self.model):
            return None
        label = _("New: %(thing)s", thing=self.model.resource.title)
        return pages.Action(label=label, url=f"{self.route_base}/add", icon="plus", primary=True, key="c")

    def _row_menu(self, row: Any) -> menus.Menu:
        return menus.managed(current_actor(), row)


def _base(fields: FieldSet, row: Any) -> tuple[str, str]:
    """Return what the form was first drawn from, also when it is drawn again with errors."""
    return ("base", request.form["base"]) if "base" in request.form else base_of(forms.stored(fields, row))
