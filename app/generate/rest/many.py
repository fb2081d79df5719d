"""`POST /<table>/bulk`: one deed to many rows, chosen by number or by criteria, done in the background.

The answer is the job, a resource like all others: it tells how far it has come and which rows refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from jsonschema import Draft202012Validator
from sqlalchemy.orm import Session

from app import services
from app.access import Actor, may, require
from app.core.declare import Can
from app.core.errors import FieldError, Invalid, Malformed
from app.core.i18n import _
from app.criteria import where
from app.fields import Audience, FieldSet, Purpose, check_json
from app.fields.refusal import error
from app.generate.bulk.selection import MOST, Selection, count, newest
from app.generate.rest.faces import offered, shown, writable
from app.generate.rest.intake import told, typed_of
from app.generate.rest.query import LONGEST
from app.generate.rest.verbs import Verb, verbs_of
from app.models.jobs import Job, JobKind
from app.services import jobs, reach
from app.services.bulk import DELETE, EDIT

IDS = 10_000
"""Numbers that one request may hold."""
CHOICE: dict[str, Any] = {
    "ids": {
        "type": "array",
        "items": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
        "minItems": 1,
        "maxItems": IDS,
        "uniqueItems": True,
    },
    "criteria": {
        "type": "object",
        "description": "A tree of conditions: all, any, not. Empty: all rows.",
    },
    "q": {"type": "string", "maxLength": LONGEST},
}
"""How the rows are chosen: by `ids`, or by `criteria` and words."""
_CHOICE = Draft202012Validator({"properties": CHOICE})


@dataclass(frozen=True)
class Many:
    """One deed that can be done to many rows of a table; `takes` names the values it wants, if any."""

    verb: str
    can: Can
    takes: tuple[Any, tuple[str, ...], Purpose] | None = None
    act: Verb | None = None

    def fields(self, session: Session, actor: Actor) -> FieldSet | None:
        """Return the fields of `values`, None where it takes none."""
        return None if self.takes is None else writable(session, actor, *self.takes[:2])


@dataclass(frozen=True, kw_only=True)
class Asked(Selection):
    """Rows that a program chose, by what the API shows of them."""

    audience: ClassVar[Audience] = Audience.API

    def fields(self, session: Session, actor: Actor, model: Any) -> FieldSet:
        """Return the fields that conditions may ask about."""
        return shown(session, actor, model)


@dataclass(frozen=True)
class Doing:
    """A deed with its values as they were sent: what they mean may depend on the row."""

    many: Many
    values: Mapping[str, Any]

    def do(self, session: Session, actor: Actor, row: Any, expected: int | None = None) -> None:
        """Do it as the request for this one row would. Raises what that one is refused with."""
        require(actor, self.many.can, row)
        fields = self.many.fields(session, actor)
        values: dict[str, Any] = {}
        if fields is not None and self.many.takes is not None:
            about = row if self.many.verb == EDIT else None
            values = typed_of(session, fields, dict(self.values), self.many.takes[2], about)
            reach.check_values(session, actor, self.many.takes[0], values, about)
        if self.many.verb == EDIT:
            services.edit(session, actor, row, values, expected)
        elif self.many.act is None:
            services.delete(session, actor, row, expected)
        else:
            self.many.act.do(session, actor, row, values, expected)

    def together(self, _model: Any) -> None:
        """Return nothing: each row is asked for by itself, as its own request would."""


def deeds_of(model: Any) -> tuple[Many, ...]:
    """Return what can be done to many rows of `model`: change, delete, and most verbs."""
    return tuple(_deeds(model))


def open_to(actor: Actor, model: Any) -> tuple[Many, ...]:
    """Return what `actor` may do to some rows; whoever chooses rows must see them besides."""
    if not may(actor, Can.READ, model):
        return ()
    found = (one for one in deeds_of(model) if may(actor, one.can, model))
    return tuple(one for one in found if one.act is None or one.act.is_in_scope(actor))


def require_some(actor: Actor, model: Any) -> None:
    """Raise NotFound or Forbidden, naming a scope, if nothing at all is open to the actor."""
    if not open_to(actor, model):
        require(actor, Can.READ, model)
        for one in deeds_of(model):
            require(actor, one.can, model)


def begin(session: Session, actor: Actor, model: Any, body: dict[str, Any]) -> Job:
    """Write down the job that `body` asks for. Raises Invalid, Malformed, Forbidden, NotFound."""
    require(actor, Can.READ, model)
    many = _deed(model, body)
    require(actor, many.can, model)
    if many.act is not None:
        many.act.require_scope(actor)
    selection = _selection(session, actor, model, body)
    _check_values(session, actor, many, body)
    total = count(session, actor, model, selection)
    if total > MOST:
        text = _("These are more than %(most)s rows. Narrow them down.", most=MOST)
        raise Invalid.one("criteria", "too_many", text)
    said = {"selection": selection.as_json(), "values": body.get("values", {})}
    return jobs.start(session, actor, JobKind.BULK, model, many.verb, arguments={"api": said}, total=total)


def goes_on(model: Any, verb: str, said: Mapping[str, Any]) -> tuple[Doing, Asked]:
    """Return deed and rows of a job that was begun here."""
    many = next(one for one in deeds_of(model) if one.verb == verb)
    return Doing(many, said["values"]), Asked(**said["selection"])


def _deeds(model: Any) -> Iterator[Many]:
    can = offered(model)
    if Can.EDIT in can:
        yield Many(EDIT, Can.EDIT, (model, (), Purpose.PATCH))
    if Can.DELETE in can:
        yield Many(DELETE, Can.DELETE)
    for verb in verbs_of(model):
        if verb.path not in model.resource.single and verb.chooses is None:
            yield Many(verb.path, verb.can, verb.takes, verb)


def _deed(model: Any, body: Mapping[str, Any]) -> Many:
    unknown = sorted(set(body) - {"verb", "values", *CHOICE})
    if unknown:
        raise Malformed([error(name, "unknown_field") for name in unknown])
    known = {one.verb: one for one in deeds_of(model)}
    said = body.get("verb")
    if isinstance(said, str) and said in known:
        return known[said]
    text = _("Write one of these: %(names)s.", names=", ".join(known))
    raise Invalid.one("verb", "required" if said is None else "not_an_option", text)


def _selection(session: Session, actor: Actor, model: Any, body: Mapping[str, Any]) -> Asked:
    wrong = {str(found.absolute_path[0]) for found in _CHOICE.iter_errors(body)}
    wrong |= {"q"} if "\0" in str(body.get("q", "")) else set()
    if wrong:
        raise Invalid([error(name, "not_structured") for name in sorted(wrong)])
    if ("ids" in body) is ("criteria" in body) or ("ids" in body and "q" in body):
        text = _("Say which rows are meant: either ids, or criteria and perhaps q.")
        raise Invalid([FieldError("ids", "required", text)], text)
    if "ids" in body:
        return Asked(seen={str(int(number)): None for number in body["ids"]})
    try:
        where(body["criteria"], shown(session, actor, model), model)
    except Invalid as problem:
        raise told(problem) from problem
    return Asked(tree=body["criteria"], q=body.get("q", ""), upto=newest(session, model))


def _check_values(session: Session, actor: Actor, many: Many, body: Mapping[str, Any]) -> None:
    """Raise Invalid for values that no row could take, each named within `values`."""
    fields, values = many.fields(session, actor), body.get("values")
    if fields is None or many.takes is None:
        if "values" in body:
            raise Malformed([error("values", "unknown_field")])
        return
    if not isinstance(values, dict) or not values:
        raise Invalid.one("values", "required", _("Say what the rows are to be given."))
    try:
        check_json(fields, values, Audience.API, many.takes[2])
    except Invalid as problem:
        inner = told(problem)
        raise type(inner)(
            [FieldError(f"values.{one.field}", one.code, one.message) for one in inner.errors]
        ) from problem
