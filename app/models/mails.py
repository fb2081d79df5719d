"""Outgoing mail: written in the transaction of its cause, sent by a job, kept to be read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.declare import Can, Desk, Grant, Menu, Resource, Role, ui
from app.core.i18n import _
from app.core.matter import Matter
from app.models.base import (
    Created,
    Entry,
    asked,
    email_text,
    folded,
    link,
    long_text,
    ordered,
    short_text,
)
from app.models.effects import Effect, stuck


class Mail(Effect, Entry, Created):
    """One mail to one person, as text and HTML."""

    __tablename__ = "mails"
    __effect__ = "mail"

    kind: Mapped[str] = mapped_column(String(40), info=ui(_("Kind")))
    recipient: Mapped[email_text] = mapped_column(info=ui(_("Recipient")))
    subject: Mapped[short_text] = mapped_column(info=ui(_("Subject")))
    body_text: Mapped[long_text] = mapped_column(info=ui(_("Text")))
    body_html: Mapped[long_text] = mapped_column(info=ui(_("HTML"), framed=True))
    message_id: Mapped[str | None] = mapped_column(String(200), info=ui(_("Message-ID")))
    in_reply_to: Mapped[str | None] = mapped_column(String(200), info=ui(_("In reply to")))
    ticket_id: Mapped[int | None] = link("tickets.id", delete="SET NULL", info=ui(_("Ticket")))
    was_kept: Mapped[bool] = mapped_column(
        Boolean,
        default=False,
        server_default="false",
        info=ui(_("Kept, not sent"), _("No mail server is set.")),
    )

    @classmethod
    def __indexes__(cls) -> tuple[Any, ...]:
        return (
            *folded("mails", "recipient", "subject"),
            *asked("mails", words=("kind",)),
            *ordered("mails", "created_at"),
            stuck("mails"),
        )

    resource = Resource(
        title=_("Mail"), plural=_("Mails"), desk=Desk.WATCH, menu=Menu.RECORDS, icon="mail", label="subject",
        columns=("created_at", "kind", "recipient", "subject", "state", "was_kept"),
        show=(
            "recipient", "subject", "kind", "ticket_id", "created_at", "state", "due_at", "done_at", "lease_count", "was_kept",
            "error", "message_id", "in_reply_to", "body_text", "body_html",
        ),
        filters=("kind", "recipient", "state", "ticket_id", "created_at"), search=("recipient", "subject"), grows=True, order="-created_at",
        matters=(Matter(label=_("Mails that did not go out"), asks="state=failed,parked", icon="mail"),),
        allow={Role.ADMIN: Grant(Can.READ | Can.EDIT)}, service="mails", actions=("retry",),
    )  # fmt: skip
