"""Each migration can be taken back and made again, and the last leaves exactly what the models say."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.command import downgrade, upgrade
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from app.core.extensions import db

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"

SHAPE = """
SELECT 'column ' || attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod) || ' '
    || attnotnull || attidentity::text || attgenerated::text || ' '
    || coalesce(pg_get_expr(adbin, adrelid), '')
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'm') AND attnum > 0 AND NOT attisdropped
UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function ' || pg_get_functiondef(pg_proc.oid) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
UNION ALL SELECT 'view ' || pg_get_viewdef(oid) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'm'
"""


def shape(connection: Connection) -> set[str]:
    """What the database consists of, whatever the order it was made in."""
    found = set(connection.scalars(text(SHAPE)))
    connection.rollback()
    return found


def test_each_step_can_be_taken_back_and_made_again(connection: Connection, config: Config) -> None:
    steps = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]
    shapes = [shape(connection)]
    for number, step in enumerate(steps):
        upgrade(config, step)
        shapes.append(shape(connection))
        if number:  # what is before the first is an empty database
            downgrade(config, "-1")
            assert shape(connection) ^ shapes[number] == set(), f"{step}, taken back"
            upgrade(config, step)
            assert shape(connection) ^ shapes[-1] == set(), f"{step}, made again"


def test_the_last_step_leaves_what_the_models_say(connection: Connection, config: Config) -> None:
    upgrade(config, "head")
    ours = MetaData()
    for table in db.metadata.tables.values():
        if table.schema is None and not table.info.get("view"):  # the peer of the bench names its schema
            table.to_metadata(ours)
    views = {"include_object": lambda _thing, name, kind, *_: kind != "table" or name in ours.tables}
    assert compare_metadata(MigrationContext.configure(connection, opts=views), ours) == []
