"""The invitation of somebody new: sent once more, or withdrawn, while no password was chosen by it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict
from app.core.figures import Figure, Figures
from app.core.i18n import _
from app.models.people import Employee
from app.models.tokens import Purpose, Token
from app.record import flush, log
from app.services import links, mails
from app.services.employees import guard
from app.services.employees.password import invite

STATE = ("password", "active")
"""What says which actions are offered."""


def offered(employee: Employee) -> tuple[str, ...]:
    """Return the actions that make sense: an invitation is for who has no password yet."""
    invited = employee.active and not employee.password
    left_out = {
        *(() if invited else ("resend_invitation", "withdraw_invitation")),
        *(() if employee.active else ("deactivate",)),
    }
    return tuple(verb for verb in employee.resource.actions if verb not in left_out)


def figures(session: Session, employee: Employee) -> Figures | None:
    """Return how the invitation of somebody stands who has not come yet."""
    if employee.password:
        return None
    mine = (Token.subject_type == "employee", Token.subject_id == employee.id)
    newest = select(Token).where(*mine, Token.purpose == Purpose.INVITE).order_by(Token.id.desc()).limit(1)
    token = session.scalars(newest).first()
    if token is None:
        return Figures(_("Invitation"), (Figure(_("State"), _("Withdrawn")),))
    state = _("Waiting") if token.expires_at > now() else _("Expired")
    return Figures(
        _("Invitation"),
        (
            Figure(_("State"), state),
            Figure(_("Sent"), token.created_at),
            Figure(_("Works until"), token.expires_at),
        ),
    )


def resend_invitation(session: Session, actor: Actor, employee: Employee) -> Employee:
    """Mail a new link; the former one dies. Raises NotFound, Conflict."""
    _require_invited(session, actor, employee)
    mails.write_to(session, "invitation", employee, path=f"/password/{invite(session, employee)}")
    flush(session)
    log(session, "INVITE", employee)
    return employee


def withdraw_invitation(session: Session, actor: Actor, employee: Employee) -> Employee:
    """Let the link die and the account end before anybody came in by it. Raises NotFound, Conflict."""
    _require_invited(session, actor, employee)
    guard.refuse_own(actor, employee, {"active": False})
    guard.keep_an_administrator(session, employee, {"active": False})
    links.forget(session, "employee", employee.id)
    employee.active = False
    flush(session)
    log(session, "INVITATION_WITHDRAW", employee)
    return employee


def _require_invited(session: Session, actor: Actor, employee: Employee) -> None:
    require(actor, Can.EDIT, employee)
    guard.refuse_higher(session, actor, employee)
    if employee.password or not employee.active:
        raise Conflict(_("Nobody waits for this invitation: it was used or withdrawn."))
