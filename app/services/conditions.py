"""Criteria as somebody writes them: they may ask only about what the writer sees."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, hidden
from app.core.errors import FieldError, Invalid
from app.criteria import parse
from app.fields import Audience, FieldSet, fields_of


def askable(session: Session, actor: Actor, model: Any) -> FieldSet:
    """Return the fields of `model` that the actor may ask about: those whose values they may see."""
    fields, hide = fields_of(session, model), hidden(actor, model)
    return fields.pick(tuple(one.name for one in fields.visible(Audience.AGENT) if one.name not in hide))


def mistakes(
    session: Session, actor: Actor, model: Any, tree: Any, *, root: str = "criteria", changes: bool = False
) -> tuple[FieldError, ...]:
    """Return what is wrong with criteria on rows of `model`, each mistake with its path below `root`."""
    try:
        parse(tree, askable(session, actor, model), root=root, changes=changes)
    except Invalid as problem:
        return problem.errors
    return ()
