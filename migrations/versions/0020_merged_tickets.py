"""A ticket that was merged into another names it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

COLUMN = "merged_into_id"
LINK = "fk_tickets_merged_into_id"
INDEX = "ix_tickets_merged"


def upgrade() -> None:
    op.add_column("tickets", sa.Column(COLUMN, sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        LINK, "tickets", "tickets", [COLUMN], ["id"], ondelete="SET NULL", postgresql_not_valid=True
    )
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE tickets VALIDATE CONSTRAINT {LINK}")
        op.create_index(
            INDEX, "tickets", [COLUMN],
            postgresql_where=sa.text(f"{COLUMN} IS NOT NULL"), postgresql_concurrently=True,
        )  # fmt: skip


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(INDEX, "tickets", if_exists=True, postgresql_concurrently=True)
    op.drop_column("tickets", COLUMN)
