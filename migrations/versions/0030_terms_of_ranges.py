"""Custom fields are found between two numbers, days or moments through the index of their words.

And functions written in SQL are planned once for each connection, no longer for each row.
"""

from __future__ import annotations

from alembic import op

from app.criteria import fold_functions
from app.fields.stored_sql import WORDS_FUNCTION
from app.fields.terms_sql import TERMS_FUNCTION

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLES = ("tickets", "customers")


def upgrade() -> None:
    """Built anew beside the work, since an index holds what the function said when a row was written.

    What a build that was broken off left behind goes first.
    """
    for function in (*fold_functions(), WORDS_FUNCTION, TERMS_FUNCTION):
        op.execute(function)
    with op.get_context().autocommit_block():
        for table in TABLES:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS ix_{table}_custom_fields_ccnew")
            op.execute(f"REINDEX INDEX CONCURRENTLY ix_{table}_custom_fields")


def downgrade() -> None:
    """Leave it: an earlier version asks for some of the words, and is not troubled by the others."""
