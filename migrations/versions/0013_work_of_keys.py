"""Long work and files can be an API key's; an event knows the transaction that wrote it, for the feed of changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OWNED = ("jobs", "files")
FEED = "ix_outbox_events_feed"
NOW = "pg_current_xact_id()::text::bigint"


def upgrade() -> None:
    for table in OWNED:
        op.add_column(table, sa.Column("api_key_id", sa.BigInteger(), nullable=True))
        link = op.f(f"fk_{table}_api_key_id")
        op.create_foreign_key(
            link, table, "api_keys", ["api_key_id"], ["id"], ondelete="CASCADE", postgresql_not_valid=True
        )
        op.create_index(op.f(f"ix_{table}_api_key_id"), table, ["api_key_id"])
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {link}")
    # Without a default first: with one the whole table would be written anew.
    op.add_column("outbox_events", sa.Column("transaction_id", sa.BigInteger(), nullable=True))
    op.alter_column("outbox_events", "transaction_id", server_default=sa.text(NOW))
    with op.get_context().autocommit_block():
        op.create_index(
            FEED, "outbox_events", ["transaction_id", "id"],
            postgresql_where=sa.text("transaction_id IS NOT NULL"), postgresql_concurrently=True,
        )  # fmt: skip


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(FEED, "outbox_events", if_exists=True, postgresql_concurrently=True)
    op.drop_column("outbox_events", "transaction_id")
    for table in OWNED:
        op.drop_column(table, "api_key_id")
