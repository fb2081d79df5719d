"""Shifts of people, business hours of teams and of the desk, holidays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

DAYS = "weekday IN ('1', '2', '3', '4', '5', '6', '7')"
HEARD = ("business_hours", "business_intervals", "holidays")
"""Tables that every process keeps in memory: the version of fields and settings stands for them too."""


def upgrade() -> None:
    op.add_column(
        "employees", sa.Column("follows_shifts", sa.Boolean(), server_default="true", nullable=False)
    )
    op.create_table(
        "shifts",
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        *_stretch(),
        _zone(),
        *_record(),
        *_stamps(),
        sa.CheckConstraint("starts <> ends", name=op.f("ck_shifts_length")),
        sa.CheckConstraint(DAYS, name=op.f("ck_shifts_weekday")),
        _key("shifts", "employee_id", "employees"),
        _key("shifts", "team_id", "teams"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    op.create_table(
        "business_hours",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        _zone(),
        *_record(),
        *_stamps(),
        _key("business_hours", "team_id", "teams"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_hours")),
        sa.UniqueConstraint(
            "team_id", name=op.f("uq_business_hours_team_id"), postgresql_nulls_not_distinct=True
        ),
    )
    op.create_table(
        "business_intervals",
        sa.Column("hours_id", sa.BigInteger(), nullable=False),
        *_stretch(),
        *_record(),
        sa.CheckConstraint("starts < ends", name=op.f("ck_business_intervals_length")),
        sa.CheckConstraint(DAYS, name=op.f("ck_business_intervals_weekday")),
        _key("business_intervals", "hours_id", "business_hours"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_intervals")),
    )
    op.create_table(
        "holidays",
        sa.Column("hours_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        *_record(),
        _key("holidays", "hours_id", "business_hours"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holidays")),
        sa.UniqueConstraint("hours_id", "day", name=op.f("uq_holidays_hours_id_day")),
    )
    for table, column in (
        ("shifts", "employee_id"), ("shifts", "team_id"), ("business_hours", "team_id"),
        ("business_intervals", "hours_id"), ("holidays", "hours_id"),
    ):  # fmt: skip
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    for table in HEARD:
        op.execute(
            f"CREATE TRIGGER revise AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION frontdesk_revise_settings()"
        )


def downgrade() -> None:
    for table in ("holidays", "business_intervals", "business_hours", "shifts"):
        op.drop_table(table)
    op.drop_column("employees", "follows_shifts")


def _stretch() -> tuple[sa.Column, ...]:
    return (
        sa.Column("weekday", sa.String(length=40), nullable=False),
        sa.Column("starts", sa.String(length=5), server_default="09:00", nullable=False),
        sa.Column("ends", sa.String(length=5), server_default="17:00", nullable=False),
    )


def _zone() -> sa.Column:
    return sa.Column("time_zone", sa.String(length=64), server_default="UTC", nullable=False)


def _record() -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    )


def _stamps() -> tuple[sa.Column, ...]:
    names = ("created_at", "updated_at")
    return tuple(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in names)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE")
