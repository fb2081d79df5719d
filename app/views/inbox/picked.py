"""The changes of macros that are made when an answer is sent, as the composer shows them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor
from app.fields import fields_of
from app.generate.lines.say import cell_of
from app.generate.parts import NOTHING
from app.models.macros import Macro
from app.services import macros


@dataclass(frozen=True, kw_only=True)
class Picked:
    """One macro: its changes in words, and the state it leaves the ticket at, if it says one."""

    id: int
    title: str
    chips: Any
    status: str | None


def picked(session: Session, actor: Actor, numbers: Collection[int]) -> tuple[Picked, ...]:
    """Return the macros with these numbers that the actor may use, in their order."""
    if not numbers:
        return ()
    field = fields_of(session, Macro)["actions"]
    found = macros.known(session, actor, numbers)
    cells = [cell_of(session, actor, field, one.actions) or NOTHING for one in found]
    return tuple(
        Picked(id=one.id, title=one.title, chips=cell.value or (), status=one.actions.get("status"))
        for one, cell in zip(found, cells, strict=True)
    )
