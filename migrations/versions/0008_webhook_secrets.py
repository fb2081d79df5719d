"""Webhooks: a former secret that signs for a day, and what a try sent; a try may be a test."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

RECENT = "ix_webhook_deliveries_recent"


def upgrade() -> None:
    op.add_column("webhooks", sa.Column("previous_secret", sa.Text(), nullable=True))
    op.add_column("webhooks", sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True))
    # Stored, so the table is written anew: a desk has some dozens of webhooks.
    op.add_column(
        "webhooks",
        sa.Column(
            "is_signed", sa.Boolean(), sa.Computed("secret IS NOT NULL", persisted=True), nullable=False
        ),
    )
    op.add_column(
        "webhook_deliveries",
        sa.Column("request_headers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    )
    op.add_column(
        "webhook_deliveries", sa.Column("is_test", sa.Boolean(), server_default="false", nullable=False)
    )
    with op.get_context().autocommit_block():
        op.create_index(
            RECENT,
            "webhook_deliveries",
            ["webhook_id", "created_at"],
            unique=False,
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(RECENT, table_name="webhook_deliveries", if_exists=True, postgresql_concurrently=True)
    op.drop_column("webhook_deliveries", "is_test")
    op.drop_column("webhook_deliveries", "request_headers")
    op.drop_column("webhooks", "is_signed")
    op.drop_column("webhooks", "previous_until")
    op.drop_column("webhooks", "previous_secret")
