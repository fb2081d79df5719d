"""Lists narrowed down to next to nothing: what each filter of each large table costs at a million rows.

    python3 -m bench.filters [tables…] [--rows 1000000]

The worst case of a filter is a value that hardly any row has: the list then looks until its page is full. It
starts a PostgreSQL and a Redis of its own in a folder that is removed afterwards, and fills table by table.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    String,
    UniqueConstraint,
    create_engine,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url

from app import embedded, models
from app.access import SYSTEM
from app.core.declare import Desk
from app.core.extensions import db
from app.embedded.postgres import SUPERUSER
from app.fields import Field, Kind, fields_of
from app.generate import listing
from bench.audit import desk
from bench.report import Table, milliseconds

BESIDE = ("tickets", "ticket_messages", "customers")
"""Large tables beside those that are watched."""
NOBODY = 987_654_321
AGES = "now() - (:rows - n) * interval '30 seconds'"
OLDEST = "2000-01-01"


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="*")
    parser.add_argument("--rows", type=int, default=1_000_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, desk(Path(folder)) as app, app.app_context():
        servers = embedded.start(Path(folder))
        name = make_url(app.config["DATABASE_URL"]).database or ""
        owner = create_engine(servers.database(SUPERUSER, name), isolation_level="AUTOCOMMIT")
        with owner.connect() as connection:
            rows = [row for model in large(asked.tables) for row in measured(connection, model, asked.rows)]
        owner.dispose()
        servers.release()
    header = ("table", "filter", "page, ms", "count, ms", "read by")
    print(Table(f"Filters that match next to nothing among {asked.rows:,} rows", header, rows).plain())


def large(names: list[str]) -> list[Any]:
    """Return the tables that grow with the work of a desk."""
    watched = [
        one.__tablename__ for one in models.load() if one.resource.desk is Desk.WATCH and one.resource.filters
    ]
    return [models.by_table(name) for name in names or (*BESIDE, *watched)]


def measured(connection: Connection, model: Any, rows: int) -> Iterator[tuple[str, ...]]:
    """Fill a table, ask for each filter's page and count, and empty the table again."""
    table = model.__table__
    connection.execute(text("SET session_replication_role = replica"))
    columns = {one.name: made for one in table.columns if (made := value_of(one, table)) is not None}
    names, values = ", ".join(columns), ", ".join(columns.values())
    connection.execute(text(f"TRUNCATE {table.name} CASCADE"))  # the names are those of declared tables
    checks = text("SELECT conname FROM pg_constraint WHERE conrelid = :table ::regclass AND contype = 'c'")
    for check in connection.scalars(checks, {"table": table.name}).all():
        connection.execute(text(f'ALTER TABLE {table.name} DROP CONSTRAINT "{check}"'))
    fill = f"INSERT INTO {table.name} ({names}) SELECT {values} FROM generate_series(1, :rows) AS n"  # noqa: S608
    connection.execute(text(fill), {"rows": rows})
    connection.execute(text(f"VACUUM ANALYZE {table.name}"))
    session = db.session()
    fields = fields_of(session, model)
    for field in fields.pick(model.resource.filters).values():
        yield table.name, field.name, *costs(connection, session, model, fields, field)
    session.rollback()
    connection.execute(text(f"TRUNCATE {table.name} CASCADE"))


def costs(connection: Connection, session: Any, model: Any, fields: Any, field: Field) -> tuple[str, ...]:
    """Return what a page and the count beside it cost, and what the page was read by."""
    question = listing.Question(order=str(model.resource.order), tree=rare(field), columns=("id",))
    begun = time.perf_counter()
    page = listing.page_of(session, SYSTEM, model, fields, question)
    paged = time.perf_counter()
    listing.count(session, model, page)
    counted = time.perf_counter()
    statement = page.every.order_by(*listing.order(model, question)).limit(question.limit)
    written = statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    plan = "\n".join(connection.scalars(text(f"EXPLAIN {written}".replace(":", r"\:"))))
    scans = re.findall(
        r"(?:Index Only Scan|Index Scan)[^\n]*? using (\w+)|Bitmap Index Scan on (\w+)|(Seq Scan)", plan
    )
    read = ", ".join(dict.fromkeys("".join(one) for one in scans))
    return milliseconds(1000 * (paged - begun)), milliseconds(1000 * (counted - paged)), read


def rare(field: Field) -> dict[str, Any]:
    """Return a condition that hardly any row meets."""
    match field.kind:
        case Kind.DATE | Kind.DATETIME:
            return {"field": field.name, "op": "before", "value": OLDEST}
        case Kind.BOOLEAN:
            return {"field": field.name, "op": "is", "value": True}
        case Kind.SELECT:
            return {"field": field.name, "op": "is", "value": field.values[-1]} if field.values else {}
        case Kind.INTEGER | Kind.DECIMAL | Kind.REFERENCE:
            return {"field": field.name, "op": "is", "value": NOBODY}
        case Kind.TAGS | Kind.MULTI_SELECT:
            return {"field": field.name, "op": "contains", "value": "nowhere"}
    return {"field": field.name, "op": "is", "value": "nowhere"}


def value_of(column: Column[Any], table: Any) -> str | None:
    """Return what row `n` has in a column, None for what the database fills in itself."""
    alone = column.primary_key or _is_unique(column, table)
    if column.computed is not None:
        return None
    if choices := getattr(column.type, "enums", None):  # no row has the last one
        kept = choices[:-1] or choices
        words = ", ".join(f"'{one}'" for one in kept)
        return f"(ARRAY[{words}])[1 + n % {len(kept)}]"
    made = next((said for kind, said in VALUES.items() if isinstance(column.type, kind)), ("''", "''"))
    return made[alone]


VALUES: dict[Any, tuple[str, str]] = {
    Boolean: ("false", "false"),
    Integer: ("1 + n % 1000", "n"),
    DateTime: (AGES, AGES),
    Date: (f"({AGES})::date", f"({AGES})::date"),
    JSONB: ("'[]'", "'[]'"),
    String: ("'word ' || n % 1000", "md5(n::text)"),
}
"""What rows have in a column of a type, and in one whose values are all different; else nothing."""


def _is_unique(column: Column[Any], table: Any) -> bool:
    constraints = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    unique = [*constraints, *(index for index in table.indexes if index.unique)]
    return bool(column.unique) or any(column.name in one.columns for one in unique)


if __name__ == "__main__":
    main()
