"""Who is signed in where, and the second factor of an employee."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.declare import Resource, ui
from app.core.i18n import _
from app.models.base import Created, Entry, employee_link, json_list, link, moment


class LoginSession(Entry, Created):
    """One sign-in of one employee or customer. It holds while the epoch is that of its holder.

    Only the digest of its random id is kept. Ending it deletes the row; what happened stands in the audit log.
    """

    __tablename__ = "login_sessions"
    __table_args__: Any = (CheckConstraint("num_nonnulls(employee_id, customer_id) = 1", name="one_holder"),)

    digest: Mapped[str] = mapped_column(String(64), unique=True, info=ui(_("Digest"), secret=True))
    employee_id: Mapped[int | None] = employee_link(delete="CASCADE", info=ui(_("Employee")))
    customer_id: Mapped[int | None] = link("customers.id", info=ui(_("Customer")))
    epoch: Mapped[int] = mapped_column(Integer, info=ui(_("Session epoch"), secret=True))
    last_seen_at: Mapped[moment] = mapped_column(default=now, info=ui(_("Last seen")))
    ip: Mapped[str | None] = mapped_column(String(45), info=ui(_("Address")))
    browser: Mapped[str] = mapped_column(String(40), info=ui(_("Browser")))
    system: Mapped[str] = mapped_column(String(40), info=ui(_("System")))

    resource = Resource(title=_("Session"), plural=_("Sessions"), label="id")


class SecondFactor(Entry, Created):
    """The authenticator app of an employee: a sealed secret, and digests of the recovery codes left."""

    __tablename__ = "second_factors"

    employee_id: Mapped[int] = employee_link(delete="CASCADE", unique=True, info=ui(_("Employee")))
    secret: Mapped[str] = mapped_column(String(200), info=ui(_("Secret"), secret=True))
    last_step: Mapped[int] = mapped_column(BigInteger, info=ui(_("Last step used"), secret=True))
    recovery: Mapped[json_list] = mapped_column(info=ui(_("Recovery codes"), secret=True))

    resource = Resource(title=_("Second factor"), plural=_("Second factors"), label="id")
