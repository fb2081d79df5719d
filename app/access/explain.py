"""Why may somebody, or why not? The decision told step by step, from the same facts it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.access.actor import Actor, ActorKind
from app.access.decide import hidden_columns, may, scope_name, scope_of
from app.core.declare import Can, Rows, Scope
from app.core.i18n import Text, _

VERBS: dict[Can, Text] = {
    Can.READ: _("read"),
    Can.ADD: _("add"),
    Can.EDIT: _("edit"),
    Can.DELETE: _("delete"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of a decision: a stable code, and the words for a person."""

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether the actor may, and the steps that led there."""

    allowed: bool
    reasons: tuple[Reason, ...]


def explain(actor: Actor, can: Can, target: Any) -> Explanation:
    """Return whether `actor` may do `can` (one verb) to a class or a row, and why.

    The codes: no_one, no_grant, no_scope, granted, all_rows, in_reach, out_of_reach, internal, hidden.
    """
    return Explanation(may(actor, can, target), tuple(_reasons(actor, can, target)))


def _reasons(actor: Actor, can: Can, target: Any) -> Iterator[Reason]:
    model: Any = target if isinstance(target, type) else type(target)
    facts: dict[str, Any] = {"verb": VERBS[can], "things": model.resource.plural}
    scope = scope_of(actor, can, model)
    if scope is None:
        yield _refusal(actor, can, model, facts)
        return
    yield Reason("granted", _("There is a grant to %(verb)s: %(things)s.", **facts))
    if not isinstance(target, type):
        yield _reach(actor, can, scope, target)
    elif scope is Scope.ALL:
        yield Reason("all_rows", _("It covers all rows."))
    else:
        yield Reason("in_reach", _covers(scope, model.resource.rows))
    if hide := hidden_columns(actor, model):
        yield Reason("hidden", _("Never shown: %(names)s.", names=", ".join(sorted(hide))))


def _refusal(actor: Actor, can: Can, model: Any, facts: dict[str, Any]) -> Reason:
    if actor.kind is ActorKind.ANONYMOUS:
        return Reason("no_one", _("Nobody is signed in."))
    if actor.kind is ActorKind.KEY:
        if model.resource.api is None:
            return Reason("no_scope", _("No key reaches this: it has no API."))
        name = scope_name(can, model.__tablename__)
        return Reason("no_scope", _("The key lacks the scope %(scope)s.", scope=name))
    if actor.kind is ActorKind.CUSTOMER:
        return Reason("no_grant", _("Customers may not %(verb)s: %(things)s.", **facts))
    return Reason(
        "no_grant", _("The role %(role)s has no grant to %(verb)s: %(things)s.", role=actor.role, **facts)
    )


def _reach(actor: Actor, can: Can, scope: Scope, row: Any) -> Reason:
    rows: Rows = row.resource.rows
    if may(actor, can, row):
        code = "all_rows" if scope is Scope.ALL else "in_reach"
        return Reason(code, _("It covers all rows.") if scope is Scope.ALL else _covers(scope, rows))
    if rows.internal and getattr(row, rows.internal) and actor.kind in {ActorKind.CUSTOMER, ActorKind.KEY}:
        return Reason("internal", _("This is internal: customers never see it, keys need read_notes."))
    return Reason("out_of_reach", _("%(covers)s This row is not among them.", covers=_covers(scope, rows)))


def _covers(scope: Scope, rows: Rows) -> Text:
    if scope is Scope.TEAM and rows.unclaimed:
        return _("It covers own rows, those of the own teams, and those of no team.")
    if scope is Scope.TEAM:
        return _("It covers own rows and those of the own teams.")
    if rows.shared:
        return _("It covers own rows and shared ones.")
    return _("It covers own rows only.")
