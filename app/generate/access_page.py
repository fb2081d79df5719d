"""docs/access.md: who may do what, written down from the declarations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from inspect import getdoc

from app.core.declare import Can, Desk, Grant, Resource, Role, Rows, Scope
from app.models.base import Declared

VERBS = {Can.READ: "read", Can.ADD: "add", Can.EDIT: "edit", Can.DELETE: "delete"}
ROWS = {Scope.OWN: "own", Scope.TEAM: "own teams", Scope.ALL: ""}
NOBODY = "–"

HEAD = """# Who may do what

This page is written from the declarations by `python3 run.py docs access`; a test compares the two. It says
what a fresh installation allows. What is not listed is denied. `migrate` writes these grants into the table
`grants`, and never overwrites a row there whose origin is `changed`.

- "own": rows that belong to the person. "own teams": those, rows of the person's teams, and where marked,
  rows of no team. Nothing beside a verb: all rows. Whose a row is stands in the column "a row belongs to".
- Customers reach these tables through the portal only, and only their own rows.
- API keys have scopes instead of a role, and reach only tables with an API: `read_<table>` to read,
  `write_<table>` to write, `admin` for everything ([named scopes](api.md#scopes)).

| table | what it is | where | a row belongs to | administrator | supervisor | agent | customer |
|---|---|---|---|---|---|---|---|
"""


def access_page(models: Iterable[type[Declared]]) -> str:
    """Return the page about `models`: one row a table, one column a role."""
    return HEAD + "".join(f"| {' | '.join(_row(model))} |\n" for model in models)


def _row(model: type[Declared]) -> Iterator[str]:
    resource = model.resource
    yield f"`{model.__tablename__}`"
    yield (getdoc(model) or "").split("\n", maxsplit=1)[0]
    yield _places(model.__tablename__, resource)
    yield _belongs(resource.rows)
    for role in Role:
        yield _grant(resource.allow.get(role))
    yield _grant(resource.customers)


def _places(table: str, resource: Resource) -> str:
    screen = {Desk.MANAGE: f"`/admin/{table}/list/`", Desk.WATCH: f"`/console/{table}/`"}.get(resource.desk)
    return ", ".join(place for place in (screen, "API" if resource.api else None) if place) or NOBODY


def _belongs(rows: Rows) -> str:
    paths = {"employee": rows.owner, "team": rows.team, "customer": rows.customer}
    said = [f"{whom}: `{path}`" for whom, path in paths.items() if path]
    said += [f"everybody if `{rows.shared}`"] if rows.shared else []
    said += ["no team: everybody's"] if rows.unclaimed else []
    said += [f"never a customer's if `{rows.internal}`"] if rows.internal else []
    return "; ".join(said) or NOBODY


def _grant(grant: Grant | None) -> str:
    if grant is None or not grant.can:
        return NOBODY
    allowed = [word for verb, word in VERBS.items() if grant.can & verb]
    verbs = "all" if len(allowed) == len(VERBS) else ", ".join(allowed)
    words = [verbs, ROWS[grant.rows], f"without `{'`, `'.join(grant.hide)}`" if grant.hide else ""]
    return " · ".join(word for word in words if word)
