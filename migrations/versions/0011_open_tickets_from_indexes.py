"""Open tickets from indexes of their own: counted without reading one, and in the order of the inbox.

The indexes hold the state, so no ticket is read to be counted. The queue of all open tickets has one in its
order, or its later pages would walk through all that was answered since.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ACTIVE = "status IN ('new', 'open', 'pending')"
WAITING = "ix_tickets_waiting"
ACTIVITY = ["last_activity_at DESC", "id DESC"]
INDEXES = {
    "ix_tickets_open": (["created_at DESC", "id DESC"], ACTIVE),
    "ix_tickets_active": (
        ["team_id", "assignee_id", *ACTIVITY],
        f"{ACTIVE} AND archived_at IS NULL",
    ),
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name in INDEXES:
            _exchange(name, ["status"])
        _drop(WAITING)
        _create(WAITING, ACTIVITY, ["status"], f"{ACTIVE} AND archived_at IS NULL")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        _drop(WAITING)
        for name in INDEXES:
            _exchange(name, [])


def _exchange(name: str, beside: list[str]) -> None:
    """Build an index under another name, so that the desk is never without one."""
    columns, where = INDEXES[name]
    _drop(f"{name}_anew")
    _create(f"{name}_anew", columns, beside, where)
    _drop(name)
    op.execute(f"ALTER INDEX {name}_anew RENAME TO {name}")


def _create(name: str, columns: list[str], beside: list[str], where: str) -> None:
    op.create_index(
        name, "tickets", [sa.literal_column(column) for column in columns],
        postgresql_include=beside, postgresql_where=sa.text(where), postgresql_concurrently=True,
    )  # fmt: skip


def _drop(name: str) -> None:
    op.drop_index(name, "tickets", if_exists=True, postgresql_concurrently=True)
