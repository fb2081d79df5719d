"""The one permission question: may this actor do this, to this kind of thing, to this row?

Everything is denied that no grant allows. `may` answers, `require` raises, `visible` says it in SQL.
"""

from __future__ import annotations

from app.access.actor import ANONYMOUS, SYSTEM, Actor, ActorKind, TableGrant, owned_by
from app.access.decide import hidden, is_hidden, may, require, scope_of
from app.access.explain import Explanation, Reason, explain
from app.access.hand_out import holds, holds_all, holds_scope, is_administrator
from app.access.kept import per_actor
from app.access.rows import sees_internal, visible

__all__ = [
    "ANONYMOUS",
    "SYSTEM",
    "Actor",
    "ActorKind",
    "Explanation",
    "Reason",
    "TableGrant",
    "explain",
    "hidden",
    "holds",
    "holds_all",
    "holds_scope",
    "is_administrator",
    "is_hidden",
    "may",
    "owned_by",
    "per_actor",
    "require",
    "scope_of",
    "sees_internal",
    "visible",
]
