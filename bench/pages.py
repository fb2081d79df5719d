"""Pages and API calls: what each costs in CPU, statements and time, beside the peer in the same run."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import orjson

from app.demo.people import PASSWORD
from app.launch.console import step
from bench import stock
from bench.cases import Case, cases
from bench.client import Client, Request
from bench.cluster import Place, copied
from bench.data import command
from bench.load import Reading, read
from bench.report import Table, met, milliseconds
from bench.sample import crowd, sample_of
from bench.web import PEER, serving

TITLE = "Pages and API"
SCOPES = "read_tickets,create_tickets,update_tickets"
PEER_FROM = 100_000
"""Tickets from which on reading is compared with a target: on a small table anything is fast."""


@dataclass(frozen=True)
class Pair:
    """A case with what it costs here and at the peer."""

    case: Case
    ours: Reading
    peer: Reading | None


def run(places: list[Place]) -> list[Table]:
    """Measure every case at every size."""
    found = {place.tickets: _pairs(place) for place in places}
    tables = [table for tickets, pairs in found.items() for table in _tables(tickets, pairs)]
    return [*tables, *([_growth(found)] if len(found) > 1 else [])]


def _pairs(place: Place) -> list[Pair]:
    """Measure each case here and at the peer in turns: what else the machine does troubles both alike."""
    with step(f"Pages at {place.tickets:,} tickets"), ExitStack() as stack:
        ours = stack.enter_context(copied(place, "pages"))
        theirs = stack.enter_context(copied(place, "peer"))
        crowd(ours)
        web = stack.enter_context(serving(ours))
        peer = stack.enter_context(serving(theirs, PEER, stock.environment(theirs)))
        people, strangers = _people(ours, web.address), _strangers(peer.address)
        return [
            Pair(
                case,
                read(people[case.who], case.ask, web.meter),
                read(strangers[case.who], case.peer, peer.meter) if case.peer else None,
            )
            for case in cases(sample_of(ours))
        ]


def _people(place: Place, address: str) -> Mapping[str, Client]:
    """Return those who ask, signed in."""
    people = {
        name: Client(address).sign_in("/login/", email=f"{name}@example.com", password=PASSWORD)
        for name in ("admin", "supervisor", "agent")
    }
    key = command(place, "keys", "create", "--description", "Bench", "--scopes", SCOPES).split()[-1]
    return {**people, "key": Client(address).bear(key)}


def _strangers(address: str) -> Mapping[str, Client]:
    """Return those who ask the peer: by session, and by token where here a key asks."""
    visitor = Client(address).sign_in("/login/", username=stock.LOGIN, password=stock.PASSWORD)
    login = {"username": stock.LOGIN, "password": stock.PASSWORD, "provider": "db"}
    answer = Client(address).ask(Request("/api/v1/security/login", "POST", login))
    caller = Client(address).bear(orjson.loads(answer)["access_token"])
    return {"admin": visitor, "supervisor": visitor, "key": caller}


def _tables(tickets: int, pairs: list[Pair]) -> list[Table]:
    return [
        Table(f"{tickets:,} tickets", COST, [_cost(pair) for pair in pairs]),
        Table(
            f"{tickets:,} tickets, beside stock Flask-AppBuilder",
            BESIDE,
            [_beside(tickets, pair, pair.peer) for pair in pairs if pair.peer],
        ),
    ]


COST = (
    "request",
    "CPU ms: web + PostgreSQL",
    "CPU ms in all",
    "target",
    "statements",
    "p50 / p95 ms alone",
    "p50 / p95 ms of 8 at once",
    "a second",
    "met",
)


def _cost(pair: Pair) -> tuple[str, ...]:
    case, ours = pair.case, pair.ours
    limits = [(ours.cpu, case.most), (round(ours.statements), case.statements or 1000)]
    return (
        case.name,
        f"{ours.web:.1f} + {ours.database:.1f}",
        f"{ours.cpu:.1f}",
        f"≤ {case.most:g}",
        f"{ours.statements:.1f}" + (f" (≤ {case.statements})" if case.statements else ""),
        f"{milliseconds(ours.median)} / {milliseconds(ours.slow)}",
        f"{milliseconds(ours.median_of_eight)} / {milliseconds(ours.slow_of_eight)}",
        f"{ours.rate:.0f}",
        met(limits),
    )


BESIDE = (
    "request",
    "CPU ms, stock",
    "CPU ms",
    "p50 ms, stock",
    "p50 ms",
    "times as fast",
    "a second, stock",
    "a second",
    "times the rate",
    "target",
    "met",
)


def _beside(tickets: int, pair: Pair, peer: Reading) -> tuple[str, ...]:
    case, ours = pair.case, pair.ours
    faster, rate = peer.median / ours.median, ours.rate / peer.rate
    reached = rate if case.writes else faster
    is_asked = case.writes or tickets >= PEER_FROM
    return (
        case.name,
        f"{peer.cpu:.1f}",
        f"{ours.cpu:.1f}",
        milliseconds(peer.median),
        milliseconds(ours.median),
        f"{faster:.1f}",
        f"{peer.rate:.0f}",
        f"{ours.rate:.0f}",
        f"{rate:.1f}",
        f"{'rate' if case.writes else 'time'} ≥ {case.faster:g}×" if is_asked else "–",
        met([(case.faster, reached)]) if is_asked else "–",
    )


def _growth(found: Mapping[int, list[Pair]]) -> Table:
    small, large = min(found), max(found)
    rows = []
    for before, after in zip(found[small], found[large], strict=True):
        if after.case.growth is not None:
            times = after.ours.cpu / before.ours.cpu
            rows.append(
                (
                    after.case.name,
                    f"{before.ours.cpu:.1f}",
                    f"{after.ours.cpu:.1f}",
                    f"{times:.2f}",
                    f"≤ {after.case.growth:g}",
                    met([(times, after.case.growth)]),
                )
            )
    header = ("request", f"CPU ms at {small:,}", f"CPU ms at {large:,}", "times", "target", "met")
    return Table(f"Growth from {small:,} to {large:,} tickets", header, rows)
