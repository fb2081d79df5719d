"""API keys have an owner, addresses, a limit and a key they replace; the log of calls is summed up by its index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LINKS = {"owner_id": ("employees", sa.Integer()), "replaces_id": ("api_keys", sa.BigInteger())}
SUMMED = ["api_key_id", "method", "endpoint_accessed", "response_code", "duration_ms"]


def upgrade() -> None:
    # What cannot be in a transaction comes first and can be done again: the rest is all or nothing.
    with op.get_context().autocommit_block():
        op.drop_index("ix_api_logs_usage", "api_logs", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "ix_api_logs_usage", "api_logs", ["created_at"],
            postgresql_include=SUMMED, postgresql_concurrently=True,
        )  # fmt: skip
        op.drop_index("ix_api_logs_created_at", "api_logs", if_exists=True, postgresql_concurrently=True)
    allowed = sa.Column("allowed_ips", postgresql.JSONB(), server_default="[]", nullable=False)
    op.add_column("api_keys", allowed)
    op.add_column("api_keys", sa.Column("rate_limit", sa.Integer(), nullable=True))
    for name, (target, kind) in LINKS.items():
        op.add_column("api_keys", sa.Column(name, kind, nullable=True))
        link = op.f(f"fk_api_keys_{name}")
        op.create_foreign_key(link, "api_keys", target, [name], ["id"], ondelete="SET NULL")
        op.create_index(op.f(f"ix_api_keys_{name}"), "api_keys", [name])


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_api_logs_created_at", "api_logs", if_exists=True, postgresql_concurrently=True)
        op.create_index("ix_api_logs_created_at", "api_logs", ["created_at"], postgresql_concurrently=True)
        op.drop_index("ix_api_logs_usage", "api_logs", if_exists=True, postgresql_concurrently=True)
    for name in ("replaces_id", "owner_id", "rate_limit", "allowed_ips"):
        op.drop_column("api_keys", name)
