"""What the declarations say should happen, worked out here and not by the program's own code."""

from __future__ import annotations

from typing import Any

from app.core.declare import Can, Scope
from tests.access.world import Caller

REACH = {Scope.OWN: {"own"}, Scope.TEAM: {"own", "own team"}}


def granted(caller: Caller, can: Can, model: Any) -> bool:
    """Tell whether the role has the verb on the table at all."""
    grant = caller.grants.get(model.__tablename__)
    return grant is not None and can in grant.can


def reaches(caller: Caller, can: Can, model: Any, kind: str) -> bool:
    """Tell whether the grant for the verb covers a row of this kind."""
    if not granted(caller, can, model):
        return False
    rows, scope = model.resource.rows, caller.grants[model.__tablename__].rows
    if scope is Scope.ALL or kind in REACH[scope]:
        return True
    if kind == "shared":
        return can is Can.READ
    return kind == "nobody" and scope is Scope.TEAM and bool(rows.unclaimed)


def expected(caller: Caller, can: Can, model: Any, kind: str | None) -> bool:
    """Tell whether the caller may: for a row they must see it besides."""
    if kind is None:
        return granted(caller, can, model)
    return reaches(caller, Can.READ, model, kind) and reaches(caller, can, model, kind)
