"""What needs attention, as declarations name it: counted in one statement, each shown by its list.

A count and its list ask the same filters, so they can never tell different stories.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor, hidden, is_hidden, may
from app.core.declare import Can, Menu
from app.core.i18n import Text
from app.core.matter import Matter
from app.fields import fields_of
from app.generate import listing
from app.generate.filters import asked, tree_of
from app.generate.forms import zone
from app.generate.lists import OWN
from app.generate.places import list_address
from app.models import in_menu_order

CAP = 1_000
"""Rows are counted up to here."""


@dataclass(frozen=True)
class Seen:
    """Something to look at: how many there are, where they stand, and whether it presses."""

    label: Text
    count: int
    url: str
    icon: str
    presses: bool = False

    @property
    def shown(self) -> str:
        """Return the count as shown, capped."""
        return f"{CAP}+" if self.count > CAP else str(self.count)


def matters(session: Session, actor: Actor, menu: Menu | None = None) -> list[Seen]:
    """Return what `actor` may look at, of all or of one group, with its counts: one statement."""
    told = [one for one in _told(actor) if menu in (None, one[0].resource.menu)]
    if not told:
        return []
    counts = session.execute(select(*(_count(session, actor, *one) for one in told))).one()
    return [
        Seen(
            matter.label,
            count,
            f"{list_address(model)}?{matter.asks}",
            matter.icon,
            matter.presses and count > 0,
        )
        for (model, matter), count in zip(told, counts, strict=True)
    ]


def _told(actor: Actor) -> Iterator[tuple[Any, Matter]]:
    """Yield what is declared of kinds the actor sees, in the order of the menu."""
    for model in in_menu_order():
        if may(actor, Can.READ, model):
            hide = hidden(actor, model)
            yield from ((model, one) for one in model.resource.matters if not _asks_hidden(one, hide))


def _asks_hidden(matter: Matter, hide: frozenset[str]) -> bool:
    return any(is_hidden(hide, name.partition("[")[0]) for name, _value in parse_qsl(matter.asks))


def _count(session: Session, actor: Actor, model: Any, matter: Matter) -> Any:
    fields = fields_of(session, model)
    filters = ((name, value) for name, value in parse_qsl(matter.asks) if name not in OWN)
    tree = tree_of(asked(filters, fields, model.resource.filters), zone=zone())
    rows = listing.filtered(session, actor, model, fields, listing.Question(order="id", tree=tree))
    capped = rows.with_only_columns(model.id).limit(CAP + 1).subquery()
    return select(func.count()).select_from(capped).scalar_subquery()
