"""Generated screens at /admin/<table>/: list, show, add, edit, delete and a picker for every managed thing.

They stand on Flask-AppBuilder's BaseView (blueprint, permission names, `has_access`), not on its ModelView,
whose class-wide forms, filters kept between requests and swallowed errors are why (docs/adr).
"""

from __future__ import annotations

from dataclasses import replace
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
from app.core.i18n import Text, _
from app.fields import FieldSet, Purpose, fields_of
from app.generate import actions, builder, forms, in_place, leads, listing, menus, pages, writing
from app.generate.addresses import with_query
from app.generate.advanced import Filtered
from app.generate.arranged import arranged_page
from app.generate.asking import ANEW, asking
from app.generate.cells import title_of
from app.generate.chips import select_filter
from app.generate.conflicts import base_in, base_of, chosen, conflict_page
from app.generate.copies import copied, copied_rows, given
from app.generate.deeds import RowDeeds, seen_version
from app.generate.identity import current_actor
from app.generate.lines import draw, keep
from app.generate.lines.read import is_pressed
from app.generate.lists import View
from app.generate.neighbours import list_asked, neighbours
from app.generate.nested import Nested, together
from app.generate.nested.draw import inlines, summary, without_rows
from app.generate.nested.draw import told as told_of_rows
from app.generate.shows import show_page

Answer = str | Response | tuple[str, int]
GONE = {menus.COPY, in_place.MADE}
"""Parameters of a form's address that count only once."""
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
            menu=menus.in_list(self.model, self._row_menu),
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
        session, actor = db.session(), current_actor()
        page = show_page(session, actor, row, request.args, self._row_menu(row))
        asked = list_asked(self.url, request.args, request.referrer)
        page = replace(page, neighbours=neighbours(session, actor, row, asked))
        return render_template("generated/show.html", page=page)

    @expose("/add", methods=["GET", "POST"])
    @has_access
    @permission_name("add")
    def add(self) -> Answer:
        """Add a row."""
        fields = self._form_fields(None)
        if request.method == "GET" or in_place.arrived():
            return self._blank(fields)
        came_back = in_place.returned()
        if away := in_place.leaving() or self._given_up():
            return away
        raw, nested = self._typed(fields), self._nested(None)
        asks = asking(db.session(), fields, None, raw, request.form)
        if came_back or asks.is_open or _is_building(fields, nested):
            return self._form(fields, asks.with_fresh(raw, forms.blank(fields, self.model)), None)
        try:
            forms.refuse_foreign(request.form, fields, fields_of(db.session(), self.model))
            values, rows = together(
                lambda: forms.checked(asks.fields, asks.of(raw), Purpose.CREATE),
                lambda: nested.checked(base_in(request.form)),
            )
            row = services.add(db.session(), current_actor(), self.model, values)
            nested.save(row, rows)
            db.session.commit()
        except (Invalid, Conflict) as problem:
            return self._refused(fields, raw, None, problem)
        return self._added(row)

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def edit(self, pk: str) -> Answer:
        """Change a row. An old form is shown beside what somebody else saved; nothing typed is lost."""
        row = self._row(pk, Can.EDIT)
        fields = self._form_fields(row)
        if request.method == "GET":
            return self._form(fields, forms.stored(fields, row), row)
        came_back, kept = in_place.returned(), forms.stored(fields, row)
        if away := in_place.leaving():
            return away
        raw, nested = chosen(request.form, self._typed(fields), kept), self._nested(row)
        asks = asking(db.session(), fields, row, raw, request.form)
        if came_back or asks.is_open or _is_building(fields, nested):
            return self._form(fields, asks.with_fresh(raw, kept), row)
        try:
            forms.refuse_foreign(request.form, fields, fields_of(db.session(), self.model))
            values, rows = together(
                lambda: forms.checked(asks.fields, asks.of(raw), Purpose.PATCH),
                lambda: nested.checked(base_in(request.form)),
            )
            services.edit(db.session(), current_actor(), row, values, seen_version())
            nested.save(row, rows)
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
        order, typed = self.model.resource.order, request.args.get("q", "")[:100]
        question = listing.Question(order=order, q=typed, limit=PICK, columns=(label,), is_offer=True)
        rows = listing.page_of(session, actor, self.model, fields, question).rows
        return jsonify(
            items=[{"value": str(row.id), "text": title_of(row), "detail": f"#{row.id}"} for row in rows],
            create=in_place.offer(actor, self.model),
        )

    def _added(self, row: Any) -> Answer:
        if back := in_place.answer(row) or in_place.back(row):
            return back
        if secret := getattr(row, "shown_once", None):
            return self._once(row, secret, _("%(name)s was added.", name=title_of(row)))
        flash(_("%(name)s was added.", name=title_of(row)), "success")
        return redirect(self._add_url() if "again" in request.form else self._after(row, row))

    def _typed(self, fields: FieldSet) -> dict[str, Any]:
        raw = forms.typed_in(request.form, fields.values())
        return raw | builder.typed(db.session(), current_actor(), fields, raw, request.form)

    def _nested(self, row: Any | None) -> Nested:
        form = request.form if request.method == "POST" else None
        if row is None and in_place.is_short():
            return Nested(db.session(), current_actor(), ())
        return Nested.of(db.session(), current_actor(), self.model, row, form)

    def _form_fields(self, row: Any | None) -> FieldSet:
        fields = fields_of(db.session(), self.model)
        asked = fields.pick(forms.names_of(current_actor(), self.model, fields, row))
        return in_place.short(asked, self.model) if row is None and in_place.is_short() else asked

    def _given_up(self) -> Response | None:
        return in_place.back(None) if "again" in request.form else None

    def _again_label(self, row: Any | None) -> Text:
        if row is not None:
            return ""
        return _("Back without adding") if in_place.carried() else _("Add and start another")

    def _add_url(self) -> str:
        """Return where a new row is sent to, with what the address says of it; a copy begins once."""
        said = ((name, value) for name, value in request.args.items(multi=True) if name not in GONE)
        return with_query(f"{self.route_base}/add", said)

    def _blank(self, fields: FieldSet) -> str:
        """Show the form for a new row, which may begin with the values of another one."""
        if menus.COPY not in request.args:
            return self._form(fields, given(fields, self.model, request.args), None)
        source = self._row(request.args[menus.COPY])
        rows = Nested.of(db.session(), current_actor(), self.model, source)
        return self._form(fields, copied(fields, source), None, nested=copied_rows(self._nested(None), rows))

    def _form(
        self,
        fields: FieldSet,
        raw: dict[str, Any],
        row: Any | None,
        problem: Invalid | Conflict | None = None,
        nested: Nested | None = None,
    ) -> str:
        actor, resource = current_actor(), self.model.resource
        asks = asking(db.session(), fields, row, raw, request.form or None)
        url = f"{self.route_base}/edit/{row.id}" if row else self._add_url()
        nested = nested or self._nested(row)
        beside = told_of_rows(nested, problem)
        problem = without_rows(nested, problem)
        told = forms.by_field(problem, asks.fields)
        inputs = asks.live(forms.inputs(db.session(), actor, asks.fields, raw, told), url)
        inputs = builder.Dresser(db.session(), actor, asks.fields, raw, problem).dress(inputs)
        inputs = draw.dress(db.session(), actor, asks.fields, raw, problem, inputs)
        inputs = keep.dress(asks.fields, row, raw, problem, inputs)
        inputs = writing.dress(asks.fields, request.form, inputs)
        page = pages.FormPage(
            title=_("Edit %(name)s", name=title_of(row)) if row else actions.label_of_adding(resource),
            crumbs=(pages.Crumb(label=resource.plural, url=self.url),),
            sections=forms.sections(fields, inputs, further=_("Further fields")),
            action_url=url,
            submit_label=_("Save") if row else _("Add"),
            again_label=self._again_label(row),
            cancel_url=f"{self.route_base}/show/{row.id}" if row else self.url,
            version=(seen_version() or row.version) if row else None,
            inlines=inlines(nested, beside),
            hidden=(_base(fields, row, nested), *asks.hidden) if row else (*asks.hidden, *in_place.carried()),
            errors=(*forms.summary(told, fields), *summary(nested, beside)),
            notice=ANEW if asks.fresh and not asks.is_redraw else "",
            dirty=_is_building(fields, nested),
            preview_url=leads.preview_of(self.model),
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
        row = self._row(pk, Can.EDIT)
        page = conflict_page(db.session(), row, fields, raw, self._nested(row))
        return render_template("generated/conflict.html", page=page), 409

    def _add_action(self) -> pages.Action | None:
        if not may(current_actor(), Can.ADD, self.model):
            return None
        label = actions.label_of_adding(self.model.resource)
        return pages.Action(label=label, url=f"{self.route_base}/add", icon="plus", primary=True, key="c")

    def _row_menu(self, row: Any) -> menus.Menu:
        return menus.managed(current_actor(), row)


def _base(fields: FieldSet, row: Any, nested: Nested) -> tuple[str, str]:
    """Return what the form was first drawn from, also when it is drawn again with errors."""
    if "base" in request.form:
        return "base", request.form["base"]
    return base_of(forms.stored(fields, row) | nested.stored())


def _is_building(fields: FieldSet, nested: Nested) -> bool:
    """Tell whether a button within the form was pressed, so that nothing is to be saved yet."""
    form = request.form
    pressed = is_pressed(form, fields.values()) or writing.is_previewing(form, fields.values())
    return pressed or nested.is_pressed(form) or builder.is_building(form, fields)
