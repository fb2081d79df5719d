"""Who acts: an employee, a customer, an API key, the system, or nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.core.declare import Can, Scope


class ActorKind(StrEnum):
    """The worlds an actor can come from. They never mix."""

    EMPLOYEE = "employee"
    CUSTOMER = "customer"
    KEY = "key"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class TableGrant:
    """What a role may do with one table: the rows of each verb, and the columns it never sees."""

    rows: Mapping[Can, Scope]
    hide: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts, with everything permission needs, loaded once a request."""

    kind: ActorKind
    id: int | None = None
    role: str = ""
    teams: frozenset[int] = frozenset()
    grants: Mapping[str, TableGrant] = field(default_factory=dict, repr=False)
    scopes: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """Return kind and id, as kept in history and audit: `employee:3`, `system`."""
        return self.kind.value if self.id is None else f"{self.kind.value}:{self.id}"

    @property
    def is_employee(self) -> bool:
        """Tell whether this is one of us."""
        return self.kind is ActorKind.EMPLOYEE


def owned_by(actor: Actor) -> dict[str, int | None]:
    """Return the columns that say whose a row is: an employee's, an API key's, or of neither the desk's."""
    return {
        "employee_id": actor.id if actor.is_employee else None,
        "api_key_id": actor.id if actor.kind is ActorKind.KEY else None,
    }


ANONYMOUS = Actor(ActorKind.ANONYMOUS)
SYSTEM = Actor(ActorKind.SYSTEM)
