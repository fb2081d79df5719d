"""Saved views: a list narrowed down, under a name, for oneself or for everybody."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.declare import Api, Can, Desk, Grant, Menu, Resource, Role, Rows, Scope, ui
from app.core.i18n import _
from app.models.base import Record, Stamped, employee_link, folded, long_text, ordered, short_text
from app.models.people import Employee


class SavedView(Record, Stamped):
    """What the address of a list says (filters, words, order, columns), kept under a name."""

    __tablename__ = "saved_views"
    __table_args__: Any = (
        UniqueConstraint("owner_id", "object_table", "name"),
        Index("ix_saved_views_list", "object_table", "name"),
        *folded("saved_views", "name"),
        *ordered("saved_views", "name"),
    )

    name: Mapped[short_text] = mapped_column(info=ui(_("Name")))
    owner_id: Mapped[int | None] = employee_link(delete="CASCADE", info=ui(_("Owner")))
    shared: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default="false", info=ui(_("Shared"), _("Everybody who sees the list sees the view."))
    )  # fmt: skip
    object_table: Mapped[str] = mapped_column(String(63), info=ui(_("List"), options="tables"))
    query: Mapped[long_text] = mapped_column(
        default="",
        server_default="",
        info=ui(_("What it shows"), _("As it stands in the address of the list, behind the question mark.")),
    )

    owner: Mapped[Employee | None] = relationship(viewonly=True)

    resource = Resource(
        title=_("Saved view"), plural=_("Saved views"), new=_("New saved view"), desk=Desk.MANAGE, menu=Menu.SETUP, icon="list-filter",
        page="/views/{id}",
        columns=("name", "object_table", "shared", "owner.name", "updated_at"),
        show=("name", "object_table", "shared", "owner.name", "query", "created_at", "updated_at"),
        form=("name", "shared", "query"), create=("name", "object_table", "shared", "query"),
        search=("name",), filters=("object_table", "shared", "owner_id"), order="name",
        rows=Rows(owner="owner_id", shared="shared"),
        allow={
            Role.ADMIN: Grant(Can.ALL),
            Role.SUPERVISOR: Grant(Can.ALL),
            Role.AGENT: Grant(Can.ALL, rows=Scope.OWN),
        },
        audit=("object_table", "shared", "owner_id"), service="saved_views",
        api=Api(
            show=("id", "name", "object_table", "query", "shared", "owner_id", "created_at", "updated_at"),
            write=("name", "object_table", "query", "shared"),
        ),
    )  # fmt: skip
