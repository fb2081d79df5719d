"""`/access/why`: may this person do this, to this thing or to this very row of it? And what decides that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import models
from app.access import Actor, Explanation, Reason, explain
from app.access.grants import VERBS
from app.core.declare import Can
from app.core.extensions import db
from app.core.i18n import Text, _
from app.fields.live import title_of_role
from app.generate import listing
from app.generate.cells import title_of
from app.generate.pages import Crumb, FormField, Option
from app.models.access import DeskRole, Verb
from app.models.people import Employee
from app.services import roles
from app.services.matrix import tables
from app.views.access.blueprint import URL, blueprint, reader
from app.views.access.words import grouped

PATH = re.compile(r"/(?:admin|console)/(?P<table>[a-z_]+)/(?:(?P<verb>[a-z]+)/?)?(?P<key>[0-9]{1,18})?")
INBOX = re.compile(r"/inbox/[a-z]+/(?P<key>[0-9]{1,18})")
DEEDS = {"add": Verb.ADD, "import": Verb.ADD, "edit": Verb.EDIT, "delete": Verb.DELETE}
"""The verb that a page of a screen needs; any other needs to be read."""


@dataclass(frozen=True)
class Answer:
    """Yes or no in one sentence, the steps that led there, and the grid in which the grant stands."""

    allowed: bool
    sentence: Text
    told: Explanation
    url: str | None
    role: Text


@dataclass(frozen=True, kw_only=True)
class Page:
    """A question as a form, and its answer."""

    url: str
    crumbs: tuple[Crumb, ...]
    fields: tuple[FormField, ...]
    answer: Answer | None
    problem: Text


@dataclass(frozen=True)
class Asked:
    """What the address asks, as far as it says."""

    employee: str
    table: str
    verb: str
    number: str

    @classmethod
    def read(cls, actor: Actor) -> Asked:
        """Return the question; the page that could not be opened (`path`) asks it of whoever tried."""
        said = request.args
        path = said.get("path", "")
        if ticket := INBOX.match(path):
            return cls(str(actor.id), "tickets", Verb.READ.value, ticket["key"])
        tried = PATH.match(path)
        if tried is None:
            words = (said.get(name, "").strip() for name in ("employee", "table", "verb", "number"))
            return cls(*words)
        verb = DEEDS.get(tried["verb"] or "", Verb.READ)
        return cls(str(actor.id), tried["table"], verb.value, tried["key"] or "")


@blueprint.get(f"{URL}why")
def explained() -> str:
    """Ask, and answer in words."""
    actor, session = reader(), db.session()
    asked = Asked.read(actor)
    person = listing.one(session, actor, Employee, asked.employee)
    answer, problem = _answer(session, actor, person, asked)
    page = Page(
        url=f"{URL}why",
        crumbs=(Crumb(label=_("Who may what"), url=URL),),
        fields=tuple(_fields(person, asked)),
        answer=answer,
        problem=problem,
    )
    return render_template("access/why.html", page=page)


def _answer(
    session: Session, actor: Actor, person: Employee | None, asked: Asked
) -> tuple[Answer | None, Text]:
    """Return the answer, and what keeps the question from having one."""
    model = next((one for one in models.load() if one.__tablename__ == asked.table), None)
    verb = next((one for one in Verb if one == asked.verb), None)
    if person is None or model is None or verb is None:
        said = asked.employee and person is None
        return None, _("There is no such employee, or you may not see them.") if said else ""
    row = listing.one(session, actor, model, asked.number) if asked.number else None
    if asked.number and row is None:
        return None, _("There is no such record, or you may not see it yourself.")
    return _decided(session, person, VERBS[verb], model, row), ""


def _decided(session: Session, person: Employee, can: Can, model: Any, row: Any | None) -> Answer:
    told = explain(roles.actor_of(session, person), can, model if row is None else row)
    role = session.scalars(select(DeskRole).where(DeskRole.name == person.role)).one()
    facts = {
        "name": person.name,
        "verb": Verb(next(verb for verb, one in VERBS.items() if one is can)).label,
        "what": model.resource.plural if row is None else title_of(row),
    }
    allowed = told.allowed and bool(person.active)
    yes = _("Yes. %(name)s may do this: %(verb)s, %(what)s.", **facts)
    no = _("No. %(name)s may not do this: %(verb)s, %(what)s.", **facts)
    shown = model in set(tables())
    url = f"{URL}{role.id}#{model.__tablename__}" if shown else None
    return Answer(
        allowed,
        yes if allowed else no,
        _with_account(told, person),
        url,
        title_of_role(role.name, role.title),
    )


def _with_account(told: Explanation, person: Employee) -> Explanation:
    if person.active:
        return told
    text = _("The account is deactivated: nobody signs in with it.")
    return Explanation(allowed=False, reasons=(Reason("inactive", text), *told.reasons))


def _fields(person: Employee | None, asked: Asked) -> tuple[FormField, ...]:
    chosen = () if person is None else (Option(value=str(person.id), label=person.name, selected=True),)
    things = tuple(
        Option(
            value=model.__tablename__,
            label=_("%(group)s: %(things)s", group=title, things=model.resource.plural),
        )
        for title, found in grouped()
        for model in found
    )
    verbs = tuple(Option(value=verb.value, label=verb.label) for verb in Verb)
    help_ = _("Leave it empty to ask about the kind of thing.")
    return (
        FormField(
            name="employee",
            kind="reference",
            label=Employee.resource.title,
            value=asked.employee,
            options=chosen,
            picker_url="/admin/employees/pick",
            required=True,
        ),
        _select("table", _("Thing"), asked.table, things),
        _select("verb", _("Verb"), asked.verb or Verb.READ.value, verbs),
        FormField(
            name="number", kind="integer", label=_("Number of a record"), value=asked.number, help=help_
        ),
    )


def _select(name: str, label: Text, value: str, options: tuple[Option, ...]) -> FormField:
    return FormField(name=name, kind="select", label=label, value=value, options=options, required=True)
