"""What a desk decides about itself: one row for each setting that is not as it came."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.declare import Api, Can, Grant, Resource, Role, ui
from app.core.i18n import _
from app.models.base import Record, Stamped


class Setting(Record, Stamped):
    """One changed setting. What settings there are, of which kind and with which default: `app.fields.settings`."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(60), unique=True, info=ui(_("Setting"), options="settings"))
    value: Mapped[Any] = mapped_column(
        JSONB,
        info=ui(
            _("Value"), _("Of the kind of the setting. Delete the row to return to the default."), plain=True
        ),
    )

    resource = Resource(
        title=_("Setting"), plural=_("Settings"), label="name", page="/settings/of/{id}",
        columns=("name", "value", "updated_at"), form=("name", "value"), filters=("name",), order="name",
        allow={Role.ADMIN: Grant(Can.ALL)},
        audit=("name", "value"), service="settings",
        api=Api(show=("id", "name", "value", "version", "created_at", "updated_at"), write=("name", "value")),
    )  # fmt: skip
