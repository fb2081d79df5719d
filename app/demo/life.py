"""Ninety days at the demo desk: tickets come in, are routed, answered, resolved and rated, in the order of time.

What happens next is kept in a queue by moment, so that "least busy" means what it would have meant then.
"""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.access import SYSTEM, Actor, ActorKind
from app.access.grants import Grants
from app.core.clock import frozen, now
from app.demo.stories import CITIES, PRODUCTS, STORIES, Story
from app.fields import settings_of
from app.models.customers import Customer
from app.models.people import Employee
from app.models.tickets import Channel, Status, Ticket
from app.record import act_as
from app.services import feedback, messages, tickets

DAYS = 90
OPENS, CLOSES = 7, 20
"""Hours of the day in which customers write."""
RATINGS = (5, 5, 5, 5, 4, 4, 4, 3, 2, 1)
COMMENTS = {
    5: "Fast and friendly.",
    4: "Good, thank you.",
    3: "It took a while.",
    2: "I had to ask twice.",
    1: "Not solved.",
}
SETTLED = "I have seen to it. Please tell me if anything is left."
SETTLED_IN_GERMAN = "Ich habe mich darum gekümmert. Bitte sagen Sie mir, falls noch etwas fehlt."
CHANNELS = (Channel.PORTAL, Channel.PORTAL, Channel.EMAIL, Channel.API)

Step = Callable[[], None]


@dataclass
class Life:
    """The desk, its people, and what is still to happen."""

    session: Session
    dice: random.Random
    employees: dict[int, Employee]
    teams_of: dict[int, frozenset[int]]
    customers: list[Customer]
    grants: Grants
    today: dt.datetime
    queue: list[tuple[dt.datetime, int, Step]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def run(self, count: int) -> None:
        """Live through all of it."""
        for _ in range(count):
            self.at(self._arrival(), self._opening(self.dice.choice(STORIES)))
        done = 0
        while self.queue:
            moment, _, step = heapq.heappop(self.queue)
            with frozen(moment):
                step()
            done += 1
            if done % 100 == 0:
                self.session.commit()
        self.session.commit()

    def at(self, moment: dt.datetime, step: Step) -> None:
        """Let `step` happen at `moment`, unless that is still to come."""
        if moment < self.today:
            heapq.heappush(self.queue, (moment, next(self.numbers), step))

    def later(self, moment: dt.datetime, hours: tuple[float, float], step: Step) -> None:
        """Let `step` happen some hours after `moment`."""
        self.at(moment + dt.timedelta(hours=self.dice.uniform(*hours)), step)

    def act(self, actor: Actor, source: str) -> Actor:
        """Let `actor` do what comes next."""
        act_as(self.session, actor, source=source)
        return actor

    def agent(self, ticket: Ticket) -> Actor | None:
        """Return the assignee as an actor, or somebody of the team where there is none."""
        number = ticket.assignee_id or next(
            (key for key, teams in self.teams_of.items() if ticket.team_id in teams), None
        )
        if number is None:
            return None
        employee = self.employees[number]
        grants = self.grants[employee.role]
        return Actor(
            ActorKind.EMPLOYEE, number, employee.role, self.teams_of.get(number, frozenset()), grants
        )

    def _arrival(self) -> dt.datetime:
        """Return a moment of the last ninety days; the last days are the busiest, Sundays the calmest."""
        while True:
            days = DAYS * self.dice.random() ** 2
            day = (self.today - dt.timedelta(days=days)).replace(hour=0, minute=0)
            if day.weekday() < 5 or self.dice.random() < 0.3:
                minutes = self.dice.triangular(OPENS * 60, CLOSES * 60, 10 * 60)
                return day + dt.timedelta(minutes=minutes)

    def _opening(self, story: Story) -> Step:
        return lambda: self._open(story)

    def _open(self, story: Story) -> None:
        customer = self._writer(story)
        words = {
            "order": f"{self.dice.randrange(20000, 990000):06}",
            "product": self.dice.choice(PRODUCTS),
            "amount": f"{self.dice.randrange(9, 90)}",
            "city": self.dice.choice(CITIES),
        }
        channel = self.dice.choice(CHANNELS)
        values: dict[str, Any] = {
            "email": customer.email,
            "title": story.title.format(**words),
            "description": story.text.format(**words),
            "category": story.topic,
            "custom_fields": self._fields(words["order"], "{order}" in story.title + story.text),
            "language": "de" if story.german else "en",
            "channel": channel,
            "tags": list(story.tags),
        }
        if story.priority:
            values["priority"] = story.priority
        ticket = tickets.add(self.session, self.act(SYSTEM, channel.value), values)
        waits = (0.2, 6.0) if self.dice.random() < 0.8 else (8.0, 40.0)
        self.later(ticket.created_at, waits, lambda: self._answer(ticket, story))

    def _writer(self, story: Story) -> Customer:
        wanted = [one for one in self.customers if (one.language == "de") == story.german]
        return wanted[min(int(self.dice.expovariate(0.12)), len(wanted) - 1)]

    def _fields(self, order: str, has_order: bool) -> dict[str, Any]:
        fields: dict[str, Any] = {"order_number": order} if has_order else {}
        if self.dice.random() < 0.5:
            fields["plan"] = self.dice.choice(("home", "home", "office", "cafe"))
        if fields.get("plan") in {"office", "cafe"}:
            fields["seats"] = int(self.dice.triangular(3, 120, 10))
        if self.dice.random() < 0.3:
            bought = self.today - dt.timedelta(days=self.dice.randrange(20, 900))
            fields |= {
                "bought_on": bought.date().isoformat(),
                "under_warranty": bought > self.today - dt.timedelta(days=730),
            }
        return fields

    def _answer(self, ticket: Ticket, story: Story) -> None:
        agent = self.agent(ticket)
        if agent is None:
            return
        if story.note and self.dice.random() < 0.6:
            messages.reply(self.session, self.act(agent, "inbox"), ticket, story.note, internal=True)
        waits = Status.PENDING if self.dice.random() < 0.5 else None
        message = messages.reply(
            self.session,
            self.act(agent, "inbox"),
            ticket,
            story.answer.format(city="Leeds", product="Barista One"),
            status=waits,
        )
        if story.more and self.dice.random() < 0.7:
            self.later(message.created_at, (2, 30), lambda: self._ask_again(ticket, story))
        else:
            self.later(message.created_at, (1, 40), lambda: self._thank(ticket, story))

    def _ask_again(self, ticket: Ticket, story: Story) -> None:
        said = messages.reply(self.session, self._customer(ticket), ticket, story.more or "Any news?")
        self.later(said.created_at, (0.5, 20), lambda: self._settle(ticket, story))

    def _settle(self, ticket: Ticket, story: Story) -> None:
        agent = self.agent(ticket)
        if agent is not None:
            text = SETTLED_IN_GERMAN if story.german else SETTLED
            said = messages.reply(self.session, self.act(agent, "inbox"), ticket, text)
            self.later(said.created_at, (1, 30), lambda: self._thank(ticket, story))

    def _thank(self, ticket: Ticket, story: Story) -> None:
        if self.dice.random() < 0.6:
            messages.reply(self.session, self._customer(ticket), ticket, story.thanks)
        if self.dice.random() < 0.85:
            self._resolve(ticket)
        else:
            self.later(ticket.last_activity_at, (10, 60), lambda: self._resolve(ticket))

    def _resolve(self, ticket: Ticket) -> None:
        agent = self.agent(ticket)
        if agent is None or not ticket.is_active:
            return
        tickets.resolve(self.session, self.act(agent, "inbox"), ticket)
        resolved = now()
        if self.dice.random() < 0.45:
            self.later(resolved, (0.2, 24), lambda: self._rate(ticket))
        self.at(
            resolved + dt.timedelta(days=settings_of(self.session).close_days),
            lambda: self._close(ticket, resolved),
        )

    def _close(self, ticket: Ticket, resolved: dt.datetime) -> None:
        """Close what nobody came back to, as the schedule does day by day."""
        if ticket.resolved_at == resolved:
            tickets.edit(self.session, self.act(SYSTEM, "job"), ticket, {"status": Status.CLOSED})

    def _rate(self, ticket: Ticket) -> None:
        if ticket.is_active:
            return
        rating = self.dice.choice(RATINGS)
        comment = COMMENTS[rating] if self.dice.random() < 0.5 else None
        feedback.rate(self.session, self._customer(ticket), ticket, rating, comment)

    def _customer(self, ticket: Ticket) -> Actor:
        return self.act(Actor(ActorKind.CUSTOMER, ticket.customer_id), "portal")
