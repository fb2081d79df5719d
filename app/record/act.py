"""Who acts in this unit of work, and from where: the session carries it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.access import Actor


@dataclass(frozen=True, slots=True)
class Act:
    """One unit of work: the actor, the surface it came by, and what to find it by later."""

    actor: Actor
    source: str
    ip: str | None = None
    request_id: str | None = None
    rule_id: int | None = None


def act_as(
    session: Session, actor: Actor, *, source: str, ip: str | None = None, request_id: str | None = None
) -> None:
    """Say who writes in `session` from now on. `source` is a surface: `portal`, `inbox`, `api`, `job` …"""
    session.info["act"] = Act(actor, source, ip, request_id)


def act_of(session: Session) -> Act:
    """Return the act of `session`; RuntimeError if nobody was named, since nothing is written by nobody."""
    act: Act | None = session.info.get("act")
    if act is None:
        raise RuntimeError("A write without an actor: call act_as(session, actor, source=…) first.")
    return act


@contextmanager
def by_rule(session: Session, rule_id: int | None) -> Iterator[None]:
    """Let the history say, for what is flushed inside the block, that the rule `rule_id` did it."""
    before = act_of(session)
    session.info["act"] = replace(before, rule_id=rule_id)
    try:
        yield
    finally:
        session.info["act"] = before
