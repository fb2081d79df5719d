"""The pages of a webhook: events chosen from a list, a test that is answered, a secret shown once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.access import SYSTEM
from app.core.extensions import db
from app.generate.bulk.views import AT_ONCE
from app.jobs import long
from app.models.effects import State
from app.models.webhooks import Delivery, Event
from app.record import act_as
from app.services import event_types, tries, webhooks
from tests.jobs.conftest import Receiver, receiving


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def hook(app: Flask, receiver: Receiver) -> int:
    """The number of a webhook that listens to everything."""
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        made = webhooks.add(db.session(), SYSTEM, {"url": receiver.url, "event_types": ["*"]})
        db.session.commit()
        return made.id


def test_events_are_chosen_from_a_list(admin: FlaskClient, receiver: Receiver) -> None:
    form = admin.get("/admin/webhooks/add").text
    offered = re.findall(r'type="checkbox" name="event_types" value="([^"]+)"', form)
    assert offered == ["*", *event_types.known()]
    typed = {"url": receiver.url, "event_types": ["TICKET_CREATED", "TEAM_DELETED"], "is_active": "1"}
    page = admin.post("/admin/webhooks/add", data=typed).text
    number = re.findall(r"/admin/webhooks/show/(\d+)", page)[0]
    edited = admin.get(f"/admin/webhooks/edit/{number}").text
    ticked = re.findall(r'name="event_types" value="([^"]+)" checked', edited)
    assert sorted(ticked) == ["TEAM_DELETED", "TICKET_CREATED"]


def test_a_test_leads_to_the_page_of_its_delivery(admin: FlaskClient, hook: int) -> None:
    answer = admin.post(f"/admin/webhooks/act/test/{hook}")
    assert answer.location.startswith("/console/webhook_deliveries/details/?id=")
    page = admin.get(answer.location).text
    for said in ("WEBHOOK_TEST", "webhook-signature", "Request", "Headers", "Body"):
        assert said in page
    shown = admin.get(f"/admin/webhooks/show/{hook}").text
    for said in ("Health", "Delivered in 24 hours", "Waiting", "Deliveries"):
        assert said in shown


def test_a_new_secret_is_in_that_answer_and_nowhere_else(admin: FlaskClient, app: Flask, hook: int) -> None:
    page = admin.post(f"/admin/webhooks/act/new_secret/{hook}").text
    [secret] = re.findall(r"whsec_[A-Za-z0-9+/=]+", page)
    with app.app_context():
        kept = tries.secrets_of(db.session.get_one(webhooks.Webhook, hook))
    assert kept[0] == secret
    assert len(kept) == 2
    for where in (
        f"/admin/webhooks/show/{hook}",
        f"/admin/webhooks/show/{hook}?tab=history",
        "/admin/webhooks/list/",
    ):
        assert "whsec_" not in admin.get(where).text


def test_what_must_be_read_is_not_done_to_many(admin: FlaskClient, hook: int) -> None:
    offered = set(re.findall(r"/admin/webhooks/bulk/(\w+)", admin.get("/admin/webhooks/list/").text))
    assert {"edit", "delete", "replay_failed"} <= offered
    assert offered & {"test", "new_secret"} == set()
    assert admin.post("/admin/webhooks/bulk/new_secret", data={"id": str(hook)}).status_code == 404


def test_what_is_sent_again_is_chosen_counted_and_then_begun(
    admin: FlaskClient, app: Flask, hook: int
) -> None:
    url = f"/admin/webhooks/act/replay/{hook}"
    assert url in admin.get(f"/admin/webhooks/show/{hook}").text
    asked = admin.get(url).text
    for name in ("since", "until", "state", "event_types"):
        assert f'name="{name}"' in asked
    nothing = admin.post(url)
    assert (nothing.status_code, "No event of this webhook is meant" in nothing.text) == (409, True)
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        event = Event(event_type="TICKET_CREATED", object_table="tickets", object_id=1, payload={})
        session.add(event)
        session.flush()
        session.add(Delivery(webhook_id=hook, event_id=event.id, state=State.FAILED))
        session.commit()
    wrong = admin.post(
        url, data={"since": "2026-02-02T10:00", "until": "2026-01-01T10:00", "state": "failed"}
    )
    assert (wrong.status_code, "Choose a moment after the first one" in wrong.text) == (422, True)
    assert 'value="2026-02-02T10:00"' in wrong.text, "what was typed stays"
    counted = admin.post(url, data={"state": "failed", "event_types": ["TICKET_CREATED"]}).text
    assert "1 event is sent again." in counted
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', counted)
    assert {("state", "failed"), ("event_types", "TICKET_CREATED"), ("confirmed", "1")} <= set(kept)
    begun = admin.post(url, data=MultiDict(kept))
    assert re.fullmatch(r"/jobs/\d+", begun.location)
    assert "0 of 1 done" in admin.get(begun.location).text


@pytest.mark.parametrize("many", [3, 26])
def test_ticked_deliveries_are_sent_again_together(
    admin: FlaskClient, app: Flask, hook: int, many: int
) -> None:
    with app.app_context():
        about = [Event(event_type="TEAM_CREATED", object_table="teams", object_id=1, payload={}, state="done")
                 for _ in range(many)]  # fmt: skip
        db.session.add_all(about)
        act_as(db.session(), SYSTEM, source="test")
        db.session.flush()
        tried = [Delivery(webhook_id=hook, event_id=one.id, state=State.FAILED) for one in about]
        db.session.add_all(tried)
        db.session.commit()
        numbers = [one.id for one in tried]
    page = admin.get(f"/console/webhook_deliveries/?webhook_id={hook}&size=50").text
    ticks = MultiDict([("id", tick) for tick in re.findall(r'name="id" value="(\d+\.?)"', page)])
    assert sorted(int(tick.rstrip(".")) for tick in ticks.getlist("id")) == numbers
    asked = admin.post("/console/webhook_deliveries/bulk/replay", data=ticks)
    assert f"Send again: {many}" in asked.text
    ticks.add("confirmed", "1")
    done = admin.post("/console/webhook_deliveries/bulk/replay", data=ticks)
    if many > AT_ONCE:
        with app.app_context():
            long.run(int(done.location.rsplit("/", 1)[1]))
    with app.app_context():
        again = select(Delivery.event_id).where(Delivery.webhook_id == hook, Delivery.attempt == 2)
        assert len(set(db.session.scalars(again))) == many
