"""Grants: written from the declarations once, read from memory, renewed when their revision moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask_appbuilder.security.sqla.models import Role as LoginRole
from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.orm import Session

from app.access.actor import TableGrant
from app.core.declare import Can, Role, Scope
from app.models.access import AccessGrant, DeskRole, Origin, RowScope, Verb
from app.models.base import Declared
from app.models.people import Employee

VERBS = {Verb.READ: Can.READ, Verb.ADD: Can.ADD, Verb.EDIT: Can.EDIT, Verb.DELETE: Can.DELETE}

Grants = Mapping[str, Mapping[str, TableGrant]]
"""Role name → table → grant."""


class GrantBook:
    """The grants of all roles as one process remembers them."""

    def __init__(self) -> None:
        self._revision: int | None = None
        self._grants: Grants = {}

    def of_role(self, session: Session, role: str, revision: int) -> Mapping[str, TableGrant]:
        """Return the grants of `role`, read anew if `revision` is not the one in memory."""
        if revision != self._revision:
            self._grants, self._revision = read_grants(session), revision
        return self._grants.get(role, {})


def of_role(session: Session, role: str) -> Mapping[str, TableGrant]:
    """Return the grants of `role` as the session sees them now, changes of its own included."""
    return read_grants(session).get(role, {})


def read_grants(session: Session) -> Grants:
    """Return every grant of the database, in one statement."""
    table = AccessGrant.__table__.c
    roles = DeskRole.__table__
    statement = (
        select(roles.c.name, table.table_name, table.verb, table.rows, table.hidden_fields)
        .join_from(AccessGrant.__table__, roles, table.role_id == roles.c.id)
        .where(table.rows != RowScope.NONE)
    )
    rows: dict[str, dict[str, dict[Can, Scope]]] = defaultdict(lambda: defaultdict(dict))
    hide: dict[tuple[str, str], set[str]] = defaultdict(set)
    for role, name, verb, scope, hidden_fields in session.execute(statement):
        rows[role][name][VERBS[verb]] = Scope(scope.value)
        hide[role, name].update(hidden_fields)
    return {
        role: {name: TableGrant(scopes, frozenset(hide[role, name])) for name, scopes in tables.items()}
        for role, tables in rows.items()
    }


def may_edit(model: Any) -> ColumnElement[bool]:
    """Return the criterion of employees whose role lets them edit all rows of `model`."""
    grants, roles = AccessGrant.__table__.c, DeskRole.__table__.c
    named = (grants.table_name == model.__tablename__, grants.verb == Verb.EDIT, grants.rows == RowScope.ALL)
    allowed = select(roles.name).join_from(
        AccessGrant.__table__, DeskRole.__table__, grants.role_id == roles.id
    )
    return Employee.role.in_(allowed.where(*named))


def sync(connection: Connection, models: Iterable[type[Declared]]) -> int:
    """Write the declared grants; a changed row is never overwritten. Return how many rows were written."""
    roles = _ensure_roles(connection)
    present = {
        (row.role_id, row.table_name, row.verb): row
        for row in connection.execute(select(AccessGrant.__table__))
    }
    wanted = {(row["role_id"], row["table_name"], row["verb"]): row for row in declared(models, roles)}
    added = [row for key, row in wanted.items() if key not in present]
    if added:
        connection.execute(insert(AccessGrant.__table__), added)
    changed = [row for key, row in wanted.items() if key in present and _moved(present[key], row)]
    for row in changed:
        connection.execute(update(AccessGrant.__table__).where(*_key(row)).values(row))
    gone = [row.id for key, row in present.items() if key not in wanted and row.origin is Origin.DECLARED]
    if gone:
        connection.execute(delete(AccessGrant.__table__).where(AccessGrant.id.in_(gone)))
    return len(added) + len(changed) + len(gone)


def declared(models: Iterable[type[Declared]], roles: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """Yield the rows that the declarations stand for."""
    for model in models:
        for role, grant in model.resource.allow.items():
            for verb, can in VERBS.items():
                if can in grant.can:
                    yield {
                        "role_id": roles[role.value],
                        "table_name": model.__tablename__,
                        "verb": verb,
                        "rows": RowScope(grant.rows.value),
                        "hidden_fields": list(grant.hide),
                        "origin": Origin.DECLARED,
                    }


def _ensure_roles(connection: Connection) -> dict[str, int]:
    """Make the built-in roles that are missing: the login's name, and what the desk says of it."""
    names, roles = LoginRole.__table__, DeskRole.__table__
    logins = {row.name: row.id for row in connection.execute(select(names.c.name, names.c.id))}
    known = set(connection.scalars(select(roles.c.id)))
    for role in Role:
        if role.value not in logins:
            made = insert(names).values(name=role.value).returning(names.c.id)
            logins[role.value] = connection.execute(made).scalar_one()
        if logins[role.value] not in known:
            title = {"name": role.value, "title": role.value.capitalize(), "builtin": True}
            connection.execute(insert(roles).values(id=logins[role.value], **title))
    return logins


def _moved(present: Any, wanted: dict[str, Any]) -> bool:
    if present.origin is not Origin.DECLARED:
        return False
    return present.rows is not wanted["rows"] or list(present.hidden_fields) != wanted["hidden_fields"]


def _key(row: dict[str, Any]) -> list[Any]:
    table = AccessGrant.__table__.c
    return [getattr(table, name) == row[name] for name in ("role_id", "table_name", "verb")]
