"""`/access/<role>/delete`: a role made here goes, and its people get another one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access import Actor, require, visible
from app.core.declare import Can, Role
from app.core.errors import Conflict, Invalid, NotFound, Stale, told_of
from app.core.extensions import db
from app.core.i18n import Text, _, _n
from app.fields.live import title_of_role
from app.generate.deeds import seen_version
from app.generate.pages import ConfirmPage, Crumb, FormField, Option
from app.models.access import DeskRole
from app.services import role_end
from app.views.access.blueprint import URL, blueprint, reader, role_of


@blueprint.get(f"{URL}<int:number>/delete")
def ask_end(number: int) -> str:
    """Ask which role those get who have this one."""
    actor = reader()
    return _question(actor, role_of(actor, number))


@blueprint.post(f"{URL}<int:number>/delete")
def end_role(number: int) -> str | Response | tuple[str, int]:
    """Move the people, then delete the role."""
    actor, session = reader(), db.session()
    role = role_of(actor, number)
    try:
        moved = role_end.end(session, actor, role, request.form.get("to", ""), seen_version())
        session.commit()
    except (Invalid, Conflict, Stale) as problem:
        session.rollback()
        status = 422 if isinstance(problem, Invalid) else 409
        return _question(actor, role_of(actor, number), told_of(problem)), status
    flash(
        _n(
            "The role is gone; %(num)s person was moved.",
            "The role is gone; %(num)s people were moved.",
            moved,
        ),
        "success",
    )
    return redirect(URL)


def _question(actor: Actor, role: DeskRole, problem: Text = "") -> str:
    require(actor, Can.DELETE, role)
    if role.builtin:
        raise NotFound
    session = db.session()
    count = role_end.holders(session, role)
    others = session.scalars(
        select(DeskRole).where(visible(actor, DeskRole), DeskRole.id != role.id).order_by(DeskRole.id)
    )
    options = tuple(Option(value=one.name, label=title_of_role(one.name, one.title)) for one in others)
    page = ConfirmPage(
        title=_("Delete: %(name)s?", name=role.title),
        question=_n("%(num)s person has this role.", "%(num)s people have this role.", count),
        consequences=(
            _("They are signed out, and begin again with the other role."),
            _("This is noted in the audit log."),
        ),
        problem=problem,
        action_url=f"{URL}{role.id}/delete",
        submit_label=_("Delete"),
        cancel_url=f"{URL}{role.id}",
        crumbs=(Crumb(label=_("Who may what"), url=URL),),
        hidden=(("version", str(role.version)),),
        field=FormField(
            name="to", kind="select", label=_("Role they get"), options=options, required=True,
            value=request.form.get("to", Role.AGENT.value),
        ),
    )  # fmt: skip
    return render_template("generated/confirm.html", page=page)
