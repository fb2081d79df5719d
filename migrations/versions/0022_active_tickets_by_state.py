"""Count what waits in a queue without passing over what is pending: the state is part of the index's key."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NAME, ANEW = "ix_tickets_active", "ix_tickets_active_anew"


def upgrade() -> None:
    _exchange(["team_id", "status", "assignee_id", "last_activity_at DESC", "id DESC"], [])


def downgrade() -> None:
    _exchange(["team_id", "assignee_id", "last_activity_at DESC", "id DESC"], ["status"])


def _exchange(columns: Sequence[str], beside: list[str]) -> None:
    """Build the index under another name, so that the desk is never without one."""
    with op.get_context().autocommit_block():
        op.drop_index(ANEW, "tickets", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            ANEW, "tickets", [sa.literal_column(column) for column in columns],
            postgresql_include=beside,
            postgresql_where=sa.text("status IN ('new', 'open', 'pending') AND archived_at IS NULL"),
            postgresql_concurrently=True,
        )  # fmt: skip
        op.drop_index(NAME, "tickets", if_exists=True, postgresql_concurrently=True)
        op.execute(f"ALTER INDEX {ANEW} RENAME TO {NAME}")
