"""Deeds on one row of a screen: each is asked about first, and again where something stands in its way."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from werkzeug.wrappers import Response

from app import services
from app.access import may, require
from app.core.declare import Ask, Can
from app.core.errors import Conflict, Invalid, NotFound, Stale, told_of
from app.core.extensions import db
from app.core.i18n import Text, _, _n
from app.generate import listing, pages
from app.generate.actions import asked_of, label_of_action
from app.generate.bulk.views import ManyRows
from app.generate.cells import page_address, title_of
from app.generate.exchange.views import FileExchange
from app.generate.identity import current_actor
from app.generate.uses import uses_of
from app.models.base import Declared

TOLD = 12
"""Consequences told before a row is deleted, at most."""
NOTED = _("This is noted in the audit log.")
Answer = str | Response | tuple[str, int]


class RowDeeds(ManyRows, FileExchange):
    """Adds `/delete/<pk>` and `/act/<verb>/<pk>` to a screen, and finds its rows."""

    @expose("/delete/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("delete")
    def delete(self, pk: str) -> Answer:
        """Ask, then delete."""
        row = self._row(pk, Can.DELETE)
        name = title_of(row)
        if request.method == "GET":
            return self._confirm(row, "delete")
        try:
            services.delete(db.session(), current_actor(), row, seen_version())
            db.session.commit()
        except (Invalid, Conflict, Stale) as problem:
            return self._refused_deed(pk, "delete", problem)
        flash(_("%(name)s was deleted.", name=name), "success")
        return redirect(self.url)

    @expose("/act/<verb>/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def act(self, verb: str, pk: str) -> Answer:
        """Do one of the declared actions, after asking."""
        row = self._row(pk, Can.EDIT)
        if verb not in self.model.resource.actions:
            raise NotFound
        if request.method == "GET":
            return self._confirm(row, verb)
        try:
            answer = request.form.get("answer", "")
            done = services.act(db.session(), current_actor(), row, verb, seen_version(), answer)
            db.session.commit()
        except (Invalid, Conflict, Stale) as problem:
            return self._refused_deed(pk, verb, problem)
        said = done_to(row, verb)
        if secret := getattr(done, "shown_once", None):
            return self._once(done, secret, said)
        flash(said, "success")
        return redirect(self._after(row, done))

    def _after(self, row: Any, done: Any) -> str:
        """Return where to go on: to what came of it, or to the list if the row was handed to others."""
        return outcome_address(row, done) if may(current_actor(), Can.READ, row) else self.url

    def _once(self, row: Any, secret: str, title: Text) -> str:
        """Show a new secret, in the answer itself: it is kept in no cookie."""
        page = pages.OncePage(
            title=title,
            text=_("Copy this now and keep it safe. It is shown this once and cannot be had again."),
            secret=secret,
            crumbs=(pages.Crumb(label=self.model.resource.plural, url=self.url),),
            done=pages.Action(
                label=_("I have copied it"), url=f"{self.route_base}/show/{row.id}", primary=True
            ),
        )
        return render_template("generated/once.html", page=page)

    def _row(self, pk: str, can: Can = Can.READ) -> Any:
        row = listing.one(
            db.session(),
            current_actor(),
            self.model,
            pk,
            self.model.resource.show or self.model.resource.columns,
        )
        if row is None:
            raise NotFound
        require(current_actor(), can, row)
        return row

    def _refused_deed(self, pk: str, verb: str, problem: Invalid | Conflict | Stale) -> tuple[str, int]:
        """Ask again, about the row as it is now, with what stood in the way."""
        db.session.rollback()
        status = 422 if isinstance(problem, Invalid) else 409
        return self._confirm(self._row(pk), verb, told_of(problem)), status

    def _consequences(self, row: Any) -> tuple[Text, ...]:
        """Say what refers to a row, and what becomes of it."""
        uses = uses_of(db.session(), current_actor(), row)
        said = tuple(
            _("%(what)s (%(count)s): %(fate)s", what=one.label, count=one.count, fate=one.fate)
            for one in uses[:TOLD]
        )
        more = len(uses) - TOLD
        return (
            (*said, _n("and %(num)s more, under “Where used”", "and %(num)s more, under “Where used”", more))
            if more > 0
            else said
        )

    def _confirm(self, row: Any, verb: str, problem: Text = "") -> str:
        label, path = label_of_action(verb), verb if verb == "delete" else f"act/{verb}"
        page = pages.ConfirmPage(
            title=asked_of(row, verb),
            **told_before(
                *services.consequences(db.session(), row, verb),
                *(self._consequences(row) if verb == "delete" else ()),
            ),
            problem=problem,
            action_url=f"{self.route_base}/{path}/{row.id}",
            submit_label=label,
            cancel_url=f"{self.route_base}/show/{row.id}",
            crumbs=(pages.Crumb(label=self.model.resource.plural, url=self.url),),
            hidden=(("version", str(row.version)),),
            field=_asked(row, self.model.resource.asks.get(verb)),
            danger=verb == "delete",
        )
        return render_template("generated/confirm.html", page=page)


def done_to(row: Any, verb: str) -> Text:
    """Return what is said once an action was done, so that who pressed a key sees to what."""
    return _("%(name)s: “%(action)s” is done.", name=title_of(row), action=label_of_action(verb))


def told_before(*consequences: Text) -> dict[str, Any]:
    """Return what a question about a row says before it is answered: what it does, and that it is noted."""
    if not consequences:
        return {"question": NOTED}
    return {"question": _("This is what happens:"), "consequences": (*consequences, NOTED)}


def _asked(row: Any, ask: Ask | None) -> pages.FormField | None:
    """Return what a deed asks besides; the first choice stands there until another is taken."""
    if ask is None:
        return None
    known = services.answers(db.session(), current_actor(), row, ask)
    choices = tuple(pages.Option(value=value, label=label) for value, label in known)
    given = request.form.get("answer", choices[0].value)
    return pages.FormField(
        name="answer",
        kind="select",
        label=ask.label,
        help=ask.help,
        value=given,
        options=choices,
        required=True,
    )


def outcome_address(row: Any, done: Any) -> str:
    """Return where an action leads: to what came of it, where that has a page; else back to its row."""
    made = done if isinstance(done, Declared) else row
    return page_address(type(made), made.id) or page_address(type(row), row.id) or "/"


def seen_version() -> int | None:
    """Return the version of the row that the form was drawn from, None where it says none."""
    given = request.form.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None
