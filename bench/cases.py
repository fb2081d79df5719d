"""The kinds of requests that are measured, each with what it may cost and how the peer is asked the same."""

from __future__ import annotations

from dataclasses import dataclass

from bench.client import Request
from bench.load import Ask
from bench.sample import COMMON, Sample


@dataclass(frozen=True, kw_only=True)
class Case:
    """One kind of request. `who` names the client that asks: admin, supervisor, agent or key."""

    name: str
    who: str
    most: float
    """CPU milliseconds it may cost in all."""
    ask: Ask
    statements: int | None = None
    peer: Ask | None = None
    faster: float = 1.0
    """How many times the peer's median, or rate for a write, is to be reached."""
    growth: float | None = None
    """How many times the CPU at the smallest size it may cost at the largest."""

    @property
    def writes(self) -> bool:
        return self.ask(0).method != "GET"


def cases(sample: Sample) -> tuple[Case, ...]:
    """Return all, in the order in which they are measured: those that write come last."""
    return (*_lists(sample), *_tickets(sample), *_searches(sample), *_rest(sample))


def _lists(sample: Sample) -> tuple[Case, ...]:
    generated, peer = "/admin/tickets/list/", "/tickets/list/"
    return (
        Case(name="Open tickets, generated list", who="admin", most=15, statements=8, growth=1.3, faster=7,
             ask=lambda _n: Request(f"{generated}?status=open"),
             peer=lambda _n: Request(f"{peer}?_flt_3_status=open")),
        Case(name="The same, halfway", who="admin", most=15, statements=8, growth=1.3, faster=7,
             ask=lambda _n: Request(f"{generated}?status=open&cursor={sample.half_of_open}"),
             peer=lambda _n: Request(f"{peer}?_flt_3_status=open&page_TicketView={sample.open_half // 25}")),
        Case(name="All tickets, halfway", who="admin", most=15, statements=8, growth=1.3, faster=7,
             ask=lambda _n: Request(f"{generated}?cursor={sample.half_of_all}"),
             peer=lambda _n: Request(f"{peer}?page_TicketView={sample.all_half // 25}")),
        Case(name="Inbox, open tickets", who="supervisor", most=15, statements=10, growth=1.3,
             ask=lambda _n: Request("/inbox/open/")),
        Case(name="Inbox, halfway", who="supervisor", most=15, statements=10, growth=1.3,
             ask=lambda _n: Request(f"/inbox/open/?cursor={sample.half_of_inbox}")),
        Case(name="Inbox of an agent, open tickets", who="agent", most=15, statements=10, growth=1.3,
             ask=lambda _n: Request("/inbox/open/")),
    )  # fmt: skip


def _tickets(sample: Sample) -> tuple[Case, ...]:
    return (
        Case(name="Ticket in the inbox, with conversation, history and context", who="supervisor", most=15,
             statements=10, growth=1.3, faster=3,
             ask=lambda n: Request(f"/inbox/open/{sample.told_ticket(n)}"),
             peer=lambda n: Request(f"/tickets/show/{sample.told_ticket(n)}")),
        Case(name="Ticket, generated page", who="admin", most=15, statements=10, growth=1.3, faster=3,
             ask=lambda n: Request(f"/admin/tickets/show/{sample.told_ticket(n)}"),
             peer=lambda n: Request(f"/tickets/show/{sample.told_ticket(n)}")),
    )  # fmt: skip


def _searches(sample: Sample) -> tuple[Case, ...]:
    generated, peer = "/admin/tickets/list/?q=", "/tickets/list/?_flt_2_title="
    return (
        Case(name="Search, common word", who="admin", most=40, statements=8, growth=2,
             ask=lambda _n: Request(generated + COMMON), peer=lambda _n: Request(peer + COMMON)),
        Case(name="Search, rare word", who="admin", most=15, statements=8, growth=1.3, faster=7,
             ask=lambda n: Request(generated + sample.rare_word(n)),
             peer=lambda n: Request(peer + sample.rare_word(n))),
        Case(name="Search in the inbox, common word", who="supervisor", most=40, statements=10, growth=2,
             ask=lambda _n: Request(f"/inbox/open/?state=all&q={COMMON}")),
        Case(name="Search in the inbox, rare word", who="supervisor", most=15, statements=10, growth=1.3,
             ask=lambda n: Request(f"/inbox/open/?state=all&q={sample.rare_word(n)}")),
    )  # fmt: skip


def _rest(sample: Sample) -> tuple[Case, ...]:
    open_ones = "?q=(page_size:50,filters:!((col:status,opr:eq,value:open)))"
    return (
        Case(name="List by REST", who="key", most=8, statements=8, growth=1.3,
             ask=lambda _n: Request("/api/v1/tickets?status=open&limit=50"),
             peer=lambda _n: Request(f"/api/v1/tickets/{open_ones}")),
        Case(name="Create by REST: validation, 12 rules, history, audit, outbox", who="key", most=18, growth=1.3,
             ask=lambda n: Request("/api/v1/tickets", "POST", _ticket(n), 201),
             peer=lambda n: Request("/api/v1/tickets/", "POST", _plain(n), 201)),
        Case(name="Reply by REST", who="key", most=18,
             ask=lambda n: Request(f"/api/v1/tickets/{sample.active_ticket(n)}/messages", "POST", REPLY, 201),
             peer=lambda n: Request("/api/v1/messages/", "POST", {"ticket_id": sample.active_ticket(n), **REPLY}, 201)),
    )  # fmt: skip


REPLY = {"message_body": "Thank you for the details. I look into it and come back to you today."}


def _plain(number: int) -> dict[str, object]:
    return {
        "email": f"customer{number % 500 + 1}@customers.example",
        "title": f"The machine stops after a minute ({number})",
        "description": "It heats up, brews half a cup and stops. I have cleaned it twice, without any change.",
        "category": "technical support",
        "priority": "medium",
    }


def _ticket(number: int) -> dict[str, object]:
    fields = {"order_number": f"{number % 900000 + 100000}", "seats": number % 40 + 1, "plan": "office"}
    return {**_plain(number), "tags": ["machine", "brewing"], "custom_fields": fields}
