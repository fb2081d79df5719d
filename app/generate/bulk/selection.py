"""Which rows of a list are meant: those that were ticked, or all that its filters and words leave.

A selection travels as JSON in a form and in a job, holding ids and criteria only. Which rows that are is
asked anew each time, with the eyes of the actor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl

import orjson
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.access import Actor
from app.core.errors import Invalid, Malformed
from app.core.i18n import _
from app.fields import Audience, FieldSet
from app.fields.refusal import error
from app.generate import listing
from app.generate.columns import seen_by
from app.generate.lists import tree_in

MOST = 100_000
"""Rows of one selection; whoever means more is asked to narrow it down."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Rows of one list. `seen` maps the ids that were ticked to the versions seen, as JSON keys.

    Without ticks all rows of the list are meant: those that `tree` and `q` leave, up to the id `upto`, the
    newest there was when they were chosen.
    """

    seen: Mapping[str, int | None] = field(default_factory=dict)
    tree: Mapping[str, Any] | None = None
    q: str = ""
    upto: int | None = None

    audience: ClassVar[Audience] = Audience.AGENT
    """As whom the chooser saw the rows."""

    def fields(self, session: Session, actor: Actor, model: Any) -> FieldSet:
        """Return the fields that conditions may ask about."""
        return seen_by(session, actor, model)

    @property
    def is_ticked(self) -> bool:
        """Tell whether rows were ticked one by one."""
        return bool(self.seen)

    @property
    def ids(self) -> list[int]:
        """Return the ticked ids in their order."""
        return sorted(map(int, self.seen))

    def version(self, row: Any) -> int | None:
        """Return the version of a row that the person saw, None where they did not look at each."""
        return self.seen.get(str(row.id))

    def as_json(self) -> dict[str, Any]:
        """Return what `Selection(**…)` takes again."""
        return asdict(self)


def asked(session: Session, actor: Actor, model: Any, form: MultiDict[str, str]) -> Selection:
    """Return what a list's form means: the ticks `id` (`12.3`: row 12 in version 3), or with `all` its view.

    Raises Malformed for what is neither, Invalid for filters that make no sense.
    """
    if "selection" in form:
        return _kept(form["selection"])
    if "all" not in form:
        return _ticked(form.getlist("id"))
    view = MultiDict(parse_qsl(form.get("view", ""), keep_blank_values=True))
    tree = tree_in(session, actor, model, seen_by(session, actor, model), view)
    return Selection(tree=tree, q=view.get("q", ""), upto=newest(session, model))


def newest(session: Session, model: Any) -> int:
    """Return the greatest number there is now, 0 without rows."""
    return session.scalar(select(func.max(model.id))) or 0


def rows_of(session: Session, actor: Actor, model: Any, selection: Selection) -> Select[Any]:
    """Return the statement of the rows meant that `actor` may see, in the order of their numbers."""
    question = listing.Question(order="id", tree=selection.tree, q=selection.q, audience=selection.audience)
    fields = selection.fields(session, actor, model)
    statement = listing.filtered(session, actor, model, fields, question).order_by(model.id)
    if selection.is_ticked:
        return statement.where(model.id.in_(selection.ids))
    return statement if selection.upto is None else statement.where(model.id <= selection.upto)


def count(session: Session, actor: Actor, model: Any, selection: Selection) -> int:
    """Return how many rows are meant, counted up to MOST + 1; ticked ones count even if they are gone."""
    if selection.is_ticked:
        return len(selection.seen)
    numbers = rows_of(session, actor, model, selection).with_only_columns(model.id).order_by(None)
    return session.scalar(select(func.count()).select_from(numbers.limit(MOST + 1).subquery())) or 0


def _ticked(ticks: list[str]) -> Selection:
    if not ticks:
        raise Invalid.one("id", "required", _("Tick at least one row."))
    return Selection(seen=dict(map(_tick, ticks)))


def _tick(text: str) -> tuple[str, int | None]:
    key, _, version = text.partition(".")
    if not _is_number(key) or (version and not _is_number(version)):
        raise Malformed([error("id", "not_a_number")])
    return str(int(key)), int(version) if version else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _kept(text: str) -> Selection:
    """Read a selection that a page of ours handed out; a forged one reaches no row its sender may not see."""
    try:
        said = orjson.loads(text)
        kept = Selection(**said)
        seen = dict(_tick(f"{key}.{version or ''}".rstrip(".")) for key, version in kept.seen.items())
        return Selection(seen=seen, tree=kept.tree, q=str(kept.q), upto=int(kept.upto or 0))
    except (orjson.JSONDecodeError, TypeError, ValueError, AttributeError) as mistake:
        raise Malformed([error("selection", "not_structured")]) from mistake
