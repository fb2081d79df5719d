"""Macros: texts with placeholders, and changes of the ticket they are sent in.

A placeholder that nobody knows is refused when a macro is saved, so it is never sent; so is a change that the
writer could not make.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, bindparam, select, update
from sqlalchemy.orm import Session

from app import services
from app.access import Actor, require, visible
from app.core.declare import Can
from app.core.errors import FieldError, Invalid, each
from app.core.i18n import _
from app.models.macros import Macro, Taker
from app.models.people import Employee
from app.models.teams import Team
from app.models.tickets import Priority, Status, Ticket
from app.record import expect, flush
from app.services import messages, placeholders, plain
from app.services.asking import fill
from app.services.routing.action import joined

TEAM, AGENT = "team", "agent"
"""The members of a macro's actions that name a row."""
There = frozenset[tuple[str, int]]
"""Rows by member and number."""


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Macro:
    """Add a macro; it is the actor's own. Raises NotFound, Invalid."""
    return add_all(session, actor, [values])[0]


def add_all(session: Session, actor: Actor, many: Sequence[dict[str, Any]]) -> list[Macro]:
    """Add macros together, all or none. Raises as `add` does."""
    require(actor, Can.ADD, Macro)
    there = _there(session, actor, many)

    def made(values: dict[str, Any]) -> Macro:
        _check(session, values, there)
        macro = Macro(owner_id=actor.id if actor.is_employee else None)
        fill(session, macro, values)
        return macro

    macros = each(many, made)
    session.add_all(macros)
    flush(session)
    return macros


def edit(
    session: Session, actor: Actor, macro: Macro, values: dict[str, Any], expected: int | None = None
) -> Macro:
    """Change a macro. Raises NotFound, Stale, Invalid."""
    require(actor, Can.EDIT, macro)
    expect(macro, expected)
    changed = {name: one for name, one in values.items() if one != getattr(macro, name)}
    _check(session, changed, _there(session, actor, [changed]))
    fill(session, macro, values)
    flush(session)
    return macro


def delete(session: Session, actor: Actor, macro: Macro, expected: int | None = None) -> None:
    """Delete a macro."""
    plain.delete(session, actor, macro, expected)


def known(session: Session, actor: Actor, numbers: Collection[int]) -> list[Macro]:
    """Return the macros with these numbers that the actor may use, in their order."""
    keys = bindparam("numbers", list(numbers), BigInteger, expanding=True)
    found = {
        one.id: one for one in session.scalars(select(Macro).where(Macro.id.in_(keys), visible(actor, Macro)))
    }
    return [found[number] for number in numbers if number in found]


def use(session: Session, actor: Actor, macro: Macro, ticket: Ticket, agent: Employee | None) -> str:
    """Return the text for `ticket`, and count that it was used. Raises NotFound."""
    require(actor, Can.READ, macro)
    table = Macro.__table__
    # Below the write path: a count is no change that anybody must be told of.
    counted = (
        update(table)
        .where(table.c.id == macro.id)
        .values(usage_count=table.c.usage_count + 1, updated_at=table.c.updated_at)
    )
    session.connection().execute(counted)
    return placeholders.fill_in(session, macro.content, ticket, agent)


def apply(session: Session, actor: Actor, macro: Macro, ticket: Ticket, *, also_status: bool = True) -> None:
    """Make the changes of a macro; without `also_status` the state is left as somebody has just set it.

    Raises NotFound, Conflict, Invalid with the fields of the ticket.
    """
    require(actor, Can.READ, macro)
    if note := macro.actions.get("note"):
        messages.reply(session, actor, ticket, note, internal=True)
    values = changes_of(macro, actor, ticket)
    if not also_status:
        values.pop("status", None)
    if values:
        services.edit(session, actor, ticket, values)


def changes_of(macro: Macro, actor: Actor, ticket: Ticket) -> dict[str, Any]:
    """Return the values of `ticket` that a macro changes when `actor` uses it, by column."""
    said = dict(macro.actions)
    takers = {Taker.ME: actor.id if actor.is_employee else None, Taker.NOBODY: None}
    wanted: dict[str, Any] = {
        "status": Status(said["status"]) if "status" in said else ticket.status,
        "priority": Priority(said["priority"]) if "priority" in said else ticket.priority,
        "tags": _tags(ticket.tags, said.get("add_tags", ()), said.get("remove_tags", ())),
        "team_id": said.get("team", ticket.team_id),
        "assignee_id": takers[said["assign"]] if "assign" in said else said.get("agent", ticket.assignee_id),
    }
    return {name: value for name, value in wanted.items() if value != getattr(ticket, name)}


def _tags(present: Iterable[str], more: Iterable[str], fewer: Iterable[str]) -> list[str]:
    without = {tag.casefold() for tag in fewer}
    return [tag for tag in joined(present, more) if tag.casefold() not in without]


def _check(session: Session, values: dict[str, Any], there: There) -> None:
    placeholders.check(session, "content", values.get("content") or "")
    errors = [*_action_errors(values.get("actions") or {}, there)]
    if errors:
        raise Invalid(errors)


def _action_errors(actions: Mapping[str, Any], there: There) -> Iterator[FieldError]:
    """Yield what stands against changes: a team or agent who takes no work or is not seen, and two takers."""
    team, agent = actions.get(TEAM), actions.get(AGENT)
    if team is not None and (TEAM, team) not in there:
        yield FieldError("actions.team", "not_allowed", _("Choose an active team."))
    if agent is not None and (AGENT, agent) not in there:
        yield FieldError("actions.agent", "not_allowed", _("Choose an active employee."))
    if agent is not None and "assign" in actions:
        text = _("The ticket goes to one of them: leave one of the two out.")
        yield FieldError("actions.assign", "either", text)


def _there(session: Session, actor: Actor, many: Iterable[Mapping[str, Any]]) -> There:
    """Return which of the teams and agents that macros name take work and are seen: one statement of each."""
    said = [values.get("actions") or {} for values in many]
    found = set()
    for word, model, active in ((TEAM, Team, Team.is_active), (AGENT, Employee, Employee.active)):
        if keys := sorted({actions[word] for actions in said if actions.get(word) is not None}):
            named = bindparam("keys", keys, BigInteger, expanding=True)
            wanted = select(model.id).where(model.id.in_(named), active.is_(True), visible(actor, model))
            found |= {(word, key) for key in session.scalars(wanted)}
    return frozenset(found)
