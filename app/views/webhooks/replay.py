"""Sending again: which events are meant, how many they are, and the job that does it.

The page stands where the action of the webhook's page leads, in place of the plain question.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask_babel import format_decimal
from werkzeug.wrappers import Response

from app.access import require
from app.core.declare import Can
from app.core.errors import Conflict, Invalid, NotFound
from app.core.extensions import db
from app.core.i18n import _, _n
from app.fields import Purpose
from app.generate import forms, listing, pages
from app.generate.identity import current_actor
from app.models.webhooks import Webhook
from app.services import replays, webhooks
from app.services.replays import CHOICE, Wanted

blueprint = Blueprint("webhooks", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.route("/admin/webhooks/act/replay/<int:number>", methods=["GET", "POST"])
def replay(number: int) -> Answer:
    """Ask which events, tell how many, begin."""
    webhook = _webhook(number)
    typed = forms.blank(CHOICE, Webhook) | forms.typed_in(request.form, CHOICE.values())
    if request.method == "GET":
        return _question(webhook, typed)
    session = db.session()
    try:
        wanted = Wanted.of(forms.checked(CHOICE, typed, Purpose.PATCH))
        if "confirmed" not in request.form:
            return _preview(webhook, typed, replays.count(session, webhook, wanted))
        job = webhooks.replay(session, current_actor(), webhook, wanted)
        session.commit()
    except (Invalid, Conflict) as problem:
        session.rollback()
        return _question(_webhook(number), typed, problem), 422 if isinstance(problem, Invalid) else 409
    return redirect(f"/jobs/{job.id}")


def _webhook(number: int) -> Webhook:
    webhook: Webhook | None = listing.one(db.session(), current_actor(), Webhook, number)
    if webhook is None:
        raise NotFound
    require(current_actor(), Can.EDIT, webhook)
    return webhook


def _question(webhook: Webhook, typed: dict[str, Any], problem: Invalid | Conflict | None = None) -> str:
    told = forms.by_field(problem, CHOICE)
    fields = forms.inputs(db.session(), current_actor(), CHOICE, typed, told)
    page = pages.FormPage(
        title=_("Send again"),
        crumbs=_crumbs(webhook),
        sections=(pages.FormSection(title=_("Which events"), text=_REST, fields=fields),),
        action_url=_url(webhook),
        submit_label=_("Continue"),
        cancel_url=_page(webhook),
        errors=forms.summary(told, CHOICE),
    )
    return render_template("generated/form.html", page=page)


def _preview(webhook: Webhook, typed: dict[str, Any], total: int) -> Answer:
    if not total:
        return _question(webhook, typed, Conflict(_("No event of this webhook is meant. Choose more."))), 409
    kept = (pair for field in CHOICE.values() for pair in forms.pairs(field, typed[field.name]))
    page = pages.ConfirmPage(
        title=_("Send again"),
        question=_n("%(num)s event is sent again.", "%(num)s events are sent again.", total),
        consequences=(
            _("Each goes under the same webhook-id as before, so that the receiver can tell."),
            _("This goes on in the background, in the order in which they happened, and can be stopped."),
        ),
        hidden=(("confirmed", "1"), *kept),
        action_url=_url(webhook),
        submit_label=_("Send again: %(number)s", number=format_decimal(total)),
        cancel_url=_page(webhook),
        crumbs=_crumbs(webhook),
        danger=False,
    )
    return render_template("generated/confirm.html", page=page)


_REST = _("Events whose next try is to come anyway are left out.")


def _url(webhook: Webhook) -> str:
    return f"/admin/webhooks/act/replay/{webhook.id}"


def _page(webhook: Webhook) -> str:
    return f"/admin/webhooks/show/{webhook.id}"


def _crumbs(webhook: Webhook) -> tuple[pages.Crumb, ...]:
    return (
        pages.Crumb(label=Webhook.resource.plural, url="/admin/webhooks/list/"),
        pages.Crumb(label=webhook.url, url=_page(webhook)),
    )
