"""docs/access.md: who may do what, written down from the declarations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from inspect import getdoc
from typing import Any

from app.access import Actor, ActorKind, may
from app.core.declare import Can, Desk, Grant, Resource, Role, Rows, Scope
from app.generate.rest.faces import offered
from app.generate.rest.verbs import verbs_of
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
- API keys have scopes instead of a role, and reach only tables with an API ([below](#what-a-scope-opens)).
- Who may do something to a row must see it besides. A row that may not be seen is answered as if there were
  none, in lists, counts, pickers, tabs, searches and by REST alike.
- A row stays within the reach of who writes it; only what is marked "may be handed over" may leave it.
- A hidden field is shown, searched, sorted, filtered and written by nobody it is hidden from, also in the
  history of a row. The logs at `/console/` show what they keep to whoever may read them.

| table | what it is | where | a row belongs to | administrator | supervisor | agent | customer |
|---|---|---|---|---|---|---|---|
"""


CUSTOM = """
## Roles of your own
Administrators make roles under Set-up, Who may what: a title, a name for commands and the API that stays
for ever, and perhaps a role whose grants it begins with. Its grants are a grid of all tables: the rows of
each verb, and the fields it hides. A role is given to an employee in the employee's form; that ends the
employee's sessions. A change of grants holds for the next request, on every process.

- Built-in roles are neither deleted nor renamed, but what they may do can be changed, the administrator's
  excepted.
- A declared grant that is deleted stays as "none", so that no update brings it back; "Put back as
  declared" does.
- A role that somebody has goes only together with a new role for them.
- A grid is saved as a whole. Where others changed the same places meanwhile nothing is written, and the
  page says what they chose.
- Nobody hands out what they do not have: grants, roles, employees and keys ask the same rule, row by row
  and hidden field by hidden field. Only administrators are free of it, and only they change who may do
  more than they.
- Nobody changes their own role. The last active administrator cannot be demoted, deactivated or deleted.
- From whom a field of tickets is hidden that the inbox cannot do without works in the list of tickets
  instead.

`python3 run.py roles list` lists the roles, `roles show NAME` what one may do now, and `roles why EMAIL
VERB TABLE [NUMBER]` says why somebody may, or may not; so does the page "Why can't someone?".

## What a scope opens
A key reaches all rows of a table, internal notes only with `read_notes`. What is its own (rows that belong
to a "key": the jobs it began, and their files) it reaches without any scope.

| scope | opens |
|---|---|
"""


def access_page(models: Iterable[type[Declared]], scopes: Iterable[str] = ()) -> str:
    """Return the page about `models`: one row a table, one column a role; then one row a scope of a key."""
    known = tuple(models)
    tables = "".join(f"| {' | '.join(_row(model))} |\n" for model in known)
    return HEAD + tables + CUSTOM + "".join(f"| `{scope}` | {_opens(scope, known)} |\n" for scope in scopes)


def _opens(scope: str, models: Iterable[Any]) -> str:
    """Return what a key may do that has this scope and no other."""
    if scope == "admin":
        return "everything the API has"
    key = Actor(ActorKind.KEY, scopes=frozenset({scope}))
    opened = []
    for model in models:
        verbs = [word for can, word in VERBS.items() if may(key, can, model) and can in offered(model)]
        deeds = (verb for verb in verbs_of(model) if may(key, verb.can, model) and verb.is_in_scope(key))
        verbs += [verb.path for verb in deeds]
        opened += [f"`{model.__tablename__}`: {', '.join(verbs)}"] if verbs else []
    return "; ".join(opened) or "internal notes, where messages may be read"


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
    paths = {"employee": rows.owner, "team": rows.team, "customer": rows.customer, "key": rows.key}
    said = [f"{whom}: `{path}`" for whom, path in paths.items() if path]
    said += [f"everybody if `{rows.shared}`"] if rows.shared else []
    said += ["no team: everybody's"] if rows.unclaimed else []
    said += ["may be handed over"] if rows.leaves else []
    said += [f"never a customer's if `{rows.internal}`"] if rows.internal else []
    return "; ".join(said) or NOBODY


def _grant(grant: Grant | None) -> str:
    if grant is None or not grant.can:
        return NOBODY
    allowed = [word for verb, word in VERBS.items() if grant.can & verb]
    verbs = "all" if len(allowed) == len(VERBS) else ", ".join(allowed)
    words = [verbs, ROWS[grant.rows], f"without `{'`, `'.join(grant.hide)}`" if grant.hide else ""]
    return " · ".join(word for word in words if word)
