"""What an effect on the outside has in common: it is a row that is due, leased, and done once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, Integer, Text, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.core.clock import now
from app.core.declare import Choice, ui
from app.core.i18n import _
from app.models.base import choice, moment


class State(Choice):
    """How far an effect has come."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    PARKED = "parked", _("Parked")


def stuck(table: str) -> Index:
    """Return an index on the few rows of a table of effects that need a person, in the order of their list."""
    where = text("state IN ('failed', 'parked')")
    return Index(f"ix_{table}_stuck", "created_at", "id", "state", postgresql_where=where)


class Effect:
    """A row that a job must bring to the outside. The database is the truth, the queue only a hint.

    A job takes a lease (`leased_until`, `lease_count` + 1) before it acts and marks the row in the
    transaction of its effect; a sweep enqueues what is due, not done and not leased.
    """

    state: Mapped[State] = mapped_column(
        choice(State), default=State.WAITING, server_default="waiting", info=ui(_("State"))
    )
    due_at: Mapped[moment] = mapped_column(default=now, info=ui(_("Due")))
    leased_until: Mapped[moment | None] = mapped_column(info=ui(_("Leased until")))
    lease_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0", info=ui(_("Tries")))
    error: Mapped[str | None] = mapped_column(Text, info=ui(_("Error")))
    done_at: Mapped[moment | None] = mapped_column(info=ui(_("Ended")))

    __effect__: str = ""
    """The kind of effect in job ids: `event`, `delivery`, `mail`."""

    @declared_attr.directive
    def __table_args__(cls) -> Any:  # noqa: N805  SQLAlchemy hands over the class
        name = f"ix_{cls.__tablename__}_waiting"  # type: ignore[attr-defined]
        return (*cls.__indexes__(), Index(name, "due_at", postgresql_where=text("state = 'waiting'")))

    @classmethod
    def __indexes__(cls) -> tuple[Any, ...]:
        return ()
