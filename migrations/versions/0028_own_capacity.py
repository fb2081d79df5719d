"""Employees say for themselves how much they take, and until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("employees", sa.Column("own_capacity", sa.Integer(), nullable=True))
    op.add_column("employees", sa.Column("own_capacity_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("employees", "own_capacity_until")
    op.drop_column("employees", "own_capacity")
