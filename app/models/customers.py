"""The people who ask: requesters of tickets, users of the portal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.declare import Api, Can, Choice, Desk, Grant, Menu, Resource, Role, Rows, Scope, ui
from app.core.i18n import _
from app.models.base import (
    Record,
    Stamped,
    choice,
    custom,
    email_text,
    folded,
    json_object,
    moment,
    ordered,
    short_text,
)


class Tier(Choice):
    """How much a customer has been promised."""

    STANDARD = "standard", _("Standard")
    VIP = "vip", _("VIP")


class Customer(Record, Stamped):
    """Somebody who writes in. Without a password they sign in with a one-time link."""

    __tablename__ = "customers"
    __table_args__: Any = (
        *folded("customers", "name", "email"),
        *ordered("customers", "name", "created_at", "updated_at"),
        *custom("customers"),
        Index("ix_customers_tier", "tier", "name", "id"),
    )

    name: Mapped[short_text] = mapped_column(info=ui(_("Name")))
    email: Mapped[email_text] = mapped_column(unique=True, info=ui(_("E-mail")))
    password_hash: Mapped[str | None] = mapped_column(String(200), info=ui(_("Password"), secret=True))
    language: Mapped[str | None] = mapped_column(String(12), info=ui(_("Language")))
    time_zone: Mapped[str | None] = mapped_column(String(64), info=ui(_("Time zone")))
    tier: Mapped[Tier] = mapped_column(
        choice(Tier), default=Tier.STANDARD, server_default="standard", info=ui(_("Tier"))
    )
    verified_at: Mapped[moment | None] = mapped_column(info=ui(_("E-mail verified")))
    session_epoch: Mapped[int] = mapped_column(
        default=1, server_default="1", info=ui(_("Session epoch"), secret=True)
    )
    custom_fields: Mapped[json_object] = mapped_column(info=ui(_("Custom fields")))

    @property
    def is_verified(self) -> bool:
        """Tell whether the address was proved by a link."""
        return isinstance(self.verified_at, dt.datetime)

    resource = Resource(
        title=_("Customer"), plural=_("Customers"), new=_("New customer"), desk=Desk.MANAGE, menu=Menu.PEOPLE, icon="contact",
        columns=("name", "email", "tier", "verified_at", "created_at"),
        show=("name", "email", "tier", "language", "time_zone", "verified_at", "custom_fields", "created_at", "updated_at"),
        form=("name", "email", "tier", "language", "time_zone", "custom_fields"),
        search=("name", "email"), filters=("tier", "custom_fields", "created_at"), grows=True, order="name", rows=Rows(customer="id"),
        allow={
            Role.ADMIN: Grant(Can.ALL),
            Role.SUPERVISOR: Grant(Can.READ | Can.ADD | Can.EDIT),
            Role.AGENT: Grant(Can.READ | Can.ADD | Can.EDIT),
        },
        customers=Grant(Can.READ | Can.EDIT, rows=Scope.OWN),
        audit=("tier", "language", "time_zone", "verified_at"), events=True, service="customers",
        api=Api(
            show=("id", "name", "email", "tier", "language", "time_zone", "verified_at", "custom_fields", "created_at", "updated_at"),
            write=("name", "email", "tier", "language", "time_zone", "custom_fields"),
        ),
    )  # fmt: skip
