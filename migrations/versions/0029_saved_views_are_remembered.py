"""Saved views are read along with definitions: every process hears of a change."""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TRIGGER revise AFTER INSERT OR UPDATE OR DELETE ON saved_views
            FOR EACH STATEMENT EXECUTE FUNCTION frontdesk_revise_settings()
    """)


def downgrade() -> None:
    op.execute("DROP TRIGGER revise ON saved_views")
