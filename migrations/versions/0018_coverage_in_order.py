"""Shifts, hours and holidays follow their order, and are found by their names, by an index."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_business_hours_name_folded": "business_hours USING gin (frontdesk_fold(name) gin_trgm_ops)",
    "ix_business_hours_name_order": "business_hours (name, id)",
    "ix_business_intervals_weekday_order": "business_intervals (weekday, id)",
    "ix_holidays_day_order": "holidays (day, id)",
    "ix_holidays_name_folded": "holidays USING gin (frontdesk_fold(name) gin_trgm_ops)",
    "ix_shifts_weekday_order": "shifts (weekday, id)",
}


def upgrade() -> None:
    """Built beside the work; what a build that was broken off left behind is built anew."""
    with op.get_context().autocommit_block():
        for name, definition in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {definition}")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name in INDEXES:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
