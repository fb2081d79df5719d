"""Customers come in by password or link, and nobody learns who has an account."""

from __future__ import annotations

import datetime as dt
import re
import threading

import pytest
from sqlalchemy import delete, select

from app.access import SYSTEM
from app.core import clock
from app.core.declare import Role
from app.core.errors import Invalid, NotFound, Stale
from app.models.customers import Customer, Tier
from app.models.mails import Mail
from app.models.tickets import Ticket
from app.models.tokens import Purpose, Token
from app.models.webhooks import Event
from app.record import plainly
from app.services import customers, links

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
GOOD = "correct horse battery"


def mails(session):
    return session.scalars(select(Mail).order_by(Mail.id)).all()


def link_of(session, kind):
    mail = next(mail for mail in reversed(mails(session)) if mail.kind == kind)
    return re.search(r"/portal/(?:password|enter|verify)/([\w-]+)", mail.body_text)[1]


def test_an_account_begins_with_a_confirmed_address(session, desk):
    customers.sign_up(session, "Ann Young", "Ann@Example.com")
    ann = customers.find(session, "ann@example.com")
    assert (ann.name, ann.email, ann.is_verified) == ("Ann Young", "ann@example.com", False)
    raw = link_of(session, "verification")
    assert customers.verify(session, raw) is ann
    assert (ann.is_verified, ann.password_hash) == (True, None)
    with pytest.raises(NotFound):
        customers.verify(session, raw)


def test_who_wrote_before_may_still_sign_up(session, desk):
    ticket = desk.ticket(email="ann@example.com")
    customers.sign_up(session, "Ann", "ann@example.com")
    ann = customers.verify(session, link_of(session, "verification"))
    assert (ann.id, ann.is_verified) == (ticket.customer_id, True)


def test_signing_up_again_changes_nothing_but_mails_a_way_in(session, desk):
    customers.sign_up(session, "Ann", "ann@example.com")
    customers.sign_up(session, "Eve", "ann@example.com")
    ann = customers.verify(session, link_of(session, "verification"))
    customers.set_password(session, ann, GOOD)
    customers.sign_up(session, "Eve", "ann@example.com")
    assert ann.name == "Ann"
    assert [mail.kind for mail in mails(session)] == ["verification", "verification", "sign_in"]
    assert customers.enter(session, link_of(session, "sign_in")) is ann
    assert customers.authenticate(session, ann.email, GOOD) is ann


@pytest.mark.parametrize(
    ("purpose", "enters"), [(Purpose.SIGN_IN, customers.enter), (Purpose.VERIFY, customers.verify)]
)
def test_a_password_of_before_the_address_does_not_open_it(session, desk, purpose, enters):
    ann = desk.customer(verified_at=NOW)
    customers.set_password(session, ann, GOOD)
    assert customers.authenticate(session, ann.email, GOOD) is ann
    customers.edit(session, SYSTEM, ann, {"email": "somebody.else@example.com"})
    raw = links.make(session, purpose, "customer", ann.id)
    session.flush()
    assert enters(session, raw) is ann
    assert ann.is_verified
    assert customers.authenticate(session, ann.email, GOOD) is None


@pytest.mark.parametrize(
    ("typed", "field"), [(("", "ann@example.com"), "name"), (("Ann", "nonsense"), "email")]
)
@pytest.mark.parametrize("known", [False, True])
def test_what_was_typed_wrong_is_named_whether_known_or_not(session, desk, typed, field, known):
    if known:
        desk.customer(email="ann@example.com", verified_at=NOW)
    with pytest.raises(Invalid) as problem:
        customers.sign_up(session, *typed)
    assert [error.field for error in problem.value.errors] == [field]
    assert mails(session) == []


def test_unknown_addresses_get_no_mail_and_no_error(session, desk):
    customers.send_link(session, "nobody@example.com")
    customers.request_reset(session, "nobody@example.com")
    assert mails(session) == []
    assert customers.authenticate(session, "nobody@example.com", GOOD) is None


@pytest.mark.parametrize(
    ("purpose", "enters"), [(Purpose.SIGN_IN, customers.enter), (Purpose.VERIFY, customers.verify)]
)
def test_links_are_for_one_purpose_one_time_one_world(session, desk, purpose, enters):
    ann = desk.customer()
    wrong = links.make(session, Purpose.INVITE, "customer", ann.id)
    foreign = links.make(session, purpose, "employee", ann.id)
    with clock.frozen(NOW):
        late = links.make(session, purpose, "customer", ann.id)
        session.flush()
    for raw in (wrong, foreign, late, "", "nonsense"):
        with pytest.raises(NotFound):
            enters(session, raw)
    raw = links.make(session, purpose, "customer", ann.id)
    session.flush()
    assert links.find(session, purpose, raw) is links.find(session, purpose, raw)
    assert enters(session, raw) is ann
    with pytest.raises(NotFound):
        enters(session, raw)


def test_a_reset_link_proves_the_address_and_ends_the_rest(session, desk):
    ann = desk.customer()
    customers.send_link(session, ann.email)
    customers.request_reset(session, ann.email)
    with pytest.raises(Invalid):
        customers.reset_password(session, link_of(session, "reset"), "short")
    before = ann.session_epoch
    customers.reset_password(session, link_of(session, "reset"), GOOD)
    assert customers.authenticate(session, ann.email, GOOD) is ann
    assert ann.session_epoch == before + 1
    assert session.scalars(select(Token)).all() == []


def test_a_first_password_needs_none_and_another_one_the_present_one(session, desk):
    ann = desk.customer(verified_at=NOW)
    before = ann.session_epoch
    customers.set_password(session, ann, GOOD)
    assert ann.session_epoch == before + 1
    with pytest.raises(Invalid) as problem:
        customers.set_password(session, ann, GOOD + "!")
    assert problem.value.errors[0].field == "current"
    customers.set_password(session, ann, GOOD + "!", GOOD)
    assert ann.session_epoch == before + 2


@pytest.mark.parametrize("password", ["short", "password1", "Ann Young-Smith"])
def test_a_weak_password_is_not_taken(session, desk, password):
    ann = desk.customer(name="Ann Young-Smith", verified_at=NOW)
    with pytest.raises(Invalid) as problem:
        customers.set_password(session, ann, password)
    assert [error.field for error in problem.value.errors] == ["password"]
    assert ann.password_hash is None


def test_customers_change_their_own_name_and_language_only(session, desk):
    ann, bob = desk.customer(), desk.customer()
    actor = desk.as_customer(ann)
    customers.edit(session, actor, ann, {"name": "Ann", "language": "de"})
    assert ann.language == "de"
    with pytest.raises(Invalid) as problem:
        customers.edit(session, actor, ann, {"tier": Tier.VIP, "email": "x@example.com"})
    assert {error.field for error in problem.value.errors} == {"tier", "email"}
    with pytest.raises(NotFound):
        customers.edit(session, actor, bob, {"name": "Bob"})
    with pytest.raises(NotFound):
        customers.delete(session, actor, ann)
    with pytest.raises(NotFound):
        customers.add(session, actor, {"name": "New", "email": "new@example.com"})


def test_a_new_address_must_be_proved_anew(session, desk):
    ann = desk.customer(verified_at=NOW)
    links.make(session, Purpose.SIGN_IN, "customer", ann.id)
    before = ann.session_epoch
    customers.edit(session, SYSTEM, ann, {"name": "Still Ann"})
    assert (ann.is_verified, ann.session_epoch) == (True, before)
    customers.edit(session, SYSTEM, ann, {"email": "New@Example.com"})
    assert (ann.email, ann.is_verified, ann.session_epoch) == ("new@example.com", False, before + 1)
    assert session.scalars(select(Token)).all() == []


def test_the_desk_keeps_one_row_an_address(session, desk):
    agent = desk.as_employee(desk.employee())
    made = customers.add(session, agent, {"name": "Ann", "email": "Ann@Example.com", "tier": Tier.VIP})
    assert (made.email, made.tier) == ("ann@example.com", Tier.VIP)
    with pytest.raises(Invalid) as problem:
        customers.add(session, agent, {"name": "Ann", "email": "ANN@example.com"})
    assert [(error.field, error.code) for error in problem.value.errors] == [("email", "taken")]


def test_a_deleted_customers_tickets_stay(session, desk):
    ticket = desk.ticket()
    ann = session.get(Customer, ticket.customer_id)
    with pytest.raises(NotFound):
        customers.delete(session, desk.as_employee(desk.employee()), ann)
    with pytest.raises(Stale):
        customers.delete(session, SYSTEM, ann, expected=ann.version + 1)
    customers.delete(session, desk.as_employee(desk.employee(role=Role.ADMIN)), ann)
    session.expire_all()
    assert session.get(Ticket, ticket.id).customer_id is None


def test_two_first_words_from_one_address_make_one_customer(engine, new_session):
    first, second = new_session(engine), new_session(engine)
    found = []
    try:
        ann = customers.join(first, "twin@example.com")
        other = threading.Thread(target=lambda: found.append(customers.join(second, "Twin@example.com")))
        other.start()
        other.join(0.3)
        assert other.is_alive(), "the second waits for the first"
        first.commit()
        other.join(10)
        assert [one.id for one in found] == [ann.id]
    finally:
        second.close()
        first.delete(ann)
        first.execute(delete(Event), execution_options=plainly)
        first.commit()
        first.close()
