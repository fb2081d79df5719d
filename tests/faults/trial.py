"""One fault under load, and what came of it: what was lost, what came twice, and how long it took."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.faults.desk import Desk, slow
from tests.faults.harm import HARMS
from tests.processes import within

BACK = 15.0
"""Seconds within which pages are served again without a hand."""
ARRIVED = 120.0
"""Seconds within which the last effect arrives, those cut off in the middle included."""


@dataclass(frozen=True)
class Size:
    """How long the fault lasts, how long is looked before it, how many effects there are, and how dense."""

    seconds: float
    before: float
    effects: int
    pause: float
    """Seconds each writer rests between two tickets. A minute without rest would measure how fast a machine
    works off what piled up, and not whether anything is lost."""


SHORT = Size(seconds=4, before=1, effects=50, pause=0.02)
FULL = Size(seconds=60, before=10, effects=1450, pause=0.75)


@dataclass(frozen=True)
class Outcome:
    """What came of one fault. Seconds and milliseconds; None for what did not happen in time."""

    fault: str
    effects: int
    """Events and mails that the load made, whether the write was acknowledged or cut off after its commit."""
    lost: int
    """Acknowledged writes that are not there, and effects that never arrived."""
    doubled: int
    """A second event, finished delivery or mail for one cause. Whoever drops known ids cannot drop these."""
    again: int
    """Arrivals of an id that was there before: a sender was killed between the answer and its commit."""
    writes: int
    refused: int
    """Writes that were not acknowledged."""
    slow_before: float
    slow_during: float
    back: float | None
    waiting: int
    """Effects that waited when the load ended."""
    settled: float | None
    """Seconds from the end of the load to the last arrival."""


def trial(desk: Desk, fault: str, size: Size) -> Outcome:
    """Do `fault` to the desk under load and wait until all is told."""
    mark, written = _Mark.of(desk), len(desk.writes)
    with desk.load(size.pause):
        time.sleep(size.before)
        harmed = time.monotonic()
        HARMS[fault](desk, size.seconds)
        over = time.monotonic()
        back = time.monotonic() - over if within(BACK, desk.serves) else None
        within(ARRIVED, lambda: mark.effects(desk) >= size.effects)
    ended, waiting = time.monotonic(), mark.waiting(desk)
    settled = time.monotonic() - ended if within(ARRIVED, lambda: not mark.missing(desk)) else None
    writes = desk.writes[written:]
    return Outcome(
        fault=fault,
        effects=mark.effects(desk),
        lost=len(mark.missing(desk)) + mark.forgotten(desk, {one.ticket for one in writes if one.ticket}),
        doubled=mark.doubled(desk),
        again=mark.again(desk),
        writes=len(writes),
        refused=sum(one.ticket is None for one in writes),
        slow_before=slow([one for one in writes if one.started < harmed]),
        slow_during=slow([one for one in writes if harmed <= one.started < max(over, harmed + 1)]),
        back=back,
        waiting=waiting,
        settled=settled,
    )


@dataclass(frozen=True)
class _Mark:
    """Where the numbers stood before a trial: what is above them belongs to it."""

    event: int
    mail: int

    @classmethod
    def of(cls, desk: Desk) -> _Mark:
        ((event,), (mail,)) = (
            desk.ask(f"SELECT coalesce(max(id), 0) FROM {table}") for table in ("outbox_events", "mails")
        )
        return cls(event, mail)

    def made(self, desk: Desk) -> set[str]:
        """The ids under which effects arrive outside."""
        events = desk.ask(f"SELECT 'evt_' || id FROM outbox_events WHERE id > {self.event}")
        mails = desk.ask(f"SELECT message_id FROM mails WHERE id > {self.mail}")
        return {*events, *mails}

    def effects(self, desk: Desk) -> int:
        return len(self.made(desk))

    def missing(self, desk: Desk) -> set[str]:
        return self.made(desk) - desk.told().keys()

    def again(self, desk: Desk) -> int:
        made = self.made(desk)
        return sum(count - 1 for key, count in desk.told().items() if key in made)

    def forgotten(self, desk: Desk, tickets: set[int]) -> int:
        return len(tickets - {*desk.ask("SELECT id FROM tickets")})

    def waiting(self, desk: Desk) -> int:
        tables = ("outbox_events", "webhook_deliveries", "mails")
        return sum(desk.ask(f"SELECT count(*) FROM {name} WHERE state = 'waiting'")[0] for name in tables)

    def doubled(self, desk: Desk) -> int:
        return sum(desk.ask(statement.format(**vars(self)))[0] or 0 for statement in DOUBLED)


DOUBLED = (
    """SELECT count(*) - count(DISTINCT (event_type, object_table, object_id, payload #>> '{{message,id}}'))
    FROM outbox_events WHERE id > {event}""",
    """SELECT sum(more) FROM (SELECT count(*) - 1 AS more FROM webhook_deliveries
    WHERE state = 'done' AND event_id > {event} GROUP BY event_id, webhook_id) AS each""",
    """SELECT abs((SELECT count(*) FROM mails WHERE id > {mail} AND kind = 'reply')
    - (SELECT count(*) FROM outbox_events WHERE id > {event} AND event_type = 'TICKET_REPLIED'))""",
)
"""Statements that count what was made twice: events of one cause, finished deliveries of one event, mails."""
