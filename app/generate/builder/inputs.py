"""The builder within a form: read from what was posted, drawn in the place of its input."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.access import Actor
from app.core.errors import Conflict, FieldError, Invalid
from app.fields import FieldSet
from app.generate.builder.deeds import NOTHING, Done, do
from app.generate.builder.place import Place
from app.generate.builder.read import drafted, tree_of
from app.generate.builder.say import counted, references_in, sentence, titles_of
from app.generate.builder.view import Builder, draw
from app.generate.pages import FormField

TIDY = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS


def is_building(form: Mapping[str, str], fields: FieldSet) -> bool:
    """Tell whether a button of a builder was pressed, so that nothing is to be saved yet."""
    return any(f"{field.name}.do" in form for field in fields.values() if field.criteria)


def typed(
    session: Session, actor: Actor, fields: FieldSet, raw: Mapping[str, Any], form: MultiDict[str, str]
) -> dict[str, Any]:
    """Return the criteria of a form as JSON texts, by field name; none where no builder was posted."""
    return {
        field.name: text_of(posted(Place.of(session, actor, field, raw), form)[0])
        for field in fields.values()
        if field.criteria and f"{field.name}.word" in form
    }


def posted(place: Place, form: MultiDict[str, str]) -> tuple[dict[str, Any], Done]:
    """Return the tree that was posted, with the pressed button's deed done."""
    draft = drafted(form, place.name)
    done = do(draft, form.get(f"{place.name}.do", ""))
    return tree_of(draft, place), done


def text_of(tree: Mapping[str, Any]) -> str:
    """Return a tree as the input of a JSON column holds it."""
    return orjson.dumps(tree, option=TIDY).decode()


def built(
    session: Session,
    actor: Actor,
    place: Place,
    tree: Any,
    errors: Iterable[FieldError] = (),
    done: Done = NOTHING,
) -> Builder:
    """Return a builder with everything it says."""
    titles = titles_of(session, actor, references_in(tree, place))
    builder = draw(place, tree, titles, errors, done)
    said = sentence(session, actor, place, tree)
    return replace(builder, sentence=said, counted=counted(session, actor, place, tree) if said else "")


@dataclass(frozen=True)
class Dresser:
    """Puts builders into a form: `raw` is what its inputs hold, `problem` what is wrong with it."""

    session: Session
    actor: Actor
    fields: FieldSet
    raw: Mapping[str, Any]
    problem: Invalid | Conflict | None = None

    def dress(self, inputs: tuple[FormField, ...]) -> tuple[FormField, ...]:
        """Return the inputs with a builder in the place of each that holds criteria."""
        return tuple(self._one(one) for one in inputs)

    def _one(self, one: FormField) -> FormField:
        field = self.fields[one.name]
        if field.criteria is None:
            return one
        place = Place.of(self.session, self.actor, field, self.raw)
        pressed = f"{one.name}.do" in request.form
        tree, done = posted(place, request.form) if pressed else (_tree(one.value), NOTHING)
        errors = self.problem.errors if isinstance(self.problem, Invalid) else ()
        value = built(self.session, self.actor, place, tree, errors, done)
        follows = {"data-criteria-of": field.criteria.of} if field.criteria.of in self.raw else {}
        return replace(one, kind="criteria", value=value, attributes=follows)


def _tree(text: object) -> Any:
    try:
        return orjson.loads(text) if isinstance(text, str) and text else {}
    except orjson.JSONDecodeError:
        return {}
