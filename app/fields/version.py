"""The version of the definitions: one number that tells every process when to read them anew.

A request brings it along with its actor. Where nobody brought it, a session asks, and believes the answer for
a second. A session that changes or rolls back definitions itself asks again.
"""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import BigInteger, ScalarSelect, Text, cast, event, func, literal_column, select
from sqlalchemy.orm import Session, object_session

from app.models.access import DeskRole
from app.models.coverage import BusinessHours, Holiday, OpenInterval
from app.models.fields import FieldDefinition, revisions
from app.models.settings import Setting
from app.models.views import SavedView

REVISION = "schema_definitions"
"""The row of `revisions` that triggers raise: definitions, roles, settings, business hours, saved views."""
BELIEVED = 1.0
"""Seconds for which an answer is believed."""
_NUMBER = 2**32
_KNOWN = "frontdesk_definition_version"


def definition_version() -> ScalarSelect[int]:
    """Return the present version as SQL, to be read along with another statement.

    It joins the revision with the transaction that wrote it, so that what a rolled back transaction saw is
    never taken for what a later one committed under the same number.
    """
    writer = cast(cast(literal_column("revisions.xmin"), Text), BigInteger)
    number = select(cast(revisions.c.number, BigInteger) * _NUMBER + writer).where(
        revisions.c.name == REVISION
    )
    return select(func.coalesce(number.scalar_subquery(), 0)).scalar_subquery()


def remember_version(session: Session, version: int) -> None:
    """Let this session believe `version` for as long as it lives: a request's, read with its actor."""
    session.info[_KNOWN] = (version, float("inf"))


def known_version(session: Session) -> int:
    """Return the version this session goes by; asks for one row if it must."""
    version, until = session.info.get(_KNOWN, (0, 0.0))
    if time.monotonic() >= until:
        version = session.scalar(select(definition_version())) or 0
        session.info[_KNOWN] = (version, time.monotonic() + BELIEVED)
    return int(version)


def _changed(_mapper: Any, _connection: Any, row: Any) -> None:
    session = object_session(row)
    if session is not None:
        session.info.pop(_KNOWN, None)


for _model in (FieldDefinition, DeskRole, Setting, BusinessHours, OpenInterval, Holiday, SavedView):
    for _moment in ("after_insert", "after_update", "after_delete"):
        event.listen(_model, _moment, _changed)


@event.listens_for(Session, "after_soft_rollback")
def _rolled_back(session: Session, _transaction: Any) -> None:
    _version, until = session.info.get(_KNOWN, (0, 0.0))
    if until != float("inf"):
        session.info.pop(_KNOWN, None)
