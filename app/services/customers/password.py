"""Passwords of customers, who may also do without."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.adapters.passwords import verify_password
from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.models.customers import Customer
from app.models.tokens import Purpose
from app.record import flush, log
from app.services import links, login_sessions, mails
from app.services.customers.people import find
from app.services.new_password import hash_new


def set_password(session: Session, customer: Customer, password: str, current: str | None = None) -> Customer:
    """Set a first password, or another one for who knows the `current`; ends all sessions. Raises Invalid."""
    if customer.password_hash and not verify_password(customer.password_hash, current or ""):
        raise Invalid.one("current", "wrong", _("This is not your present password."))
    customer.password_hash = hash_new(password, customer.name, customer.email)
    login_sessions.end_all(session, customer)
    flush(session)
    log(session, "PASSWORD_CHANGE", customer)
    return customer


def request_reset(session: Session, email: str) -> None:
    """Mail a link to choose a new password, if the address is known; the caller answers alike."""
    customer = find(session, email)
    if customer is None:
        return
    path = f"/portal/password/{links.make(session, Purpose.RESET, 'customer', customer.id)}"
    mails.write_to(session, "reset", customer, path=path)
    flush(session)


def reset_password(session: Session, raw: str, password: str) -> Customer:
    """Set a password by a reset link, which also proves the address; other links die with it.

    Raises NotFound for a link that does not work, Invalid for a password that will not do.
    """
    token = links.opened(session, raw, "customer", Purpose.RESET)
    customer = session.get_one(Customer, token.subject_id)
    customer.password_hash = hash_new(password, customer.name, customer.email)
    links.use(session, token)
    links.forget(session, "customer", customer.id)
    customer.verified_at = customer.verified_at or now()
    login_sessions.end_all(session, customer)
    flush(session)
    log(session, "PASSWORD_CHANGE", customer)
    return customer
