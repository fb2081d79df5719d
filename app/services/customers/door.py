"""How customers come in: sign-up, password, one-time links. Nothing tells whether an address is known."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.adapters.passwords import verify_password
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.fields import Audience, check, fields_of, settings_of
from app.fields import Purpose as For
from app.models.customers import Customer
from app.models.tokens import Purpose
from app.record import flush
from app.services import links, mails
from app.services.customers.people import find, join
from app.services.new_password import keep_modern


def sign_up(session: Session, name: str, email: str) -> None:
    """Make an account and mail a link that confirms the address; who has one already is mailed a way in.

    It takes no password: who types an address need not own it, and must not choose what opens it.
    Raises Invalid for what was typed, never for a known address; Conflict where sign-up is closed.
    """
    if not settings_of(session).sign_up_open:
        raise Conflict(_("New accounts are not made here. Write to us instead."))
    wanted = fields_of(session, Customer).pick(("name", "email"))
    typed = check(wanted, {"name": name, "email": email}, Audience.CUSTOMER, For.CREATE)
    customer = join(session, typed["email"], typed["name"])
    if customer.is_verified:
        _mail_way_in(session, customer)
    else:
        _mail_verification(session, customer)
    flush(session)


def authenticate(session: Session, email: str, password: str) -> Customer | None:
    """Return the customer of a confirmed address with this password; unknown ones cost the same time."""
    customer = find(session, email)
    matches = verify_password(customer.password_hash if customer else None, password)
    if customer is None or not (matches and customer.is_verified):
        return None
    keep_modern(session, customer, Customer.__table__.c.password_hash, password)
    return customer


def send_link(session: Session, email: str) -> None:
    """Mail a one-time link to sign in, if the address is known; the caller answers alike."""
    customer = find(session, email)
    if customer is not None:
        _mail_way_in(session, customer)
        flush(session)


def enter(session: Session, raw: str) -> Customer:
    """Sign in by a one-time link, which also confirms the address. Raises NotFound."""
    return _confirmed(session, raw, Purpose.SIGN_IN)


def verify(session: Session, raw: str) -> Customer:
    """Confirm the address by the link that was mailed on sign-up. Raises NotFound."""
    return _confirmed(session, raw, Purpose.VERIFY)


def _confirmed(session: Session, raw: str, purpose: Purpose) -> Customer:
    """Use up a link, which shows that its holder reads the mail of the address."""
    token = links.opened(session, raw, "customer", purpose)
    links.use(session, token)
    customer = session.get_one(Customer, token.subject_id)
    if not customer.is_verified:
        customer.password_hash = None  # chosen by whoever had the address before, who may be somebody else
        customer.verified_at = now()
    flush(session)
    return customer


def _mail_way_in(session: Session, customer: Customer) -> None:
    path = f"/portal/enter/{links.make(session, Purpose.SIGN_IN, 'customer', customer.id)}"
    mails.write_to(session, "sign_in", customer, path=path)


def _mail_verification(session: Session, customer: Customer) -> None:
    path = f"/portal/verify/{links.make(session, Purpose.VERIFY, 'customer', customer.id)}"
    mails.write_to(session, "verification", customer, path=path)
