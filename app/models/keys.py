"""API keys and the calls made with them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, Integer, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.declare import Ask, Can, Choice, Desk, Grant, Menu, Resource, Role, ui
from app.core.i18n import _
from app.core.matter import Matter
from app.models.base import (
    Created,
    Entry,
    Record,
    Stamped,
    asked,
    employee_link,
    folded,
    json_list,
    link,
    moment,
    ordered,
    short_text,
)

MOST = 60_000
"""Calls a minute that a limit can be set to."""


class Overlap(Choice):
    """For how many hours a key works on beside the one that replaces it."""

    DAY = "24", _("24 hours")
    NONE = "0", _("Ends at once")
    HOUR = "1", _("1 hour")
    WEEK = "168", _("7 days")


class ApiKey(Record, Stamped):
    """A key of an integration, with its scopes. Shown once; only its digest is kept."""

    __tablename__ = "api_keys"
    __table_args__: Any = (
        *folded("api_keys", "description", "prefix"),
        *ordered("api_keys", "description"),
    )

    key_value: Mapped[str] = mapped_column(String(64), unique=True, info=ui(_("Key"), secret=True))
    description: Mapped[short_text] = mapped_column(info=ui(_("Description"), _("What the key is used for.")))
    permissions: Mapped[list[str]] = mapped_column(
        JSONB,
        info=ui(_("Scopes"), _("What the key may do. It never makes or changes keys."), options="scopes"),
    )
    prefix: Mapped[str] = mapped_column(String(20), info=ui(_("Begins with")))
    expires_at: Mapped[moment | None] = mapped_column(info=ui(_("Expires")))
    last_used_at: Mapped[moment | None] = mapped_column(info=ui(_("Last used")))
    revoked_at: Mapped[moment | None] = mapped_column(info=ui(_("Revoked")))
    owner_id: Mapped[int | None] = employee_link(info=ui(_("Owner"), _("Who answers for the key.")))
    allowed_ips: Mapped[json_list] = mapped_column(
        info=ui(
            _("Addresses"),
            _("From where it may be used: 192.0.2.7, 2001:db8::/32. Empty: from anywhere."),
            tags=True,
        )
    )
    rate_limit: Mapped[int | None] = mapped_column(
        Integer,
        info=ui(_("Calls a minute"), _("Empty: as many as the desk allows."), minimum=1, maximum=MOST),
    )
    replaces_id: Mapped[int | None] = link("api_keys.id", delete="SET NULL", info=ui(_("Replaces")))

    owner: Mapped[Any] = relationship("Employee", viewonly=True)

    resource = Resource(
        title=_("API key"), plural=_("API keys"), new=_("New API key"), desk=Desk.MANAGE, menu=Menu.DEVELOPERS, icon="key-round",
        label="description",
        columns=("description", "prefix", "permissions", "owner.name", "expires_at", "last_used_at", "revoked_at"),
        show=(
            "description", "prefix", "permissions", "owner.name", "allowed_ips", "rate_limit", "expires_at", "last_used_at",
            "revoked_at", "replaces_id", "created_at", "updated_at",
        ),
        form=("description", "permissions", "owner_id", "allowed_ips", "rate_limit", "expires_at"),
        search=("description", "prefix"), filters=("owner_id", "expires_at", "revoked_at", "last_used_at"), order="description",
        matters=(
            Matter(label=_("Keys that end within two weeks"), asks="revoked_at[empty]=1&expires_at[within_next]=14d", icon="key-round"),
        ),
        allow={Role.ADMIN: Grant(Can.ALL)},
        audit=("permissions", "owner_id", "allowed_ips", "rate_limit", "expires_at", "revoked_at", "replaces_id"),
        service="api_keys", actions=("rotate", "revoke"),
        asks={
            "rotate": Ask(
                label=_("The old key works on for"), choices=Overlap,
                help=_("A new key with the same rights is shown once. Give it to the program before the old one ends."),
            ),
        },
    )  # fmt: skip


class ApiCall(Entry, Created):
    """One call of the API, written off the path of the request; the payload is redacted."""

    __tablename__ = "api_logs"
    __table_args__: Any = (
        # Usage is summed up from the index alone, bounded by time (services.usage).
        Index(
            "ix_api_logs_usage", "created_at",
            postgresql_include=["api_key_id", "method", "endpoint_accessed", "response_code", "duration_ms"],
        ),
        *asked("api_logs", "api_key_id", "response_code", words=("method", "endpoint_accessed")),
    )  # fmt: skip

    api_key_id: Mapped[int | None] = link("api_keys.id", delete="SET NULL", index=False, info=ui(_("Key")))
    endpoint_accessed: Mapped[str] = mapped_column(String(200), info=ui(_("Endpoint")))
    request_payload: Mapped[Any | None] = mapped_column(JSONB, info=ui(_("Payload")))
    response_code: Mapped[int] = mapped_column(Integer, info=ui(_("Answer code")))
    method: Mapped[str] = mapped_column(String(10), info=ui(_("Method")))
    duration_ms: Mapped[int] = mapped_column(Integer, info=ui(_("Milliseconds")))
    request_id: Mapped[str | None] = mapped_column(String(64), info=ui(_("Request")))
    ip: Mapped[str | None] = mapped_column(String(45), info=ui(_("Address")))

    api_key: Mapped[Any] = relationship(lambda: ApiKey, viewonly=True)  # the login library has an ApiKey too

    resource = Resource(
        title=_("API call"), plural=_("API calls"), desk=Desk.WATCH, menu=Menu.DEVELOPERS, icon="activity", label="id",
        columns=("created_at", "method", "endpoint_accessed", "response_code", "duration_ms", "api_key.description"),
        show=(
            "created_at", "method", "endpoint_accessed", "response_code", "duration_ms", "api_key.description", "ip",
            "request_id", "request_payload",
        ),
        filters=("api_key_id", "method", "response_code", "endpoint_accessed", "created_at"), grows=True, order="-created_at",
        matters=(
            Matter(label=_("Calls of the last day that broke on our side"), asks="response_code[gte]=500&created_at[within_last]=1d", icon="circle-alert"),
            Matter(
                label=_("Calls of the last day that were refused"), asks="response_code[gte]=400&response_code[lte]=499&created_at[within_last]=1d",
                icon="activity", presses=False,
            ),
        ),
        allow={Role.ADMIN: Grant(Can.READ)},
    )  # fmt: skip
