"""How employees prove who they are: a password, chosen by a link from an invitation or a reset."""

from __future__ import annotations

from collections.abc import Sequence

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.passwords import verify_password
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.models.people import Employee
from app.models.tokens import Purpose
from app.record import flush, log
from app.services import links, login_sessions, mails
from app.services.address import normal
from app.services.new_password import hash_new, keep_modern


def authenticate(session: Session, email: str, password: str) -> Employee | None:
    """Return the active employee of an address and password; unknown ones cost the same time."""
    employee = _active(session, email)
    matches = verify_password(employee.password if employee else None, password)
    if employee is None or not matches:
        return None
    keep_modern(session, employee, User.__table__.c.password, password)
    return employee


def invite(session: Session, employee: Employee) -> str:
    """Return the secret of a link by which the employee chooses a password, once, within 7 days."""
    return invite_all(session, [employee])[0]


def invite_all(session: Session, people: Sequence[Employee]) -> list[str]:
    """Return the secret of such a link for each of some employees, in their order."""
    made = links.make_all(session, Purpose.INVITE, "employee", [one.id for one in people])
    flush(session)
    return made


def request_reset(session: Session, email: str) -> None:
    """Mail a link to choose a new password, if the address is known; the caller answers alike."""
    employee = _active(session, email)
    if employee is None:
        return
    raw = links.make(session, Purpose.RESET, "employee", employee.id)
    mails.write_to(session, "reset", employee, path=f"/password/{raw}")
    flush(session)


def is_link_alive(session: Session, raw: str) -> bool:
    """Tell whether a link to choose a password works; looking at it uses nothing up."""
    purposes = (Purpose.INVITE, Purpose.RESET)
    found = (links.find(session, purpose, raw) for purpose in purposes)
    return any(token is not None and token.subject_type == "employee" for token in found)


def set_password(session: Session, raw: str, password: str) -> Employee:
    """Set a password by an invitation or reset link; all sessions and other links end.

    Raises NotFound for a link that does not work, Invalid for a password that will not do.
    """
    token = links.opened(session, raw, "employee", Purpose.INVITE, Purpose.RESET)
    employee = session.get_one(Employee, token.subject_id)
    if not employee.active:
        raise NotFound(links.DEAD)
    hashed = _hashed(employee, password)
    links.use(session, token)
    return _keep(session, employee, hashed)


def change_password(session: Session, employee: Employee, current: str, new: str) -> Employee:
    """Set another password for who knows the current one; all sessions end. Raises Invalid."""
    require_password(employee, current)
    return _keep(session, employee, _hashed(employee, new))


def require_password(employee: Employee, typed: str) -> None:
    """Raise Invalid for `current` unless this is the employee's present password."""
    if not verify_password(employee.password, typed):
        raise Invalid.one("current", "wrong", _("This is not your present password."))


def _active(session: Session, email: str) -> Employee | None:
    wanted = select(Employee).where(Employee.email == normal(email), Employee.active.is_(True))
    found: Employee | None = session.scalar(wanted)
    return found


def _hashed(employee: Employee, password: str) -> str:
    return hash_new(password, employee.name, employee.email)


def _keep(session: Session, employee: Employee, hashed: str) -> Employee:
    employee.password = hashed
    login_sessions.end_all(session, employee)
    links.forget(session, "employee", employee.id)
    flush(session)
    log(session, "PASSWORD_CHANGE", employee)
    return employee
