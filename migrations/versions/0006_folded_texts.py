"""Folded texts: what lists, rules and pickers compare by text is found by an index, part of a text too."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_tickets_title_folded": ("tickets", "title"),
    "ix_tickets_email_folded": ("tickets", "email"),
    "ix_customers_name_folded": ("customers", "name"),
    "ix_customers_email_folded": ("customers", "email"),
    "ix_employees_name_folded": ("employees", "name"),
    "ix_skillsets_skill_name_folded": ("skillsets", "skill_name"),
    "ix_kb_articles_title_folded": ("kb_articles", "title"),
    "ix_kb_articles_content_folded": ("kb_articles", "content"),
}


def upgrade() -> None:
    """Built beside the work; what a build that was broken off left behind is built anew."""
    with op.get_context().autocommit_block():
        for name, (table, column) in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(
                f"CREATE INDEX CONCURRENTLY {name} ON {table} USING gin (frontdesk_fold({column}) gin_trgm_ops)"
            )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name in INDEXES:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
