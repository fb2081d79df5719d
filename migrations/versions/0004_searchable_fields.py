"""Searchable custom fields: their words stand in the search of tickets, written by a trigger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Words for everybody are of weight D, those agents alone may see of B, those the API alone may see of C. So one
# index serves all, and a search leaves out what its asker may not see (app/fields/search.py).
FUNCTION = """
CREATE FUNCTION frontdesk_ticket_search() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    everybody text; agents text; programs text;
BEGIN
    NEW.search := to_tsvector('simple', frontdesk_unaccent(
        coalesce(NEW.title, '') || ' ' || coalesce(NEW.description, '') || ' ' || coalesce(NEW.email, '')
    ));
    IF NEW.custom_fields = '{}' THEN
        RETURN NEW;
    END IF;
    SELECT
        string_agg(words, ' ') FILTER (WHERE agent AND api),
        string_agg(words, ' ') FILTER (WHERE agent AND NOT api),
        string_agg(words, ' ') FILTER (WHERE api AND NOT agent)
    INTO everybody, agents, programs
    FROM (
        SELECT
            NEW.custom_fields ->> field_name AS words,
            coalesce((audiences #>> '{agent,visible}')::boolean, true) AS agent,
            coalesce((audiences #>> '{api,visible}')::boolean, true) AS api
        FROM schema_definitions
        WHERE applies_to = TG_TABLE_NAME AND searchable
    ) AS searched;
    NEW.search := NEW.search
        || to_tsvector('simple', frontdesk_unaccent(coalesce(everybody, '')))
        || setweight(to_tsvector('simple', frontdesk_unaccent(coalesce(agents, ''))), 'B')
        || setweight(to_tsvector('simple', frontdesk_unaccent(coalesce(programs, ''))), 'C');
    RETURN NEW;
END $$;
"""
TRIGGER = """
CREATE TRIGGER search BEFORE INSERT OR UPDATE OF title, description, email, custom_fields ON tickets
    FOR EACH ROW EXECUTE FUNCTION frontdesk_ticket_search();
"""
GENERATED = """
ALTER TABLE tickets ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
    to_tsvector('simple', frontdesk_unaccent(
        coalesce(title, '') || ' ' || coalesce(description, '') || ' ' || coalesce(email, '')
    ))
) STORED
"""


def upgrade() -> None:
    """Keep the words of each ticket; from now on the trigger writes them. No row is touched."""
    op.add_column(
        "schema_definitions", sa.Column("searched_as", sa.String(1), server_default="", nullable=False)
    )
    op.execute(FUNCTION)
    op.execute("ALTER TABLE tickets ALTER COLUMN search DROP EXPRESSION")
    op.execute(TRIGGER)


def downgrade() -> None:
    """Let the column make itself again, which writes the table anew: for a desk that stands still."""
    op.execute("DROP TRIGGER search ON tickets; DROP FUNCTION frontdesk_ticket_search()")
    op.drop_column("tickets", "search")
    op.execute(GENERATED)
    op.create_index("ix_tickets_search", "tickets", ["search"], postgresql_using="gin")
    op.drop_column("schema_definitions", "searched_as")
