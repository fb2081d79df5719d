"""Macros: texts with placeholders. One that nobody knows is refused when saved, so it is never sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.declare import Can
from app.core.errors import Invalid
from app.core.i18n import _
from app.models.macros import Macro
from app.models.people import Employee
from app.models.tickets import Ticket
from app.record import expect, flush
from app.services import plain

PLACEHOLDERS: Mapping[str, Callable[[Ticket, Employee | None], str]] = {
    "ticket.id": lambda ticket, _agent: str(ticket.id),
    "ticket.title": lambda ticket, _agent: ticket.title,
    "customer.name": lambda ticket, _agent: ticket.customer.name if ticket.customer else ticket.email,
    "agent.name": lambda _ticket, agent: agent.name if agent else "",
}
"""What a text can ask for, and what stands there in the end."""

_ANY = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_STRAY = re.compile(r"\{\{|\}\}")


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Macro:
    """Add a macro; it is the actor's own. Raises NotFound, Invalid."""
    require(actor, Can.ADD, Macro)
    _check(values)
    macro = Macro(owner_id=actor.id if actor.is_employee else None)
    plain.fill(macro, values)
    session.add(macro)
    flush(session)
    return macro


def edit(
    session: Session, actor: Actor, macro: Macro, values: dict[str, Any], expected: int | None = None
) -> Macro:
    """Change a macro. Raises NotFound, Stale, Invalid."""
    require(actor, Can.EDIT, macro)
    expect(macro, expected)
    _check(values)
    plain.fill(macro, values)
    flush(session)
    return macro


def delete(session: Session, actor: Actor, macro: Macro, expected: int | None = None) -> None:
    """Delete a macro."""
    plain.delete(session, actor, macro, expected)


def render(macro: Macro, ticket: Ticket, agent: Employee | None) -> str:
    """Return the text of `macro` for `ticket`, as `agent` would send it."""

    def value(found: re.Match[str]) -> str:
        # One line each: what people call themselves must not become a paragraph of the answer.
        return " ".join(PLACEHOLDERS[found[1]](ticket, agent).split())

    return _ANY.sub(value, macro.content)


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
    return render(macro, ticket, agent)


def _check(values: dict[str, Any]) -> None:
    content = values.get("content") or ""
    unknown = [name for name in _ANY.findall(content) if name not in PLACEHOLDERS]
    unknown += _STRAY.findall(_ANY.sub("", content))
    if unknown:
        facts = {"names": ", ".join(dict.fromkeys(unknown)), "known": ", ".join(PLACEHOLDERS)}
        text = _("There is no placeholder %(names)s. Known: %(known)s.", **facts)
        raise Invalid.one("content", "unknown_placeholder", text)
