"""Grants changed by a person. What is declared can be put back; nobody hands out what they lack."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app import models
from app.access import Actor, holds, require
from app.access.grants import VERBS
from app.core.declare import Can, Grant, Role, Scope
from app.core.errors import Conflict, FieldError, Invalid
from app.core.i18n import Text, _
from app.fields import fields_of
from app.models.access import AccessGrant, DeskRole, Origin, RowScope, Verb
from app.record import expect, flush
from app.services.asking import fill

FOR_EVER = ("role_id", "table_name", "verb")
ADMINISTRATORS = _("Administrators keep what is declared, so that somebody can always mend the rest.")
MORE = _("Nobody gives more than they have. Ask an administrator.")


def add(session: Session, actor: Actor, values: dict[str, Any]) -> AccessGrant:
    """Let a role do one more thing. Raises NotFound, Invalid, Conflict."""
    require(actor, Can.ADD, AccessGrant)
    grant = AccessGrant(origin=Origin.CHANGED, rows=RowScope.ALL, hidden_fields=[])
    _fill(session, grant, values)
    siblings = _siblings(session, grant)
    if any(one.verb == grant.verb for one in siblings):
        raise Invalid.one("verb", "taken", _("This role has this grant already. Change that one."))
    kept = {name for one in siblings for name in one.hidden_fields}
    grant.hidden_fields = [*grant.hidden_fields, *sorted(kept - set(grant.hidden_fields))]
    _check(session, actor, grant)
    session.add(grant)
    _hide_alike(session, grant)
    return grant


def edit(
    session: Session, actor: Actor, grant: AccessGrant, values: dict[str, Any], expected: int | None = None
) -> AccessGrant:
    """Change on which rows, or what is hidden. Raises NotFound, Stale, Invalid, Conflict."""
    require(actor, Can.EDIT, grant)
    expect(grant, expected)
    for name in FOR_EVER:
        if values.get(name, getattr(grant, name)) != getattr(grant, name):
            raise Invalid.one(name, "not_possible", _("This stays the same. Add another grant instead."))
    _fill(session, grant, values)
    grant.origin = Origin.CHANGED
    _check(session, actor, grant)
    _hide_alike(session, grant)
    return grant


def delete(session: Session, actor: Actor, grant: AccessGrant, expected: int | None = None) -> None:
    """Take a grant away. A declared one is kept as "none", or the next update would bring it back.

    Raises NotFound, Stale, Conflict.
    """
    require(actor, Can.DELETE, grant)
    expect(grant, expected)
    role = session.get_one(DeskRole, grant.role_id)
    _refuse_administrators(role)
    if _declared(role, grant) is None:
        session.delete(grant)
    elif grant.rows is RowScope.NONE:
        raise Conflict(_("This was taken away already. Put it back to give it again."))
    else:
        grant.rows, grant.origin = RowScope.NONE, Origin.CHANGED
    flush(session)


def put_back(session: Session, actor: Actor, grant: AccessGrant) -> AccessGrant:
    """Let a grant be again what the declaration says. Raises NotFound, Invalid, Conflict."""
    require(actor, Can.EDIT, grant)
    declared = _declared(session.get_one(DeskRole, grant.role_id), grant)
    if declared is None:
        raise Conflict(_("Nothing is declared of this grant. Change or delete it."))
    grant.rows, grant.hidden_fields = RowScope(declared.rows.value), list(declared.hide)
    grant.origin = Origin.DECLARED
    _check(session, actor, grant)
    _hide_alike(session, grant)
    return grant


def possible(model: Any) -> Can:
    """Return the verbs a grant can be for: those that some role is declared to have."""
    return reduce(or_, (grant.can for grant in model.resource.allow.values()), Can.NOTHING)


def hideable(session: Session, model: Any) -> tuple[str, ...]:
    """Return the names of the fields that can be hidden: all but a row's number and what it is called."""
    resource = model.resource
    kept = {"version", resource.label or next(iter(resource.columns), ""), inspect(model).primary_key[0].key}
    return tuple(name for name in fields_of(session, model) if name not in kept)


def _fill(session: Session, grant: AccessGrant, values: dict[str, Any]) -> None:
    fill(session, grant, values)
    grant.verb, grant.rows = Verb(grant.verb), RowScope(grant.rows)


def _check(session: Session, actor: Actor, grant: AccessGrant) -> None:
    role = session.get(DeskRole, grant.role_id or 0)
    if role is None:
        raise Invalid.one("role_id", "not_a_reference", _("Choose an existing record."))
    _refuse_administrators(role)
    model = next((one for one in models.load() if one.__tablename__ == grant.table_name), None)
    if model is None:
        raise Invalid.one("table_name", "not_an_option", _("There is no table of this name."))
    errors = [*_wrong_verb(model, grant), *_wrong_rows(model, grant), *_wrong_names(session, model, grant)]
    if errors:
        raise Invalid(errors)
    if grant.rows is RowScope.NONE:
        return
    if not holds(actor, VERBS[grant.verb], model, Scope(grant.rows.value), grant.hidden_fields):
        raise Invalid.one("rows", "not_allowed", MORE)


def _wrong_verb(model: Any, grant: AccessGrant) -> list[FieldError]:
    if VERBS[grant.verb] in possible(model):
        return []
    return [_wrong("verb", _("Nobody can do this with these rows: the desk itself writes them."))]


def _wrong_rows(model: Any, grant: AccessGrant) -> list[FieldError]:
    rows = model.resource.rows
    owned = rows.owner or rows.shared
    if grant.rows is RowScope.OWN and not owned:
        return [_wrong("rows", _("These rows belong to no employee."))]
    if grant.rows is RowScope.TEAM and not rows.team:
        return [_wrong("rows", _("These rows belong to no team."))]
    return []


def _wrong_names(session: Session, model: Any, grant: AccessGrant) -> list[FieldError]:
    known = hideable(session, model)
    unknown = sorted(set(grant.hidden_fields) - set(known))
    if not unknown:
        return []
    facts = {"names": ", ".join(unknown), "known": ", ".join(known)}
    return [_wrong("hidden_fields", _("%(names)s cannot be hidden. Possible: %(known)s.", **facts))]


def _wrong(name: str, message: Text) -> FieldError:
    return FieldError(name, "not_possible", message)


def _refuse_administrators(role: DeskRole) -> None:
    if role.name == Role.ADMIN:
        raise Conflict(ADMINISTRATORS)


def _declared(role: DeskRole, grant: AccessGrant) -> Grant | None:
    """Return what the declaration says of this very grant, if anything."""
    built_in = next((one for one in Role if one == role.name), None)
    declared = models.by_table(grant.table_name).resource.allow.get(built_in) if built_in else None
    return declared if declared is not None and VERBS[grant.verb] in declared.can else None


def _siblings(session: Session, grant: AccessGrant) -> list[AccessGrant]:
    """Return the grants of the same role on the same table, `grant` not among them."""
    of_table = (AccessGrant.role_id == grant.role_id, AccessGrant.table_name == grant.table_name)
    return [one for one in session.scalars(select(AccessGrant).where(*of_table)) if one is not grant]


def _hide_alike(session: Session, grant: AccessGrant) -> None:
    """Hide the same fields from the role with every verb on the table: a field is hidden or it is not."""
    flush(session)
    for one in _siblings(session, grant):
        if set(one.hidden_fields) != set(grant.hidden_fields):
            one.hidden_fields, one.origin = list(grant.hidden_fields), Origin.CHANGED
    flush(session)
