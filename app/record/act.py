"""Who acts in this unit of work, and from where: the session carries it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor


@dataclass(frozen=True, slots=True)
class Act:
    """One unit of work: the actor, the surface it came by, and what to find it by later.

    `rules` says which rule changed a row, where one did.
    """

    actor: Actor
    source: str
    ip: str | None = None
    request_id: str | None = None
    rules: Mapping[Any, int | None] = field(default_factory=dict)


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
def by_rules(session: Session, rules: Mapping[Any, int | None]) -> Iterator[None]:
    """Let the history say, for what is flushed inside the block, which rule changed each row."""
    before = act_of(session)
    session.info["act"] = replace(before, rules=rules)
    try:
        yield
    finally:
        session.info["act"] = before
