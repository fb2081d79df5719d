"""What was said about a ticket: public replies and internal notes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Index,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.declare import Api, Can, Choice, Desk, Grant, Resource, Role, Rows, Scope, ui
from app.core.i18n import _
from app.models.base import (
    Created,
    Entry,
    choice,
    link,
    long_text,
    ordered,
)
from app.models.tickets import Channel, Ticket


class SenderType(Choice):
    """Who speaks."""

    EMPLOYEE = "employee", _("Employee")
    CUSTOMER = "customer", _("Customer")
    SYSTEM = "system", _("System")


class Message(Entry, Created):
    """One reply or note. The Markdown is kept; the HTML beside it is what was made of it, sanitised."""

    __tablename__ = "ticket_messages"
    __table_args__: Any = (
        Index("ix_ticket_messages_conversation", "ticket_id", "id"),
        *ordered("ticket_messages", "created_at"),
        Index("ix_ticket_messages_notes", "created_at", "id", postgresql_where=text("is_internal")),
        Index(
            "ix_ticket_messages_system", "created_at", "id", postgresql_where=text("sender_type = 'system'")
        ),
    )

    ticket_id: Mapped[int] = link("tickets.id", nullable=False, index=False, info=ui(_("Ticket")))
    sender_id: Mapped[int | None] = mapped_column(BigInteger, info=ui(_("Sender")))
    sender_type: Mapped[SenderType] = mapped_column(choice(SenderType), info=ui(_("Kind of sender")))
    message_body: Mapped[long_text] = mapped_column(info=ui(_("Message"), markdown=True))
    is_internal: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default="false", info=ui(_("Internal note"))
    )
    channel: Mapped[Channel] = mapped_column(
        choice(Channel), default=Channel.API, server_default="api", info=ui(_("Channel"))
    )
    body_html: Mapped[long_text | None] = mapped_column(info=ui(_("HTML")))
    message_id: Mapped[str | None] = mapped_column(String(200), info=ui(_("Message-ID")))

    ticket: Mapped[Ticket] = relationship(back_populates="messages", viewonly=True)

    resource = Resource(
        title=_("Message"), plural=_("Messages"), desk=Desk.HAND, icon="message-square", label="id",
        columns=("created_at", "ticket_id", "sender_type", "is_internal", "message_body"),
        filters=("ticket_id", "sender_type", "is_internal", "created_at"), grows=True, order="-created_at",
        rows=Rows(
            owner="ticket.assignee_id", team="ticket.team_id", customer="ticket.customer_id", unclaimed=True,
            internal="is_internal",
        ),
        allow={
            Role.ADMIN: Grant(Can.READ | Can.ADD),
            Role.SUPERVISOR: Grant(Can.READ | Can.ADD),
            Role.AGENT: Grant(Can.READ | Can.ADD, rows=Scope.TEAM),
        },
        customers=Grant(Can.READ | Can.ADD, rows=Scope.OWN),
        audit=("ticket_id", "sender_type", "is_internal"), service="messages",
        api=Api(
            show=("id", "ticket_id", "sender_id", "sender_type", "message_body", "is_internal", "channel", "created_at"),
            write=("ticket_id", "message_body", "is_internal"),
        ),
    )  # fmt: skip
