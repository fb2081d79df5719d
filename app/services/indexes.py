"""What makes the desk fast, and whether it is used: one row an index or materialized view."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models.system import IndexKind, IndexOptimization

INDEXES = text("""
    SELECT stat.indexrelname AS name, pg_get_indexdef(stat.indexrelid) AS definition,
           pg_relation_size(stat.indexrelid) AS size, stat.idx_scan AS scans,
           index.indisunique AS is_unique, index.indisvalid AS is_valid,
           EXISTS (SELECT FROM pg_constraint WHERE conrelid = stat.relid AND contype = 'f'
                   AND conkey[1] = index.indkey[0]) AS is_link
    FROM pg_stat_user_indexes AS stat JOIN pg_index AS index USING (indexrelid)
    WHERE stat.schemaname = 'public'
""")
VIEWS = text("""
    SELECT matviewname AS name, definition, ispopulated AS is_valid,
           pg_total_relation_size(format('%I.%I', pg_matviews.schemaname, matviewname)::regclass) AS size,
           coalesce(stat.seq_scan, 0) + coalesce(stat.idx_scan, 0) AS scans
    FROM pg_matviews LEFT JOIN pg_stat_user_tables AS stat
        ON stat.schemaname = pg_matviews.schemaname AND stat.relname = matviewname
    WHERE pg_matviews.schemaname = 'public'
""")

REASONS = {
    "ix_tickets_search": "Finds tickets by words of subject, description and address.",
    "ix_tickets_tags": "Filters tickets by tag.",
    "ix_tickets_custom_fields": "Finds tickets by the values of fields that the desk defines.",
    "ix_customers_custom_fields": "Finds customers by the values of fields that the desk defines.",
    "ix_tickets_title_folded": "Compares subjects by parts of them, in filters and conditions.",
    "ix_tickets_email_folded": "Compares addresses of tickets by parts of them.",
    "ix_customers_name_folded": "Looks customers up by part of their name.",
    "ix_customers_email_folded": "Looks customers up by part of their address.",
    "ix_employees_name_folded": "Looks employees up by part of their name.",
    "ix_skillsets_skill_name_folded": "Finds who has a skill.",
    "ix_kb_articles_title_folded": "Looks articles up by part of their title.",
    "ix_kb_articles_content_folded": "Looks articles up by part of their text.",
    "ix_tickets_created": "Pages through all tickets, newest first.",
    "ix_tickets_activity": "Pages through all tickets by last activity.",
    "ix_tickets_active": "Lists the open work of a team or agent; stays small while the table grows.",
    "ix_tickets_resolved": "Finds tickets that may be closed or archived.",
    "ix_tickets_updated_at_order": "Tells programs which tickets changed since they last asked.",
    "ix_ticket_messages_conversation": "Reads a conversation in order.",
    "ix_ticket_assignments_load": "Counts the open work of each agent when a ticket is routed.",
    "uq_ticket_assignments_open": "Lets a ticket have one open assignment at most.",
    "ix_webhook_deliveries_queue": "Finds the next delivery of a receiver.",
    "ix_webhook_deliveries_recent": "Counts what became of a receiver's latest deliveries.",
    "employee_metrics": "Answers the figures of agents without counting tickets each time.",
}
"""Why those are there that are more than a key."""

TABLE = IndexOptimization.__table__


def refresh(session: Session) -> int:
    """Write down every index and materialized view as it is now, and return how many there are."""
    rows = [_index(row) for row in session.connection().execute(INDEXES).mappings()]
    rows += [_view(row) for row in session.connection().execute(VIEWS).mappings()]
    statement = insert(TABLE)
    news = {name: statement.excluded[name] for name in ("definition", "reason", "size", "scans", "state")}
    session.connection().execute(statement.on_conflict_do_update(index_elements=["name"], set_=news), rows)
    names = [row["name"] for row in rows]
    session.connection().execute(delete(TABLE).where(TABLE.c.name.not_in(names)))
    return len(rows)


def refreshed(session: Session, view: str, moment: Any) -> None:
    """Say that a materialized view was counted anew at `moment`."""
    session.connection().execute(TABLE.update().where(TABLE.c.name == view).values(last_refresh=moment))


def _index(row: Any) -> dict[str, Any]:
    if row["is_unique"]:
        usual = "Keeps values unique and finds a row by them."
    elif row["is_link"]:
        usual = "Follows a reference from the other side."
    else:
        usual = "Finds or orders rows by these columns."
    return _row(row, IndexKind.INDEX, REASONS.get(row["name"], usual))


def _view(row: Any) -> dict[str, Any]:
    return _row(row, IndexKind.VIEW, REASONS.get(row["name"]))


def _row(row: Any, kind: IndexKind, reason: str | None) -> dict[str, Any]:
    facts = {name: row[name] for name in ("name", "definition", "size", "scans")}
    return {**facts, "kind": kind, "reason": reason, "state": "valid" if row["is_valid"] else "invalid"}
