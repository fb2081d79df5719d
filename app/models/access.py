"""Who may do what: one row a role, table and verb."""

from __future__ import annotations

from typing import Any

from flask_appbuilder.security.sqla.models import Role as LoginRole
from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.declare import Can, Choice, Desk, Grant, Menu, Resource, Role, ui
from app.core.i18n import _
from app.models.base import Record, choice, json_list


class Verb(Choice):
    """What may be done."""

    READ = "read", _("Read")
    ADD = "add", _("Add")
    EDIT = "edit", _("Edit")
    DELETE = "delete", _("Delete")


class RowScope(Choice):
    """On which rows."""

    OWN = "own", _("Own")
    TEAM = "team", _("Own teams")
    ALL = "all", _("All")


class Origin(Choice):
    """Where a grant comes from. A changed one is never overwritten by the declaration."""

    DECLARED = "declared", _("Declared")
    CHANGED = "changed", _("Changed")


class AccessGrant(Record):
    """One role may do one thing with one table."""

    __tablename__ = "grants"
    __table_args__: Any = (UniqueConstraint("role_id", "table_name", "verb"),)

    role_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("ab_role.id", ondelete="CASCADE"), index=True, info=ui(_("Role"))
    )
    table_name: Mapped[str] = mapped_column(String(63), info=ui(_("Table")))
    verb: Mapped[Verb] = mapped_column(choice(Verb), info=ui(_("Verb")))
    rows: Mapped[RowScope] = mapped_column(choice(RowScope), default=RowScope.ALL, info=ui(_("Rows")))
    hidden_fields: Mapped[json_list] = mapped_column(info=ui(_("Hidden fields"), tags=True))
    origin: Mapped[Origin] = mapped_column(choice(Origin), default=Origin.DECLARED, info=ui(_("Origin")))

    role: Mapped[LoginRole] = relationship(viewonly=True)

    resource = Resource(
        title=_("Grant"), plural=_("Access"), desk=Desk.WATCH, menu=Menu.SETUP, icon="lock", label="id",
        columns=("role.name", "table_name", "verb", "rows", "hidden_fields", "origin"),
        filters=("table_name", "verb", "rows", "origin"), order="id", allow={Role.ADMIN: Grant(Can.READ)},
        audit=("role_id", "table_name", "verb", "rows", "hidden_fields"),
    )  # fmt: skip
