"""Who may do what: the roles, and one row a role, table and verb."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.declare import Can, Choice, Desk, Grant, Menu, Resource, Role, ui
from app.core.i18n import _
from app.models.base import Record, Stamped, choice, folded, json_list, link, long_text, short_text


class Verb(Choice):
    """What may be done."""

    READ = "read", _("Read")
    ADD = "add", _("Add")
    EDIT = "edit", _("Edit")
    DELETE = "delete", _("Delete")


class RowScope(Choice):
    """On which rows. None keeps in mind that a declared grant was taken away."""

    NONE = "none", _("None: taken away")
    OWN = "own", _("Own")
    TEAM = "team", _("Own teams")
    ALL = "all", _("All")


class Origin(Choice):
    """Where a grant comes from. A changed one is never overwritten by the declaration."""

    DECLARED = "declared", _("Declared")
    CHANGED = "changed", _("Changed")


class DeskRole(Record, Stamped):
    """A role employees can have: one of the three that are built in, or one made here."""

    __tablename__ = "roles"
    __table_args__: Any = folded("roles", "title", "name")

    id: Mapped[int] = mapped_column(
        Integer, ForeignKey("ab_role.id", ondelete="CASCADE"), primary_key=True, info=ui(_("Number"))
    )
    name: Mapped[str] = mapped_column(
        String(64),
        unique=True,
        info=ui(_("Name"), _("Lower-case letters, digits and underscores. It stays the same for ever.")),
    )
    title: Mapped[short_text] = mapped_column(info=ui(_("Title"), _("What people read.")))
    description: Mapped[long_text | None] = mapped_column(info=ui(_("Description")))
    builtin: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default="false", info=ui(_("Built in"))
    )
    based_on_id: Mapped[int | None] = link(
        "roles.id",
        delete="SET NULL",
        kind=Integer,
        info=ui(_("Based on"), _("The new role begins with the grants of this one.")),
    )

    based_on: Mapped[DeskRole | None] = relationship(remote_side="DeskRole.id", viewonly=True)
    grants: Mapped[list[AccessGrant]] = relationship(back_populates="role", viewonly=True)

    resource = Resource(
        title=_("Role"), plural=_("Roles"), new=_("New role"), desk=Desk.MANAGE, menu=Menu.SETUP, icon="shield", label="title",
        columns=("title", "name", "description", "builtin"),
        show=("title", "name", "description", "builtin", "based_on.title", "created_at", "updated_at"),
        form=("title", "description"), create=("title", "name", "description", "based_on_id"),
        inline=("grants",), search=("title", "name"), filters=("builtin",), order="id",
        allow={Role.ADMIN: Grant(Can.ALL)},
        audit=("name", "title", "builtin", "based_on_id"), noun="ROLE", service="roles",
    )  # fmt: skip


class AccessGrant(Record):
    """One role may do one thing with one table."""

    __tablename__ = "grants"
    __table_args__: Any = (UniqueConstraint("role_id", "table_name", "verb"),)

    role_id: Mapped[int] = link("roles.id", kind=Integer, info=ui(_("Role")))
    table_name: Mapped[str] = mapped_column(String(63), info=ui(_("Table"), options="tables"))
    verb: Mapped[Verb] = mapped_column(choice(Verb), info=ui(_("Verb")))
    rows: Mapped[RowScope] = mapped_column(
        choice(RowScope),
        default=RowScope.ALL,
        info=ui(_("Rows"), _("Own: theirs. Own teams: theirs and those of their teams. All: everybody's.")),
    )
    hidden_fields: Mapped[json_list] = mapped_column(
        info=ui(
            _("Hidden fields"),
            _("Names of fields this role never sees, with any verb on this table."),
            tags=True,
        )
    )
    origin: Mapped[Origin] = mapped_column(choice(Origin), default=Origin.DECLARED, info=ui(_("Origin")))

    role: Mapped[DeskRole] = relationship(back_populates="grants", viewonly=True)

    resource = Resource(
        title=_("Grant"), plural=_("Grants"), new=_("New grant"), desk=Desk.MANAGE, menu=Menu.SETUP, icon="lock", label="table_name",
        columns=("role.title", "table_name", "verb", "rows", "hidden_fields", "origin"),
        form=("rows", "hidden_fields"), create=("role_id", "table_name", "verb", "rows", "hidden_fields"),
        filters=("role_id", "table_name", "verb", "rows", "origin"), order="id",
        allow={Role.ADMIN: Grant(Can.ALL)},
        audit=("role_id", "table_name", "verb", "rows", "hidden_fields", "origin"),
        service="grants", actions=("put_back",),
    )  # fmt: skip
