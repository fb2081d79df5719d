"""Blocks that seal the audit log, append-only as the log itself, and counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TRIGGERS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_blocks
    FOR EACH STATEMENT EXECUTE FUNCTION frontdesk_append_only();
CREATE TRIGGER revise AFTER INSERT ON audit_blocks
    FOR EACH STATEMENT EXECUTE FUNCTION frontdesk_revise();
"""


def upgrade() -> None:
    op.create_table(
        "audit_blocks",
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("merkle_root", sa.String(length=64), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.Column("previous_mac", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=8), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_blocks")),
    )
    op.execute("ALTER TABLE audit_blocks ALTER COLUMN marks SET STORAGE EXTERNAL")  # digests do not compress
    op.execute(TRIGGERS)


def downgrade() -> None:
    op.drop_table("audit_blocks")
    op.execute("DELETE FROM revisions WHERE name = 'audit_blocks'")
