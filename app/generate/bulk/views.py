"""The pages of many rows, hung on every screen and on the lists of the console."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import orjson
from flask import flash, redirect, render_template, request
from flask_appbuilder.baseviews import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from werkzeug.wrappers import Response

from app.core.errors import Invalid, NotFound
from app.core.extensions import db
from app.core.i18n import Text, _, _n
from app.fields import fields_of
from app.generate import forms, pages
from app.generate.actions import icon_of_action, label_of_action
from app.generate.bulk.deeds import Done, deed_of, do_next, offered, verbs_of
from app.generate.bulk.page import SAMPLE, BulkPage, FailedPage, question
from app.generate.bulk.selection import MOST, Selection, asked, count, rows_of
from app.generate.failures import told
from app.generate.identity import current_actor
from app.models.jobs import JobKind
from app.services import bulk, jobs

Answer = str | Response | tuple[str, int]

AT_ONCE = 25
"""Rows changed within the request; more are a job's."""


class Many:
    """One deed to many rows of a list, on whatever kind of page the list is."""

    model: Any

    @property
    @abstractmethod
    def place(self) -> str:
        """Return where the pages of the thing stand."""

    @property
    @abstractmethod
    def list_url(self) -> str:
        """Return the address of the list."""

    def many(self, verb: str) -> Answer:
        """Ask about the chosen rows; once confirmed, do it."""
        actor, session = current_actor(), db.session()
        if verb not in verbs_of(actor, self.model, fields_of(session, self.model)):
            raise NotFound
        try:
            selection = asked(session, actor, self.model, request.form)
        except Invalid as problem:
            flash(problem.errors[0].message, "danger")
            return redirect(self.list_url)
        if "confirmed" not in request.form:
            return self._ask(verb, selection)
        return self._confirmed(verb, selection)

    def bulk_actions(self) -> tuple[pages.Action, ...]:
        """Return what is offered for ticked rows."""
        return tuple(
            pages.Action(
                label=label_of_action(verb),
                url=f"{self.place}/bulk/{verb}",
                icon=icon_of_action(verb),
                danger=verb == bulk.DELETE,
            )
            for verb in verbs_of(current_actor(), self.model, fields_of(db.session(), self.model))
        )

    def _confirmed(self, verb: str, selection: Selection) -> Answer:
        actor, session = current_actor(), db.session()
        fields = fields_of(session, self.model)
        chosen = offered(actor, self.model, fields).pick(tuple(request.form.getlist("set")))
        typed = forms.typed_in(request.form, chosen.values())
        try:
            if verb == bulk.EDIT and not chosen:
                raise Invalid.one("", "required", _("Choose at least one field to change."))
            deed = deed_of(actor, self.model, fields, verb, typed, forms.zone())
        except Invalid as problem:
            return self._ask(verb, selection, problem, typed), 422
        total = count(session, actor, self.model, selection)
        if total > AT_ONCE:
            return self._begin(verb, selection, typed, total)
        came = do_next(session, actor, self.model, selection, deed, after=0, most=AT_ONCE + 1)
        session.commit()
        return self._told(verb, came)

    def _begin(self, verb: str, selection: Selection, typed: dict[str, Any], total: int) -> Answer:
        """Start the job, and lead to its progress."""
        if total > MOST:
            flash(_("Choose at most %(most)s rows: narrow the list down first.", most=MOST), "danger")
            return redirect(self.list_url)
        said = {"selection": selection.as_json(), "typed": typed}
        job = jobs.start(
            db.session(), current_actor(), JobKind.BULK, self.model, verb, arguments=said, total=total
        )
        db.session.commit()
        flash(_("This goes on in the background. You may leave this page."), "success")
        return redirect(f"/jobs/{job.id}")

    def _told(self, verb: str, came: Done) -> Answer:
        done: Text = _n(
            "%(action)s: %(num)s row.", "%(action)s: %(num)s rows.", came.done, action=label_of_action(verb)
        )
        if not came.failures:
            flash(done, "success")
            return redirect(self.list_url)
        page = FailedPage(
            title=_(
                "%(action)s: %(things)s", action=label_of_action(verb), things=self.model.resource.plural
            ),
            said=done,
            failures=told(fields_of(db.session(), self.model), came.failures),
            crumbs=(pages.Crumb(label=self.model.resource.plural, url=self.list_url),),
            back_url=self.list_url,
        )
        return render_template("generated/failed.html", page=page)

    def _ask(
        self,
        verb: str,
        selection: Selection,
        problem: Invalid | None = None,
        typed: dict[str, Any] | None = None,
    ) -> str:
        actor, session = current_actor(), db.session()
        total = count(session, actor, self.model, selection)
        rows = session.scalars(rows_of(session, actor, self.model, selection).limit(SAMPLE)).all()
        page = BulkPage(
            **question(verb, self.model, total, rows),
            hidden=(("selection", orjson.dumps(selection.as_json()).decode()),),
            **self._inputs(verb, problem, typed or {}),
            action_url=f"{self.place}/bulk/{verb}",
            cancel_url=self.list_url,
            crumbs=(pages.Crumb(label=self.model.resource.plural, url=self.list_url),),
        )
        return render_template("generated/bulk.html", page=page)

    def _inputs(self, verb: str, problem: Invalid | None, typed: dict[str, Any]) -> dict[str, Any]:
        if verb != bulk.EDIT:
            return {}
        actor, session = current_actor(), db.session()
        fields = offered(actor, self.model, fields_of(session, self.model))
        told = forms.by_field(problem, fields)
        raw = forms.blank(fields, self.model) | typed
        return {
            "fields": forms.inputs(session, actor, fields, raw, told),
            "chosen": frozenset(request.form.getlist("set")),
            "errors": forms.summary(told, fields),
        }


class ManyRows(Many, BaseView):
    """Adds `/bulk/<verb>` to a screen: the question by a first POST, the deed by a second."""

    @property
    def place(self) -> str:
        """Return where the pages of the screen stand."""
        return str(self.route_base)

    @property
    def url(self) -> str:
        """Return the address of the list."""
        return f"{self.route_base}/list/"

    list_url = url

    @expose("/bulk/<verb>", methods=["POST"])
    @has_access
    @permission_name("read")
    def bulk(self, verb: str) -> Answer:
        """Ask about the chosen rows; once confirmed, do it."""
        return self.many(verb)
