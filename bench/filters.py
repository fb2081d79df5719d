"""Large lists: what PostgreSQL takes for each filter, order and picker of each table that grows.

    python3 -m bench.filters [tables…] [--rows 200000]

A million rows tell the same, but to fill every table with so many, its indexes in place, takes an hour.

Every column has a value that most rows have and one that hardly any row has, which is the worst case of a
list: it looks until its page is full. It starts a PostgreSQL and a Redis of its own in a folder that is
removed afterwards, and fills table by table.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, func, inspect, select
from sqlalchemy.engine import make_url

from app import embedded, models
from app.access import SYSTEM
from app.core.extensions import db
from app.embedded.postgres import SUPERUSER
from app.fields import FieldSet, fields_of
from app.generate import listing, orders
from app.generate.lists import UNSORTABLE
from bench.audit import desk
from bench.filling import SELDOM, common, define, empty, fill, rare
from bench.plans import Cost, cost
from bench.report import Table, met, milliseconds

LIMIT = 5.0
"""Milliseconds of the database for a page, and for the count beside it."""
PICKED = 20
"""Rows that a picker offers."""
TYPED = {
    f"{length} letters, {how}": word[:length]
    for length in range(1, 5)
    for how, word in (("common", "eabc"), ("rare", SELDOM))
}
"""What is typed into a picker: words begin so that most rows have, and that hardly any row has."""
FILTERS = ("table", "filter", "rare", "common", "halfway", "and another", "target", "met", "read by")
SORTS = ("table", "sort by", "up", "down", "halfway", "target", "met", "read by")
PICKS = ("table", "typed", "ms", "target", "met", "read by")


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="*")
    parser.add_argument("--rows", type=int, default=200_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, desk(Path(folder)) as app, app.app_context():
        servers = embedded.start(Path(folder))
        name = make_url(app.config["DATABASE_URL"]).database or ""
        owner = create_engine(servers.database(SUPERUSER, name), isolation_level="AUTOCOMMIT")
        define(db.session())
        with owner.connect() as connection:
            told = [_measured(connection, model, given.rows) for model in large(given.tables)]
        owner.dispose()
        servers.release()
    titles = (
        ("Filters, in ms of the database: the dearer of a page and its count", FILTERS),
        ("Orders of a whole table, in ms of the database for a page", SORTS),
        ("Pickers, in ms of the database", PICKS),
    )
    for (title, header), rows in zip(titles, zip(*told, strict=True), strict=True):
        print(Table(f"{title}, {given.rows:,} rows", header, [*chain(*rows)]).plain(), end="\n\n")


def large(names: list[str]) -> list[Any]:
    """Return the tables that grow with the work of a desk."""
    growing = [one.__tablename__ for one in models.load() if one.resource.grows]
    return [models.by_table(name) for name in names or growing]


def _measured(connection: Connection, model: Any, rows: int) -> tuple[list[tuple[str, ...]], ...]:
    """Fill a table, ask it everything, and empty it again."""
    fill(connection, model, rows)
    session = db.session()
    fields = fields_of(session, model)
    told = (
        [*_filters(session, model, fields, rows)],
        [*_sorts(session, model, fields)],
        [*_picks(session, model, fields)],
    )
    session.rollback()
    empty(connection, model)
    return told


@dataclass(frozen=True)
class Asking:
    """Asks a list as its pages do, and tells what each statement cost."""

    session: Any
    model: Any
    fields: FieldSet

    def page(self, **facts: Any) -> Cost:
        """Return what a page costs, the settling of its order included."""
        return cost(self.session, lambda: self._page(self._question(facts)))

    def count(self, **facts: Any) -> Cost:
        """Return what the count beside the first page costs."""
        page = self._page(self._question(facts))
        return cost(self.session, lambda: listing.count(self.session, self.model, page))

    def halfway(self, **facts: Any) -> str | None:
        """Return the cursor of the page in the middle; none where the list does not go on."""
        question = self._settled(self._question(facts))
        every = listing.filtered(self.session, SYSTEM, self.model, self.fields, question)
        total = self.session.scalar(select(func.count()).select_from(every.subquery()))
        rows = every.order_by(*listing.order(self.model, question)).offset(total // 2).limit(1)
        middle = self.session.scalar(rows)
        return middle and listing.cursor_at(middle, self.fields, question, back=False)

    def _page(self, question: listing.Question) -> listing.Page:
        return listing.page_of(self.session, SYSTEM, self.model, self.fields, self._settled(question))

    def _settled(self, question: listing.Question) -> listing.Question:
        return orders.settled(self.session, SYSTEM, self.model, self.fields, question)[0]

    def _question(self, facts: dict[str, Any]) -> listing.Question:
        return listing.Question(**{"order": str(self.model.resource.order), "columns": ("id",), **facts})


def _filters(session: Any, model: Any, fields: FieldSet, rows: int) -> Iterator[tuple[str, ...]]:
    """Yield the row of each filter: alone, with a rare and a common value, and beside the next one."""
    ask = Asking(session, model, fields)
    filters = [*fields.pick(model.resource.filters).values()]
    for number, field in enumerate(filters):
        often, other = common(field, rows), common(filters[(number + 1) % len(filters)], rows)
        seldom = ask.page(tree=rare(field, rows))
        costs = (
            max(seldom, ask.count(tree=rare(field, rows))),
            max(ask.page(tree=often), ask.count(tree=often)),
            ask.page(tree=often, cursor=ask.halfway(tree=often)),
            max(ask.page(tree={"all": [often, other]}), ask.count(tree={"all": [often, other]})),
        )
        yield model.__tablename__, field.name, *_told(*costs), seldom.read_by


def _sorts(session: Any, model: Any, fields: FieldSet) -> Iterator[tuple[str, ...]]:
    """Yield the row of each column a list can be sorted by, as the list then really is."""
    ask = Asking(session, model, fields)
    possible = [one for one in fields if one in inspect(model).column_attrs]
    for name in possible:
        if fields[name].kind in UNSORTABLE:
            continue
        up, down = ask.page(order=name), ask.page(order=f"-{name}")
        halfway = ask.page(order=name, cursor=ask.halfway(order=name))
        yield model.__tablename__, name, *_told(up, down, halfway), up.read_by


def _picks(session: Any, model: Any, fields: FieldSet) -> Iterator[tuple[str, ...]]:
    """Yield the row of each thing that is typed into a picker of these rows."""
    ask = Asking(session, model, fields)
    for meaning, typed in TYPED.items() if model.resource.search else ():
        found = ask.page(q=typed, limit=PICKED, columns=(model.resource.name_column,), is_offer=True)
        yield model.__tablename__, meaning, *_told(found), found.read_by


def _told(*costs: Cost) -> tuple[str, ...]:
    spent = [one.ms for one in costs]
    return *map(milliseconds, spent), f"≤ {LIMIT:g}", met((one, LIMIT) for one in spent)


if __name__ == "__main__":
    main()
