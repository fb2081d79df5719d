"""Settings of the desk: a row for each that is not as it came; every process hears of a change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TRIGGER = """
CREATE FUNCTION frontdesk_revise_settings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO revisions (name, number) VALUES ('schema_definitions', 1)
    ON CONFLICT (name) DO UPDATE SET number = revisions.number + 1;
    RETURN NULL;
END $$;

CREATE TRIGGER revise AFTER INSERT OR UPDATE OR DELETE ON settings
    FOR EACH STATEMENT EXECUTE FUNCTION frontdesk_revise_settings();
"""
"""One number stands for all that requests read along with their actor: fields, roles and settings."""


def upgrade() -> None:
    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", JSONB(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settings")),
        sa.UniqueConstraint("name", name=op.f("uq_settings_name")),
    )
    op.execute(TRIGGER)


def downgrade() -> None:
    op.drop_table("settings")
    op.execute("DROP FUNCTION frontdesk_revise_settings()")
