"""Webhooks: checked when saved, secret shown once, switched off and on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.clock import frozen, now
from app.core.declare import Role
from app.core.errors import Conflict, Invalid, NotFound
from app.models.audit import AuditLog
from app.models.effects import State
from app.models.mails import Mail
from app.models.webhooks import Delivery, Event, Webhook
from app.record import outbox
from app.services import deliveries, events, tries, webhook_health, webhooks

PUBLIC = "https://93.184.216.34/hook"


@pytest.fixture(autouse=True)
def settings(small_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key for secrets; private addresses are refused, as in production."""
    monkeypatch.setitem(small_app.config, "DATA_KEY", "k" * 40)
    monkeypatch.setitem(small_app.config, "WEBHOOK_ALLOW_PRIVATE", value=False)


def add(session: Session, **values: Any) -> Any:
    return webhooks.add(session, SYSTEM, {"url": PUBLIC, "event_types": ["*"]} | values)


def test_a_new_one_has_a_secret_that_is_shown_once_and_kept_sealed(session: Session) -> None:
    hook = add(session)
    assert hook.shown_once.startswith("whsec_")
    assert hook.shown_once not in hook.secret
    assert tries.unseal(hook.secret) == hook.shown_once
    session.expunge(hook)
    assert not hasattr(session.get(Webhook, hook.id), "shown_once")


def test_a_secret_may_be_brought_along_or_left_out(session: Session) -> None:
    brought = "whsec_" + "A" * 32
    assert tries.unseal(add(session, secret=brought).secret) == brought
    assert add(session, secret=None).secret is None
    with pytest.raises(Invalid) as refused:
        add(session, secret="hush")
    assert refused.value.errors[0].field == "secret"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1/hook", "not_public"),
        ("http://169.254.169.254/latest/meta-data", "not_public"),
        ("http://[::1]/", "not_public"),
        ("ftp://example.com/", "scheme"),
        ("https://me:secret@example.com/", "userinfo"),
        ("https://93.184.216.34:22/", "port"),
        ("nothing", "scheme"),
        ("", "malformed"),
    ],
)
def test_addresses_that_may_not_be_called_are_refused(session: Session, url: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(session, url=url)
    assert [(one.field, one.code) for one in refused.value.errors] == [("url", code)]
    hook = add(session)
    with pytest.raises(Invalid):
        webhooks.edit(session, SYSTEM, hook, {"url": url})


def test_an_address_that_stays_is_not_looked_up_again(
    session: Session, small_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(small_app.config, "WEBHOOK_ALLOW_PRIVATE", value=True)
    hook = add(session, url="http://127.0.0.1/hook")
    monkeypatch.setitem(small_app.config, "WEBHOOK_ALLOW_PRIVATE", value=False)
    values = {"url": hook.url, "description": "Ours", "event_types": ["TICKET_CREATED"]}
    assert webhooks.edit(session, SYSTEM, hook, values).description == "Ours"


@pytest.mark.parametrize(("types", "code"), [([], "required"), (["TICKET_EXPLODED"], "not_an_option")])
def test_events_must_exist(session: Session, types: list[str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(session, event_types=types)
    assert [(one.field, one.code) for one in refused.value.errors] == [("event_types", code)]


def test_criteria_are_checked_where_they_stand(session: Session) -> None:
    asked = {
        "all": [{"field": "title", "op": "is", "value": "x"}, {"field": "status", "op": "is", "value": "y"}]
    }
    with pytest.raises(Invalid) as refused:
        add(session, criteria=asked)
    assert [(one.field, one.code) for one in refused.value.errors] == [
        ("criteria.all[1].value", "not_an_option")
    ]
    hook = add(session, criteria={"field": "status", "op": "changed_to", "value": "open"})
    with pytest.raises(Invalid):
        webhooks.edit(session, SYSTEM, hook, {"criteria": asked})


def test_the_events_of_the_contract_exist() -> None:
    contract = """
        TICKET_CREATED TICKET_UPDATED TICKET_ASSIGNED TICKET_REPLIED TICKET_NOTE_ADDED TICKET_RESOLVED
        TICKET_REOPENED TICKET_MERGED TICKET_ARCHIVED TICKET_RESTORED FEEDBACK_RECEIVED CUSTOMER_CREATED
        ARTICLE_PUBLISHED SCHEMA_UPDATED TEAM_CREATED TEAM_DELETED
    """
    assert set(contract.split()) <= set(events.types())


def test_the_secret_is_not_changed_by_an_edit(session: Session) -> None:
    hook = add(session)
    before = hook.secret
    webhooks.edit(session, SYSTEM, hook, {"secret": None, "description": "x"})
    assert hook.secret == before


def test_a_new_secret_is_shown_once_and_the_former_one_is_kept_for_a_day(session: Session) -> None:
    hook = add(session)
    former = hook.shown_once
    fresh = webhooks.new_secret(session, SYSTEM, hook)
    assert tries.secrets_of(fresh) == [fresh.shown_once, former]  # type: ignore[attr-defined]
    again = webhooks.new_secret(session, SYSTEM, hook)
    assert former not in tries.secrets_of(again)
    with frozen(now() + webhooks.OVERLAP):
        assert tries.secrets_of(again) == [again.shown_once]  # type: ignore[attr-defined]


def test_an_unsigned_one_is_marked_until_it_has_a_secret(session: Session) -> None:
    hook = add(session, secret=None)
    session.refresh(hook)
    assert not hook.is_signed
    webhooks.new_secret(session, SYSTEM, hook)
    session.refresh(hook)
    assert (hook.is_signed, hook.previous_until) == (True, None)


def test_no_secret_is_told_by_audit_log_events_or_figures(session: Session) -> None:
    hook = add(session)
    secrets = [hook.shown_once, webhooks.new_secret(session, SYSTEM, hook).shown_once]  # type: ignore[attr-defined]
    sealed = [hook.secret, hook.previous_secret]
    told = [
        *session.scalars(select(AuditLog.action_details).where(AuditLog.object_table == "webhooks")),
        *session.scalars(select(Event.payload)),
        outbox.snapshot(session, hook),
        repr(hook),
    ]
    assert len(told) >= 5
    assert [one for one in told for secret in (*secrets, *sealed) if secret in str(one)] == []


def test_a_receiver_that_fares_well_or_ill(session: Session) -> None:
    hook = add(session)
    moment = now()
    seen = [(1, "done", 10), (2, "done", 30), (3, "failed", 900), (48, "done", 20), (200, "failed", 5)]
    for hours, state, spent in seen:
        one = _delivery(session, hook)
        one.state, one.duration_ms, one.created_at = State(state), spent, moment - dt.timedelta(hours=hours)
    due = _delivery(session, hook)
    due.state, due.due_at = State.WAITING, moment
    tested = _delivery(session, hook)
    tested.state, tested.is_test = State.FAILED, True
    session.flush()
    told = [item.value for item in webhook_health.figures(session, hook).items]
    assert [str(one) for one in told[:5]] == ["66.7% of 3", "75% of 4", "20 ms", "900 ms", "1"]
    assert told[5] == moment


def test_a_receiver_that_was_never_told_anything(session: Session) -> None:
    told = [item.value for item in webhook_health.figures(session, add(session)).items]
    assert told == [None, None, None, None, "0", None]


def test_administrators_are_told_that_it_was_switched_off(session: Session, desk: Any) -> None:
    boss = desk.employee(role=Role.ADMIN, name="Ada")
    desk.employee(role=Role.ADMIN, active=False)
    desk.employee()
    hook = add(session)
    for _again in range(2):
        webhooks.disable(session, hook.id, "The receiver answered 410 Gone.")
    [mail] = session.scalars(select(Mail)).all()
    assert mail.recipient == boss.email
    for said in (PUBLIC, "The receiver answered 410 Gone.", f"/admin/webhooks/show/{hook.id}"):
        assert said in mail.body_text


def test_switching_it_on_forgets_that_it_failed(session: Session) -> None:
    hook = add(session)
    hook.failing_since = now()
    webhooks.disable(session, hook.id, "The receiver answered 410 Gone.")
    assert (hook.is_active, hook.disabled_reason) == (False, "The receiver answered 410 Gone.")
    webhooks.edit(session, SYSTEM, hook, {"is_active": True})
    assert (hook.failing_since, hook.disabled_reason) == (None, None)


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR])
def test_only_administrators(session: Session, desk: Any, role: Role) -> None:
    hook = add(session)
    actor = desk.as_employee(desk.employee(role=role))
    with pytest.raises(NotFound):
        webhooks.add(session, actor, {"url": PUBLIC, "event_types": ["*"]})
    with pytest.raises(NotFound):
        webhooks.edit(session, actor, hook, {"description": "mine"})
    with pytest.raises(NotFound):
        webhooks.delete(session, actor, hook)


def _delivery(session: Session, hook: Any) -> Delivery:
    event = Event(
        event_type="TICKET_CREATED", object_table="tickets", object_id=1, payload={}, state=State.DONE
    )
    session.add(event)
    session.flush()
    delivery = Delivery(webhook_id=hook.id, event_id=event.id, state=State.FAILED)
    session.add(delivery)
    session.flush()
    return delivery


def test_nothing_is_sent_again_to_a_webhook_that_is_off(session: Session) -> None:
    hook = add(session)
    delivery = _delivery(session, hook)
    webhooks.disable(session, hook.id, "off")
    with pytest.raises(Conflict):
        deliveries.replay(session, SYSTEM, delivery)


def test_only_a_parked_event_is_published_anew(session: Session) -> None:
    delivery = _delivery(session, add(session))
    event = session.get_one(Event, delivery.event_id)
    with pytest.raises(Conflict):
        events.retry(session, SYSTEM, event)


def test_a_deleted_webhook_takes_its_log_along(session: Session) -> None:
    hook = add(session)
    number = _delivery(session, hook).id
    webhooks.delete(session, SYSTEM, hook)
    session.expunge_all()
    assert session.get(Delivery, number) is None
