"""A decision says what it changed of its ticket; the changes of a macro are an object, each said once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A constant default is kept in the catalogue: no decision is written. No macro had changes yet."""
    op.add_column("routing_decisions", sa.Column("changes", JSONB(), server_default="{}", nullable=False))
    op.alter_column("macros_templates", "actions", server_default="{}")
    op.execute("UPDATE macros_templates SET actions = '{}' WHERE actions = '[]'")


def downgrade() -> None:
    op.execute("UPDATE macros_templates SET actions = '[]'")
    op.alter_column("macros_templates", "actions", server_default="[]")
    op.drop_column("routing_decisions", "changes")
