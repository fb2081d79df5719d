"""Lists of large tables are narrowed down by an index in their own order: by the newest, no longer by number."""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0023"
branch_labels = None
depends_on = None

STUCK = "(created_at, id, state) WHERE state IN ('failed', 'parked')"
ASKED = {
    "api_logs": ("api_key_id", "response_code"),
    "audit_logs": ("object_id",),
    "feedback": ("rating", "employee_id"),
    "jobs": ("kind", "state", "employee_id"),
    "outbox_events": ("object_id",),
    "ticket_assignments": ("employee_id",),
    "tickets": ("status", "priority", "team_id", "assignee_id"),
    "webhook_deliveries": ("response_code",),
}
WORDS = {
    "api_logs": ("method", "endpoint_accessed"),
    "audit_blocks": ("key_id",),
    "audit_logs": ("action_type", "performed_by", "object_table"),
    "jobs": ("object_table",),
    "mails": ("kind",),
    "outbox_events": ("event_type", "object_table"),
    "performance_metrics": ("metric_name", "source"),
    "ticket_history": ("changed_by", "source"),
    "tickets": ("category",),
}
ORDERED = {
    "audit_blocks": ("sealed_at",),
    "audit_logs": ("created_at",),
    "customers": ("updated_at",),
    "feedback": ("created_at",),
    "jobs": ("created_at",),
    "mails": ("created_at",),
    "outbox_events": ("created_at",),
    "performance_metrics": ("timestamp",),
    "routing_decisions": ("created_at",),
    "storage_archives": ("archived_at",),
    "ticket_assignments": ("assigned_at",),
    "ticket_history": ("created_at",),
    "ticket_messages": ("created_at",),
    "tickets": ("updated_at",),
    "webhook_deliveries": ("created_at",),
}
BY = {"audit_blocks": "sealed_at", "performance_metrics": "timestamp", "ticket_assignments": "assigned_at"}
"""What a list is ordered by that has no `created_at`."""

INDEXES = {
    f"ix_{table}_{column}_asked": f"{table} ({column}, {BY.get(table, 'created_at')}, id)"
    for table, columns in ASKED.items()
    for column in columns
} | {
    f"ix_{table}_{column}_asked": f"{table} (frontdesk_fold({column}), {BY.get(table, 'created_at')}, id)"
    for table, columns in WORDS.items()
    for column in columns
} | {
    f"ix_{table}_{column}_order": f"{table} ({column}, id)"
    for table, columns in ORDERED.items()
    for column in columns
} | {
    "ix_mails_stuck": f"mails {STUCK}",
    "ix_outbox_events_stuck": f"outbox_events {STUCK}",
    "ix_routing_decisions_updates": "routing_decisions (created_at, id) WHERE event = 'updated'",
    "ix_storage_archives_restored": "storage_archives (restored_at) WHERE restored_at IS NOT NULL",
    "ix_ticket_messages_notes": "ticket_messages (created_at, id) WHERE is_internal",
    "ix_ticket_messages_system": "ticket_messages (created_at, id) WHERE sender_type = 'system'",
    "ix_webhook_deliveries_stuck": f"webhook_deliveries {STUCK}",
    "ix_webhook_deliveries_tests": "webhook_deliveries (created_at, id) WHERE is_test",
}  # fmt: skip
FORMER = {
    f"ix_{table}_{column}_asked": f"{table} (frontdesk_fold({column}), id DESC)"
    for table, columns in WORDS.items()
    if table not in {"audit_blocks", "tickets"}
    for column in columns
} | {
    "ix_api_logs_api_key_id": "api_logs (api_key_id)",
    "ix_audit_logs_created_at": "audit_logs (created_at)",
    "ix_audit_logs_object": "audit_logs (object_table, object_id)",
    "ix_feedback_created_at": "feedback (created_at)",
    "ix_feedback_employee_id": "feedback (employee_id)",
    "ix_feedback_ticket_id": "feedback (ticket_id)",
    "ix_jobs_created_at": "jobs (created_at)",
    "ix_jobs_employee_id": "jobs (employee_id)",
    "ix_jobs_stuck": "jobs (id) WHERE state IN ('failed', 'parked')",
    "ix_mails_stuck": "mails (id) WHERE state IN ('failed', 'parked')",
    "ix_outbox_events_event_type": "outbox_events (event_type)",
    "ix_outbox_events_object": "outbox_events (object_table, object_id)",
    "ix_outbox_events_stuck": "outbox_events (id) WHERE state IN ('failed', 'parked')",
    "ix_ticket_assignments_idle": "ticket_assignments (employee_id, assigned_at)",
    "ix_ticket_messages_ticket_id": "ticket_messages (ticket_id)",
    "ix_tickets_assignee_id": "tickets (assignee_id)",
    "ix_tickets_team_id": "tickets (team_id)",
    "ix_webhook_deliveries_event_id": "webhook_deliveries (event_id)",
    "ix_webhook_deliveries_webhook_id": "webhook_deliveries (webhook_id)",
}  # fmt: skip
"""In the order of numbers, or led by what another index of the table begins with."""


def upgrade() -> None:
    """Built beside the work; what a build that was broken off left behind is built anew."""
    _exchange(FORMER, INDEXES)


def downgrade() -> None:
    _exchange(INDEXES, FORMER)


def _exchange(former: dict[str, str], indexes: dict[str, str]) -> None:
    """Build each index, under another name where its own is taken, so that the desk is never without one."""
    with op.get_context().autocommit_block():
        for name, definition in indexes.items():
            anew = f"{name}_anew" if name in former else name
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {anew}")
            op.execute(f"CREATE INDEX CONCURRENTLY {anew} ON {definition}")
        for name in former:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        for name in indexes.keys() & former.keys():
            op.execute(f"ALTER INDEX {name}_anew RENAME TO {name}")
