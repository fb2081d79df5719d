"""Where conditions are built: what they may ask about, and what the inputs are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app import models
from app.access import Actor, may
from app.core.declare import Can, Desk
from app.core.errors import NotFound
from app.criteria import EVERYWHERE, READINGS, Asks, Operator
from app.criteria.known import Known
from app.fields import Field, Kind
from app.generate.addresses import with_query
from app.services.conditions import askable


@dataclass(frozen=True, kw_only=True)
class Place:
    """The input `name`, whose conditions ask about rows of `model`.

    `changes` lets them ask what something was before, `me` who reads them.
    """

    name: str
    model: Any
    fields: Mapping[str, Known]
    changes: bool = False
    me: bool = False

    @classmethod
    def on(
        cls, session: Session, actor: Actor, table: str, name: str, *, changes: bool = False, me: bool = False
    ) -> Place:
        """Return the place for rows of `table`. Raises NotFound if the actor has no screen of these."""
        try:
            model: Any = models.by_table(table)
        except KeyError as problem:
            raise NotFound from problem
        if model.resource.desk is not Desk.MANAGE or not may(actor, Can.READ, model):
            raise NotFound
        offered = {
            field.name: field
            for field in askable(session, actor, model).values()
            if field.kind is not Kind.JSON
        }
        return cls(name=name, model=model, fields={**offered, **EVERYWHERE}, changes=changes, me=me)

    @classmethod
    def of(cls, session: Session, actor: Actor, field: Field, raw: Mapping[str, Any]) -> Place:
        """Return the place of a form's field; `raw` has the value that names its table, where one does.

        What is no table has no fields: the form says so beside the input that names it.
        """
        facts = field.criteria
        if facts is None:
            raise ValueError(f"{field.name} holds no criteria")
        table = str(raw.get(facts.of) or facts.of)
        try:
            return cls.on(session, actor, table, field.name, changes=facts.changes)
        except NotFound:
            return cls(name=field.name, model=None, fields={}, changes=facts.changes)

    @property
    def url(self) -> str:
        """Return where the builder is drawn anew, and its conditions are said and counted."""
        if self.model is None:
            return ""
        flags = [(word, "1") for word in ("changes", "me") if getattr(self, word)]
        return with_query(f"/admin/{self.model.__tablename__}/criteria", [("name", self.name), *flags])

    def operators(self, field: Known) -> Mapping[str, Operator]:
        """Return what may be asked of a field here, by name."""
        every = READINGS[field.kind].operators
        return {name: one for name, one in every.items() if self.changes or one.asks is not Asks.CHANGE}

    def operator(self, field: Known | None, name: str) -> Operator | None:
        """Return the operator of this name, or the first there is; None without a field."""
        if field is None:
            return None
        offered = self.operators(field)
        return offered.get(name) or next(iter(offered.values()))
