"""Names of actors, looked up when shown: logs hold only kind and number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import String, cast, literal, select, union_all
from sqlalchemy.orm import Session

from app.core.i18n import Text, _
from app.models.customers import Customer
from app.models.keys import ApiKey
from app.models.people import Employee

TABLES: dict[str, tuple[Any, str]] = {
    "employee": (Employee.__table__, "name"),
    "customer": (Customer.__table__, "name"),
    "key": (ApiKey.__table__, "description"),
}


def names_of_actors(session: Session, labels: Iterable[str]) -> dict[str, Text]:
    """Return a name for each label (`employee:3`), in one statement at most."""
    wanted = set(labels)
    known: dict[str, Text] = {label: _("Frontdesk") for label in wanted if label == "system"}
    parts = []
    for kind, (table, column) in TABLES.items():
        keys = [int(label.split(":")[1]) for label in wanted if label.startswith(f"{kind}:")]
        if keys:
            label = literal(f"{kind}:") + cast(table.c.id, String)
            parts.append(select(label, table.c[column]).where(table.c.id.in_(keys)))
    if parts:
        known |= {row[0]: row[1] for row in session.execute(union_all(*parts))}
    return known
