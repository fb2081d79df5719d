"""The main job from end to end: the real program, real browsers, a real receiver of webhooks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook as Verifier

from app.access import SYSTEM
from app.core.extensions import db
from app.models.audit import AuditLog
from app.models.tickets import TicketChange
from app.models.webhooks import Event
from app.record import act_as
from app.services import webhooks
from tests.jobs.conftest import Receiver, receiving
from tests.processes import within
from tests.program import Program
from tests.whole.conftest import TOPIC, Desk, sign_in
from tests.windows import window

pytestmark = pytest.mark.browser

CUSTOMER = "bob@customer.example"
TITLE = "Please refund my second invoice"
NOTE = "Goodwill case: pay at once."
REPLY = "You are right, we send the money back today."
TOLD = [
    "TICKET_CREATED",
    "TICKET_REPLIED",
    "TICKET_RESOLVED",
    "FEEDBACK_RECEIVED",
    "TICKET_ARCHIVED",
    "TICKET_RESTORED",
]


@dataclass(frozen=True)
class Windows:
    """The three people's screens."""

    customer: Page
    agent: Page
    admin: Page


@pytest.fixture
def windows(chromium: Browser, program: Program) -> Iterator[Windows]:
    """A window for each; the employees have signed in."""
    with ExitStack() as stack:
        made = Windows(*(stack.enter_context(window(chromium, program.address)).new_page() for _ in range(3)))
        sign_in(made.agent, "Mara")
        sign_in(made.admin, "Ada")
        yield made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def secret(app: Flask, desk: Desk, receiver: Receiver) -> str:
    """The secret of a webhook that hears of everything that is told here."""
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        made: Any = webhooks.add(db.session(), SYSTEM, {"url": receiver.url, "event_types": TOLD})
        db.session.commit()
        return str(made.shown_once)


def test_a_request_travels_all_the_way(
    app: Flask, desk: Desk, windows: Windows, receiver: Receiver, secret: str
) -> None:
    customer, agent, admin = windows.customer, windows.agent, windows.admin
    number = writes_in(customer)
    finds_it_in_the_inbox_with_the_reason(agent)
    notes_replies_and_resolves(agent)
    follows_the_mailed_link(customer, mailed(admin, "sign_in"), number)
    assert NOTE not in mailed(admin, "received") + mailed(admin, "reply")
    rates_by_the_mailed_link(customer, mailed(admin, "resolved"))
    was = records(app, number)
    archives(admin, number)
    restores(admin)
    arrived = verified(receiver, secret)
    assert sorted(arrived) == sorted(TOLD)
    assert all(str(arrived[name]["data"]).count(number) for name in TOLD)
    every_step_is_on_record(app, desk, number, was)
    every_step_is_on_screen(admin, number)


def writes_in(customer: Page) -> str:
    """A visitor writes in the portal; return the number that the page says."""
    customer.goto("/portal/")
    customer.get_by_role("link", name="Write to us").first.click()
    customer.get_by_role("link", name=TOPIC).click()
    customer.get_by_label("Seats").fill("7")
    customer.locator("#f-title").fill(TITLE)
    customer.locator("#f-description").fill("I was charged twice in October.")
    customer.locator("#f-email").fill(CUSTOMER)
    customer.get_by_role("button", name="Send").click()
    expect(customer.get_by_role("heading", level=1)).to_have_text("We have your request")
    return customer.locator(".number").inner_text().removeprefix("#")


def finds_it_in_the_inbox_with_the_reason(agent: Page) -> None:
    """The rule gave it to the one agent of the team who has the skill, and the record says so."""
    agent.goto("/inbox/")
    agent.get_by_role("link", name=TITLE).click()
    expect(agent.locator("section[aria-label=Conversation] h2")).to_have_text(TITLE)
    agent.locator("details.decision summary").click()
    why = agent.locator("details.decision .why")
    for words in ("Money back matched", "Mara Example", "chosen", "Tom Example", "lacks the skill"):
        expect(why).to_contain_text(words)


def notes_replies_and_resolves(agent: Page) -> None:
    composer = agent.locator("form.composer")
    composer.locator("label[data-compose=note]").click()
    composer.locator("textarea").fill(NOTE)
    composer.get_by_role("button", name="Add note").click()
    expect(agent.locator(".message.is-note")).to_contain_text(NOTE)
    composer.locator("label[data-compose=reply]").click()
    composer.locator("textarea").fill(REPLY)
    composer.get_by_role("button", name="Send and set pending").click()
    expect(agent.locator(".message.is-ours")).to_contain_text(REPLY)
    agent.locator("button[popovertarget=status-menu]").click()
    agent.locator("#status-menu button[value=resolved]:not([data-key])").click()
    expect(agent.locator("button[popovertarget=status-menu]")).to_contain_text("Resolved")


def mailed(admin: Page, kind: str) -> str:
    """The newest mail of a kind to the customer: kept for administrators, as there is no mail server."""

    def is_there() -> bool:
        admin.goto(f"/console/mails/?kind={kind}&recipient={CUSTOMER}&state=done")
        return admin.locator("tbody .row-link").count() > 0

    assert within(15, is_there), f"no mail {kind}"
    admin.locator("tbody .row-link").first.click()
    expect(admin.locator(".facts")).to_contain_text(CUSTOMER)
    return admin.locator(".facts").inner_text()


def link(mail: str, kind: str) -> str:
    found = re.search(rf"/portal/{kind}/[\w-]+", mail)
    assert found, mail
    return found.group()


def follows_the_mailed_link(customer: Page, mail: str, number: str) -> None:
    """The link signs the customer in, who reads the reply and never the note."""
    customer.goto(link(mail, "enter"))
    customer.locator("main").get_by_role("button", name="Sign in").click()
    customer.goto(f"/portal/tickets/{number}")
    expect(customer.locator(".message.is-ours")).to_contain_text(REPLY)
    expect(customer.locator("body")).not_to_contain_text(NOTE)


def rates_by_the_mailed_link(customer: Page, mail: str) -> None:
    customer.goto(link(mail, "rate"))
    customer.locator("button[name=rating][value='5']").click()
    customer.locator("#f-comments").fill("Quick and friendly.")
    customer.get_by_role("button", name="Save comment").click()
    expect(customer.locator("button[name=rating][value='5']")).to_have_attribute("aria-pressed", "true")


def archives(admin: Page, number: str) -> None:
    """The conversation leaves the ticket, whose stub says where it went."""
    admin.goto(f"/admin/tickets/show/{number}")
    admin.get_by_role("link", name="Archive", exact=True).first.click()
    admin.locator("main button.is-primary").click()
    admin.goto(f"/inbox/resolved/{number}")
    expect(admin.locator("section[aria-label=Conversation]")).to_contain_text("This ticket is archived")
    expect(admin.locator(".message")).to_have_count(0)


def restores(admin: Page) -> None:
    """From the archive's page; the conversation is there again."""
    number = admin.url.rsplit("/", 1)[1]
    admin.goto("/console/storage_archives/")
    admin.locator("tbody .row-link").first.click()
    admin.get_by_role("link", name="Restore", exact=True).first.click()
    admin.locator("main button.is-primary").click()
    admin.goto(f"/inbox/resolved/{number}")
    expect(admin.locator(".message.is-note")).to_contain_text(NOTE)
    expect(admin.locator(".message.is-ours")).to_contain_text(REPLY)


def verified(receiver: Receiver, secret: str) -> dict[str, Any]:
    """What arrived by its type, each checked by another's implementation of the standard."""
    verifier = Verifier(secret)

    def payloads() -> dict[str, Any]:
        bodies = [verifier.verify(call.body, lowered(call.headers)) for call in list(receiver.calls)]
        return {body["type"]: body for body in bodies}

    assert within(20, lambda: set(payloads()) == set(TOLD)), sorted(payloads())
    return payloads()


def lowered(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def records(app: Flask, number: str) -> list[Any]:
    """The history of the ticket: who changed what from where, and what it became."""
    columns = (TicketChange.id, TicketChange.changed_by, TicketChange.source, TicketChange.changes)
    with app.app_context():
        mine = select(*columns).where(TicketChange.ticket_id == int(number)).order_by(TicketChange.id)
        return [tuple(row) for row in db.session.execute(mine)]


def every_step_is_on_record(app: Flask, desk: Desk, number: str, was: list[Any]) -> None:
    """History, audit log and events tell of every step, by whom; archiving has lost nothing."""
    agent, admin = f"employee:{desk.mara}", f"employee:{desk.admin}"
    history = records(app, number)
    assert history[: len(was)] == was
    assert [(by, source) for _id, by, source, _changes in history] == [
        ("system", "portal"), (agent, "inbox"), (agent, "inbox"), (admin, "screen"), (admin, "screen"),
    ]  # fmt: skip
    became = [{name: change["new"] for name, change in changes.items()} for *_, changes in history]
    assert became[0].items() >= {
        "team_id": desk.team, "assignee_id": desk.mara, "priority": "high", "tags": ["refund"],
        "custom_fields.seats": 7,
    }.items()  # fmt: skip
    assert [became[1]["status"], became[2]["status"]] == ["pending", "resolved"]
    assert became[3]["archived_at"] == history[4][3]["archived_at"]["old"]
    assert became[4]["archived_at"] is None
    assert audited(app, number) == [
        ("TICKET_CREATE", "system"), ("TICKET_UPDATE", agent), ("TICKET_UPDATE", agent),
        ("TICKET_UPDATE", admin), ("TICKET_ARCHIVE", admin),
        ("TICKET_UPDATE", admin), ("TICKET_RESTORE", admin),
    ]  # fmt: skip
    assert [name for name in published(app) if name in TOLD] == [*TOLD[:3], TOLD[3], *TOLD[3:]]


def audited(app: Flask, number: str) -> list[Any]:
    """Who did what to the ticket, in order."""
    about = (AuditLog.object_table == "tickets", AuditLog.object_id == int(number))
    with app.app_context():
        found = select(AuditLog.action_type, AuditLog.performed_by).where(*about).order_by(AuditLog.id)
        return [tuple(row) for row in db.session.execute(found)]


def published(app: Flask) -> list[str]:
    """The types of all events, in order, each told to whom it concerns."""
    with app.app_context():
        events = db.session.execute(select(Event.event_type, Event.published_at).order_by(Event.id)).all()
    assert all(moment is not None for _type, moment in events)
    return [kind for kind, _moment in events]


def every_step_is_on_screen(admin: Page, number: str) -> None:
    """The console shows history, audit log and deliveries to who is allowed to look."""
    for address, words in (
        (f"/console/ticket_history/?ticket_id={number}", ["inbox", "portal", "screen"]),
        (
            f"/console/audit_logs/?object_table=tickets&object_id={number}",
            ["TICKET_ARCHIVE", "TICKET_RESTORE"],
        ),
        ("/console/webhook_deliveries/?state=done", TOLD),
        (f"/admin/tickets/show/{number}?tab=history", ["Mara Example", "Ada Example"]),
    ):
        admin.goto(address)
        for word in words:
            expect(admin.locator("main")).to_contain_text(word)
