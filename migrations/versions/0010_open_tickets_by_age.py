"""The open tickets in the order in which a list shows them: they stay few while the table grows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NAME = "ix_tickets_open"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(NAME, "tickets", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            NAME, "tickets", [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
            postgresql_where=sa.text("status IN ('new', 'open', 'pending')"), postgresql_concurrently=True,
        )  # fmt: skip


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(NAME, "tickets", if_exists=True, postgresql_concurrently=True)
