"""All open tickets in the order of the inbox: later pages would walk through what was answered since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NAME = "ix_tickets_waiting"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(NAME, "tickets", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            NAME, "tickets", [sa.literal_column("last_activity_at DESC"), sa.literal_column("id DESC")],
            postgresql_include=["status"],
            postgresql_where=sa.text("status IN ('new', 'open', 'pending') AND archived_at IS NULL"),
            postgresql_concurrently=True,
        )  # fmt: skip


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(NAME, "tickets", if_exists=True, postgresql_concurrently=True)
