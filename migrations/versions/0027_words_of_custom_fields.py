"""Whatever custom field a desk defines, rows are found by its value through an index."""

from __future__ import annotations

from alembic import op

from app.fields.terms_sql import TERMS_FUNCTION

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = ("tickets", "customers")


def upgrade() -> None:
    """Built beside the work; what a build that was broken off left behind is built anew."""
    op.execute(TERMS_FUNCTION)
    with op.get_context().autocommit_block():
        for table in TABLES:
            name = f"ix_{table}_custom_fields"
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(
                f"CREATE INDEX CONCURRENTLY {name} ON {table} USING gin (frontdesk_terms(custom_fields))"
            )


def downgrade() -> None:
    """Leave nothing behind that an earlier version would not know."""
    with op.get_context().autocommit_block():
        for table in TABLES:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS ix_{table}_custom_fields")
    op.execute("DROP FUNCTION frontdesk_terms(jsonb)")
