"""Export and import, hung on every screen."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request
from flask_appbuilder.baseviews import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from werkzeug.wrappers import Response

from app.access import may
from app.adapters import storage
from app.core.declare import Can
from app.core.errors import Invalid
from app.core.extensions import db
from app.core.i18n import _
from app.generate import forms, pages
from app.generate.exchange import exporting, importing
from app.generate.identity import current_actor
from app.models.jobs import JobKind
from app.services import exchange, files, jobs

Answer = str | Response | tuple[str, int]


class FileExchange(BaseView):
    """Adds `/export/<kind>`, `/import` and `/import/<number>` to a screen."""

    model: Any

    @property
    def url(self) -> str:
        """Return the address of the list."""
        return f"{self.route_base}/list/"

    @expose("/export/<kind>", methods=["GET", "POST"])
    @has_access
    @permission_name("read")
    def export(self, kind: str) -> Answer:
        """Send the list as a file, or begin a job that makes it."""
        return exporting.export(self.model, self.route_base, self.url, kind)

    @expose("/import", methods=["GET", "POST"])
    @has_access
    @permission_name("add")
    def upload(self) -> Answer:
        """Take a file, and go on to its columns."""
        if request.method == "GET":
            return self._ask_for_file(None)
        session, actor, given = db.session(), current_actor(), request.files.get("file")
        try:
            if given is None or not given.filename:
                raise Invalid.one("file", "required", _("Choose a file."))
            files.taken(session, given.stream)
            lines = exchange.read_rows(given.stream, given.filename).lines
            if next(lines, None) is None:
                raise Invalid.one("file", "required", _("There is no row in this file."))
        except Invalid as problem:
            return self._ask_for_file(problem), 422
        kept = files.keep(
            session,
            storage.from_config(current_app.config),
            actor,
            given.stream,
            name=given.filename,
            media_type="text/csv",
        )
        session.commit()
        return redirect(f"{self.route_base}/import/{kept.id}")

    @expose("/import/<int:number>", methods=["GET", "POST"])
    @has_access
    @permission_name("add")
    def load(self, number: int) -> Answer:
        """Ask what each column is; try it out; begin."""
        session, actor = db.session(), current_actor()
        draft = importing.Draft.of(session, actor, self.model, number)
        if request.method == "GET":
            return self._ask_for_columns(draft)
        try:
            plan = draft.chosen(session, actor, forms.zone())
        except Invalid as problem:
            return self._ask_for_columns(draft, problem), 422
        if "start" not in request.form:
            return render_template(
                "generated/import.html", page=draft.tried(session, actor, plan, self._crumbs())
            )
        said = {"file": number, "mapping": dict(plan.mapping), "key": plan.key}
        job = jobs.start(
            session, actor, JobKind.IMPORT, self.model, "import", arguments=said, total=draft.count
        )
        session.commit()
        flash(_("This goes on in the background. You may leave this page."), "success")
        return redirect(f"/jobs/{job.id}")

    def file_actions(self) -> tuple[pages.Action, ...]:
        """Return what stands beside "New"."""
        if not may(current_actor(), Can.ADD, self.model):
            return ()
        return (pages.Action(label=_("Import"), url=f"{self.route_base}/import", icon="upload"),)

    def _ask_for_file(self, problem: Invalid | None) -> str:
        return render_template(
            "generated/form.html", page=importing.file_page(self.model, self._crumbs(), problem)
        )

    def _ask_for_columns(self, draft: importing.Draft, problem: Invalid | None = None) -> str:
        return render_template("generated/form.html", page=draft.page(self._crumbs(), problem))

    def _crumbs(self) -> tuple[pages.Crumb, ...]:
        return (pages.Crumb(label=self.model.resource.plural, url=self.url),)
