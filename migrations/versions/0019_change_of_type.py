"""A kind of job: the values of a field are rewritten for another type; and how such values read meanwhile."""

from __future__ import annotations

from alembic import op

from app.fields.stored_sql import WORDS_FUNCTION

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NAME = "ck_jobs_jobkind"
KINDS = ("bulk", "export", "import", "replay")


def upgrade() -> None:
    op.execute(WORDS_FUNCTION)
    _allow((*KINDS, "retype"))


def downgrade() -> None:
    op.execute("DELETE FROM job_failures WHERE job_id IN (SELECT id FROM jobs WHERE kind = 'retype')")
    op.execute("DELETE FROM jobs WHERE kind = 'retype'")
    _allow(KINDS)
    op.execute("DROP FUNCTION frontdesk_words(jsonb)")


def _allow(kinds: tuple[str, ...]) -> None:
    """Exchange the constraint without reading the table under a lock that keeps writers out."""
    words = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(f"ALTER TABLE jobs DROP CONSTRAINT {NAME}")
    op.execute(f"ALTER TABLE jobs ADD CONSTRAINT {NAME} CHECK (kind IN ({words})) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE jobs VALIDATE CONSTRAINT {NAME}")
