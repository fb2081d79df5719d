"""Roles with a title beside the login's names, and grants that remember what was taken away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FILL = """
INSERT INTO roles (id, name, title, builtin, created_at, updated_at)
SELECT id, name, initcap(replace(name, '_', ' ')), name IN ('admin', 'supervisor', 'agent'), now(), now()
FROM ab_role;
"""

TRIGGER = """
CREATE FUNCTION frontdesk_revise_roles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE revisions SET number = number + 1 WHERE name IN ('grants', 'schema_definitions');
    RETURN NULL;
END $$;

CREATE TRIGGER revise AFTER INSERT OR UPDATE OR DELETE ON roles
    FOR EACH STATEMENT EXECUTE FUNCTION frontdesk_revise_roles();
"""
"""Every process reads roles along with the grants, and as the options of a field: both are read anew."""


def upgrade() -> None:
    op.create_table(
        "roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("builtin", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("based_on_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["ab_role.id"], name=op.f("fk_roles_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["based_on_id"], ["roles.id"], name=op.f("fk_roles_based_on_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("name", name=op.f("uq_roles_name")),
    )
    op.create_index(op.f("ix_roles_based_on_id"), "roles", ["based_on_id"], unique=False)
    op.execute(FILL)
    op.execute(TRIGGER)
    _point_grants_at("roles")
    _allow_scopes("none", "own", "team", "all")


def downgrade() -> None:
    op.execute("DELETE FROM grants WHERE rows = 'none'")
    _allow_scopes("own", "team", "all")
    _point_grants_at("ab_role")
    op.drop_table("roles")
    op.execute("DROP FUNCTION frontdesk_revise_roles()")


def _point_grants_at(table: str) -> None:
    op.drop_constraint(op.f("fk_grants_role_id"), "grants", type_="foreignkey")
    op.create_foreign_key(
        op.f("fk_grants_role_id"),
        "grants",
        table,
        ["role_id"],
        ["id"],
        ondelete="CASCADE",
        postgresql_not_valid=True,
    )
    op.execute("ALTER TABLE grants VALIDATE CONSTRAINT fk_grants_role_id")


def _allow_scopes(*scopes: str) -> None:
    allowed = ", ".join(f"'{scope}'" for scope in scopes)
    op.drop_constraint(op.f("ck_grants_rowscope"), "grants", type_="check")
    op.execute(f"ALTER TABLE grants ADD CONSTRAINT ck_grants_rowscope CHECK (rows IN ({allowed})) NOT VALID")
    op.execute("ALTER TABLE grants VALIDATE CONSTRAINT ck_grants_rowscope")
