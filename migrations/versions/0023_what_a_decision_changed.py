"""A decision says what it changed of its ticket: each value before and after."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A constant default is kept in the catalogue: no row is written."""
    op.add_column("routing_decisions", sa.Column("changes", JSONB(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("routing_decisions", "changes")
