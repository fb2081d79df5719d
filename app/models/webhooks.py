"""Webhooks, the events they hear of, and each try to deliver one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Computed, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.declare import Api, Can, Criteria, Desk, Grant, Menu, Resource, Role, ui
from app.core.i18n import _
from app.core.matter import Matter
from app.models.base import (
    Created,
    Entry,
    Record,
    Stamped,
    asked,
    folded,
    json_list,
    link,
    long_text,
    moment,
    ordered,
)
from app.models.effects import Effect, stuck


class Webhook(Record, Stamped):
    """An address that is told of events, signed by the Standard Webhooks rules."""

    __tablename__ = "webhooks"
    __table_args__: Any = folded("webhooks", "url", "description")

    url: Mapped[str] = mapped_column(String(2000), info=ui(_("Address"), _("https://… of your receiver.")))
    event_types: Mapped[json_list] = mapped_column(
        info=ui(_("Events"), _("What the receiver is told of."), tags=True, offers="webhooks.choices")
    )
    secret: Mapped[str | None] = mapped_column(Text, info=ui(_("Secret"), secret=True))
    previous_secret: Mapped[str | None] = mapped_column(Text, info=ui(_("Former secret"), secret=True))
    previous_until: Mapped[moment | None] = mapped_column(info=ui(_("Former secret signs until")))
    is_signed: Mapped[bool] = mapped_column(
        Boolean, Computed("secret IS NOT NULL", persisted=True), info=ui(_("Signed"))
    )
    is_active: Mapped[bool] = mapped_column(
        Boolean, default=True, server_default="true", info=ui(_("Active"))
    )
    description: Mapped[long_text | None] = mapped_column(info=ui(_("Description")))
    criteria: Mapped[Any | None] = mapped_column(
        JSONB,
        info=ui(
            _("Only if"),
            _("With conditions, only events of tickets that meet them are told."),
            criteria=Criteria(of="tickets", changes=True),
        ),
    )
    include_notes: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default="false", info=ui(_("Include internal notes"))
    )
    failing_since: Mapped[moment | None] = mapped_column(info=ui(_("Failing since")))
    disabled_reason: Mapped[str | None] = mapped_column(String(200), info=ui(_("Disabled because")))

    deliveries: Mapped[list[Delivery]] = relationship(viewonly=True)

    resource = Resource(
        title=_("Webhook"), plural=_("Webhooks"), new=_("New webhook"), desk=Desk.MANAGE, menu=Menu.DEVELOPERS, icon="webhook", label="url",
        columns=("url", "event_types", "is_active", "is_signed", "failing_since", "disabled_reason"),
        show=(
            "url", "description", "event_types", "criteria", "include_notes", "is_active", "is_signed", "previous_until",
            "failing_since", "disabled_reason", "created_at", "updated_at",
        ),
        inline=("deliveries",),
        form=("url", "description", "event_types", "criteria", "include_notes", "is_active"),
        search=("url", "description"), filters=("is_active", "is_signed", "failing_since"), order="id",
        matters=(Matter(label=_("Webhooks that fail"), asks="failing_since[not_empty]=1", icon="webhook"),),
        allow={Role.ADMIN: Grant(Can.ALL)},
        audit=("url", "event_types", "criteria", "include_notes", "is_active"), service="webhooks",
        actions=("test", "replay", "replay_failed", "new_secret"), single=("test", "replay", "new_secret"),
        api=Api(
            show=(
                "id", "url", "description", "event_types", "criteria", "include_notes", "is_active", "is_signed",
                "previous_until", "failing_since", "disabled_reason", "created_at", "updated_at",
            ),
            write=("url", "description", "event_types", "criteria", "include_notes", "is_active"),
        ),
    )  # fmt: skip


class Event(Effect, Entry, Created):
    """Something that happened, written in the transaction of the change, with its payload."""

    __tablename__ = "outbox_events"
    __effect__ = "event"

    event_type: Mapped[str] = mapped_column(String(60), info=ui(_("Event")))
    object_table: Mapped[str] = mapped_column(String(63), info=ui(_("Table")))
    object_id: Mapped[int] = mapped_column(BigInteger, info=ui(_("Row")))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB, info=ui(_("Payload")))
    published_at: Mapped[moment | None] = mapped_column(info=ui(_("Published")))
    transaction_id: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("pg_current_xact_id()::text::bigint"), info=ui(_("Transaction"))
    )
    """Of the database, in whose order changes are told; None where the event is older than this column."""

    @classmethod
    def __indexes__(cls) -> tuple[Any, ...]:
        return (
            *asked("outbox_events", "object_id", words=("event_type", "object_table")),
            *ordered("outbox_events", "created_at"),
            Index(
                "ix_outbox_events_feed",
                "transaction_id",
                "id",
                postgresql_where=text("transaction_id IS NOT NULL"),
            ),
            stuck("outbox_events"),
        )

    resource = Resource(
        title=_("Event"), plural=_("Events"), desk=Desk.WATCH, menu=Menu.DEVELOPERS, icon="radio", label="event_type",
        columns=("id", "created_at", "event_type", "object_table", "object_id", "state", "published_at"),
        show=(
            "created_at", "event_type", "object_table", "object_id", "state", "published_at", "lease_count", "error",
            "payload",
        ),
        filters=("event_type", "object_table", "object_id", "state", "created_at"), grows=True, order="-created_at",
        matters=(Matter(label=_("Events that were parked"), asks="state=failed,parked", icon="radio"),),
        allow={Role.ADMIN: Grant(Can.READ | Can.EDIT)}, service="events", actions=("retry",),
    )  # fmt: skip


class Delivery(Effect, Entry, Created):
    """One try to deliver one event to one webhook, with what was answered."""

    __tablename__ = "webhook_deliveries"
    __effect__ = "delivery"

    webhook_id: Mapped[int] = link("webhooks.id", nullable=False, index=False, info=ui(_("Webhook")))
    event_id: Mapped[int] = link("outbox_events.id", nullable=False, index=False, info=ui(_("Event")))
    attempt: Mapped[int] = mapped_column(Integer, default=1, info=ui(_("Try")))
    request_headers: Mapped[Any | None] = mapped_column(JSONB, info=ui(_("Request headers")))
    response_code: Mapped[int | None] = mapped_column(Integer, info=ui(_("Answer code")))
    response_excerpt: Mapped[long_text | None] = mapped_column(info=ui(_("Answer")))
    duration_ms: Mapped[int | None] = mapped_column(Integer, info=ui(_("Milliseconds")))
    is_signed: Mapped[bool] = mapped_column(
        Boolean, default=True, server_default="true", info=ui(_("Signed"))
    )
    is_test: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false", info=ui(_("Test")))

    webhook: Mapped[Webhook] = relationship(viewonly=True)
    event: Mapped[Event] = relationship(viewonly=True)

    @classmethod
    def __indexes__(cls) -> tuple[Any, ...]:
        return (
            UniqueConstraint("event_id", "webhook_id", "attempt"),
            *asked("webhook_deliveries", "response_code"),
            *ordered("webhook_deliveries", "created_at"),
            stuck("webhook_deliveries"),
            Index("ix_webhook_deliveries_recent", "webhook_id", "created_at"),
            Index("ix_webhook_deliveries_tests", "created_at", "id", postgresql_where=text("is_test")),
            Index(
                "ix_webhook_deliveries_queue",
                "webhook_id",
                "due_at",
                postgresql_where=text("state = 'waiting'"),
            ),
        )

    resource = Resource(
        title=_("Delivery"), plural=_("Deliveries"), desk=Desk.WATCH, menu=Menu.DEVELOPERS, icon="send", label="id",
        columns=("created_at", "webhook.url", "event.event_type", "attempt", "state", "response_code", "duration_ms"),
        show=(
            "created_at", "webhook.url", "event.event_type", "attempt", "state", "due_at", "done_at", "response_code",
            "duration_ms", "is_signed", "is_test", "error", "response_excerpt",
        ),
        filters=("webhook_id", "event_id", "state", "is_test", "response_code", "created_at"), grows=True, order="-created_at",
        matters=(
            Matter(
                label=_("Deliveries that failed in the last day"), asks="state=failed&created_at[within_last]=1d", icon="send", presses=False,
            ),
        ),
        allow={Role.ADMIN: Grant(Can.READ | Can.EDIT)}, service="deliveries", actions=("replay",),
        api=Api(
            show=(
                "id", "webhook_id", "event_id", "attempt", "state", "due_at", "done_at", "response_code", "duration_ms",
                "is_signed", "is_test", "error", "request_headers", "response_excerpt", "created_at",
            )
        ),
    )  # fmt: skip
