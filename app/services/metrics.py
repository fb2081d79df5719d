"""The desk measures itself: what it counts, and how long figures are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, text
from sqlalchemy.orm import Session

from app.core.clock import now
from app.fields import settings_of
from app.models.system import Metric

HOURLY = "hourly mean"
"""The source of a mean; other sources are where a value was measured."""

METRICS = Metric.__table__

DATABASE = text("""
    SELECT pg_database_size(current_database()) AS database_bytes,
           round(100.0 * blks_hit / nullif(blks_hit + blks_read, 0), 2)::float AS cache_hit_rate,
           numbackends AS database_connections
    FROM pg_stat_database WHERE datname = current_database()
""")
"""What PostgreSQL counts of itself; the cache hit rate in percent since its statistics began."""

QUERY_TIME = text("""
    SELECT round((sum(total_exec_time) / nullif(sum(calls), 0))::numeric, 4)::float
    FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
""")
"""Milliseconds a statement takes on average, where the extension counts them."""

THIN = text("""
    WITH old AS (
        DELETE FROM performance_metrics
        WHERE timestamp < date_trunc('hour', CAST(:before AS timestamptz)) AND source <> :hourly
        RETURNING metric_name, value, date_trunc('hour', timestamp) AS hour
    )
    INSERT INTO performance_metrics (metric_name, value, timestamp, source)
    SELECT metric_name, to_jsonb(round(avg(value::numeric), 4)), hour, :hourly
    FROM old WHERE jsonb_typeof(value) = 'number'
    GROUP BY metric_name, hour
""")
"""Values go in the statement that writes their mean, so that none can be lost or counted twice."""


def sample(session: Session, counted: Mapping[str, float]) -> int:
    """Write down what the database tells of itself, and `counted` by who calls; return how many values."""
    figures: dict[str, tuple[str, Any]] = {name: ("queue", value) for name, value in counted.items()}
    figures |= {name: ("database", value) for name, value in _of_database(session).items()}
    rows = [
        {"metric_name": name, "value": value, "timestamp": now(), "source": source}
        for name, (source, value) in figures.items()
        if value is not None
    ]
    session.connection().execute(insert(METRICS), rows)
    return len(rows)


def _of_database(session: Session) -> dict[str, Any]:
    connection = session.connection()
    found = dict(connection.execute(DATABASE).mappings().one())
    if connection.scalar(text("SELECT to_regclass('pg_stat_statements') IS NOT NULL")):
        found["average_db_query_time"] = connection.scalar(QUERY_TIME)
    return found


def thin(session: Session) -> int:
    """Turn old values into one mean an hour, forget old means, by the settings; return how many came."""
    connection, kept = session.connection(), settings_of(session)
    raw, means_kept = dt.timedelta(days=kept.metric_days), dt.timedelta(days=kept.mean_days)
    means = connection.execute(THIN, {"hourly": HOURLY, "before": now() - raw}).rowcount
    connection.execute(delete(METRICS).where(METRICS.c.timestamp < now() - means_kept))
    return means


def refresh_employee_metrics(session: Session) -> None:
    """Count employee_metrics anew without holding up readers."""
    session.connection().execute(text("REFRESH MATERIALIZED VIEW CONCURRENTLY employee_metrics"))
