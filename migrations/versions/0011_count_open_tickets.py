"""Count open tickets from their indexes alone: the indexes hold the state, so no ticket is read to be counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ACTIVE = "status IN ('new', 'open', 'pending')"
INDEXES = {
    "ix_tickets_open": (["created_at DESC", "id DESC"], ACTIVE),
    "ix_tickets_active": (
        ["team_id", "assignee_id", "last_activity_at DESC", "id DESC"],
        f"{ACTIVE} AND archived_at IS NULL",
    ),
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name in INDEXES:
            _exchange(name, ["status"])


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name in INDEXES:
            _exchange(name, [])


def _exchange(name: str, beside: list[str]) -> None:
    """Build an index under another name, so that the desk is never without one."""
    columns, where = INDEXES[name]
    op.drop_index(f"{name}_anew", "tickets", if_exists=True, postgresql_concurrently=True)
    op.create_index(
        f"{name}_anew", "tickets", [sa.literal_column(column) for column in columns],
        postgresql_include=beside, postgresql_where=sa.text(where), postgresql_concurrently=True,
    )  # fmt: skip
    op.drop_index(name, "tickets", if_exists=True, postgresql_concurrently=True)
    op.execute(f"ALTER INDEX {name}_anew RENAME TO {name}")
