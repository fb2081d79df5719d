"""A kind of job: events that are sent to a webhook again."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NAME = "ck_jobs_jobkind"
KINDS = ("bulk", "export", "import")


def upgrade() -> None:
    _allow((*KINDS, "replay"))


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE kind = 'replay'")
    _allow(KINDS)


def _allow(kinds: tuple[str, ...]) -> None:
    """Exchange the constraint without reading the table under a lock that keeps writers out."""
    words = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(f"ALTER TABLE jobs DROP CONSTRAINT {NAME}")
    op.execute(f"ALTER TABLE jobs ADD CONSTRAINT {NAME} CHECK (kind IN ({words})) NOT VALID")
    op.execute(f"ALTER TABLE jobs VALIDATE CONSTRAINT {NAME}")
