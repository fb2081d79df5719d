"""Saved views; every list finds its words and follows its declared order by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SEARCHED = {
    "api_keys": ("description", "prefix"),
    "employees": ("email",),
    "feedback": ("comments",),
    "macros_templates": ("title", "content"),
    "mails": ("recipient", "subject"),
    "roles": ("title", "name"),
    "routing_rules": ("rule_name",),
    "saved_views": ("name",),
    "schema_definitions": ("field_name", "label"),
    "teams": ("name", "description"),
    "webhooks": ("url", "description"),
}
ORDERED = {
    "api_keys": "description",
    "customers": "name",
    "employees": "name",
    "kb_articles": "title",
    "macros_templates": "title",
    "routing_rules": "priority",
    "schema_definitions": "position",
    "skillsets": "skill_name",
}
INDEXES = {
    f"ix_{table}_{column}_folded": f"{table} USING gin (frontdesk_fold({column}) gin_trgm_ops)"
    for table, columns in SEARCHED.items()
    for column in columns
}
INDEXES |= {f"ix_{table}_{column}_order": f"{table} ({column}, id)" for table, column in ORDERED.items()}
INDEXES |= {
    f"ix_{table}_stuck": f"{table} (id) WHERE state IN ('failed', 'parked')"
    for table in ("jobs", "mails", "outbox_events")
}
INDEXES |= {
    "ix_customers_created_at_order": "customers (created_at, id)",
    "ix_customers_tier": "customers (tier, name, id)",
    "ix_feedback_created_at": "feedback (created_at)",
}

SERVED_BESIDES = {
    "ix_routing_rules_priority": "routing_rules (priority)",
    "ix_skillsets_skill_name": "skillsets (skill_name)",
}
"""What the index of an order now serves as well."""


def upgrade() -> None:
    """The indexes are built beside the work; what a build that was broken off left behind is built anew."""
    op.create_table(
        "saved_views",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("shared", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("object_table", sa.String(length=63), nullable=False),
        sa.Column("query", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["employees.id"], name="fk_saved_views_owner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_views"),
        sa.UniqueConstraint(
            "owner_id", "object_table", "name", name="uq_saved_views_owner_id_object_table_name"
        ),
    )
    op.create_index("ix_saved_views_owner_id", "saved_views", ["owner_id"])
    op.create_index("ix_saved_views_list", "saved_views", ["object_table", "name"])
    op.create_index("ix_saved_views_name_order", "saved_views", ["name", "id"])
    with op.get_context().autocommit_block():
        for name, definition in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {definition}")
        for name in SERVED_BESIDES:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name, definition in SERVED_BESIDES.items():
            op.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {definition}")
        for name in INDEXES:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
    op.drop_table("saved_views")
