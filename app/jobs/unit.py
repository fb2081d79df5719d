"""One unit of work of a job: the system acts, and the commit stands here alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.extensions import db
from app.fields import Settings, settings_of
from app.record import act_as


@contextmanager
def unit() -> Iterator[Session]:
    """Give a session in which the system acts; commit at the end of the block, roll back on an error.

    The connection goes back to the pool at the end, so that nobody holds one while waiting for the outside.
    """
    session: Session = db.session()
    act_as(session, SYSTEM, source="job")
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        db.session.remove()


def settings() -> Settings:
    """Return the settings of the desk, read in a unit of their own."""
    with unit() as session:
        return settings_of(session)
