"""As whom the present act asks and writes, and what they never see."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.access import ActorKind
from app.fields import Audience
from app.record import act_of
from app.services.seen import unseen

AUDIENCES = {
    ActorKind.EMPLOYEE: Audience.AGENT,
    ActorKind.KEY: Audience.API,
    ActorKind.CUSTOMER: Audience.CUSTOMER,
}
SURFACES = {"api": Audience.API, "portal": Audience.CUSTOMER}
"""Surfaces on which everybody writes as one audience, whoever they are."""


def audience_of(session: Session) -> Audience | None:
    """Return as whom the present act writes; None for the program itself, of which nothing is asked."""
    act = act_of(session)
    return SURFACES.get(act.source) or AUDIENCES.get(act.actor.kind)


def not_told(session: Session, model: Any) -> frozenset[str]:
    """Return the fields of `model` that whoever acts never sees, and what is asked of them must not tell."""
    audience = audience_of(session)
    return unseen(session, act_of(session).actor, model, audience) if audience else frozenset()
