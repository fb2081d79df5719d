"""`/fields/<table>`: the fields of one table in their order and sections, moved by drag, keys or buttons.

The list is one column of headings and fields; a field stands under the heading above it. So an order sent as
it stands says everything, and a section begins wherever a heading is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import format_decimal
from werkzeug.wrappers import Response

from app.access import Actor, may, require
from app.core.declare import Can, Menu
from app.core.errors import Invalid, NotFound, Stale, told_of
from app.core.extensions import db
from app.core.i18n import Text, _, _n
from app.fields import CUSTOM, Field, fields_of
from app.generate import builder
from app.generate.actions import label_of_adding
from app.generate.addresses import with_query
from app.generate.identity import current_actor
from app.generate.pages import Action
from app.models.fields import FieldDefinition
from app.services import field_layout
from app.services.field_layout import Block, Usage
from app.views.fields.blueprint import URL, blueprint

HEAD = "s:"
"""What the key of a heading begins with; its name follows, nothing for the fields of no section."""
FORM = "/admin/schema_definitions"
NEW = "section"


@dataclass(frozen=True, kw_only=True)
class Item:
    """A heading, or a field with what is to be told of it."""

    key: str
    title: Text
    name: str = ""
    kind: Text = ""
    marks: tuple[Text, ...] = ()
    condition: Text = ""
    used: Text = ""
    url: str | None = None
    deed: Action | None = None

    @property
    def is_head(self) -> bool:
        """Tell whether this is a heading."""
        return self.key.startswith(HEAD)


@dataclass(frozen=True, kw_only=True)
class Page:
    """The layout of one table; `seen` is what it is known by, `tables` the others there are."""

    title: Text
    url: str
    tables: tuple[tuple[Text, str, bool], ...]
    items: tuple[Item, ...]
    retired: tuple[Item, ...]
    seen: str
    counted: Text
    problem: Text
    can_move: bool
    actions: tuple[Action, ...]


@blueprint.get(URL)
def first() -> Response:
    """Go to the first table that has fields of the desk's own."""
    model = next(iter(_models(current_actor())), None)
    if model is None:
        raise NotFound
    return redirect(f"{URL}{model.__tablename__}")


@blueprint.get(f"{URL}<table>")
def show_layout(table: str) -> str:
    """Show the fields of one table."""
    actor = current_actor()
    require(actor, Can.READ, FieldDefinition)
    return _page(actor, _model(actor, table))


@blueprint.post(f"{URL}<table>")
def arrange(table: str) -> str | Response | tuple[str, int]:
    """Keep the order as it stands in the form, after the one move that a button says."""
    actor = current_actor()
    require(actor, Can.EDIT, FieldDefinition)
    model = _model(actor, table)
    keys = _moved(request.form.getlist("id"), request.form)
    try:
        changed = field_layout.arrange(
            db.session(), actor, model, _blocks(keys), request.form.get("seen", "")
        )
        db.session.commit()
    except (Invalid, Stale) as problem:
        db.session.rollback()
        return _page(actor, model, told_of(problem)), 422 if isinstance(problem, Invalid) else 409
    if changed:
        flash(_n("%(num)s field was moved.", "%(num)s fields were moved.", changed), "success")
    return redirect(with_query(f"{URL}{table}", [(NEW, name) for name in _bare(keys)]))


def _models(actor: Actor) -> list[Any]:
    """Return the tables with fields of the desk's own whose rows the actor may read, by job."""
    jobs = [*Menu]
    known = (model for model in field_layout.layouts() if model.resource.menu and may(actor, Can.READ, model))
    return sorted(known, key=lambda model: jobs.index(model.resource.menu))


def _model(actor: Actor, table: str) -> Any:
    model = next((one for one in _models(actor) if one.__tablename__ == table), None)
    if model is None:
        raise NotFound
    return model


def _moved(keys: list[str], form: Mapping[str, str]) -> list[str]:
    """Return the keys after the move by a button: `up` or `down` names the one that moves."""
    for word, step in (("up", -1), ("down", 1)):
        key = form.get(word)
        if key in keys:
            place = keys.index(key)
            other = min(max(place + step, 0), len(keys) - 1)
            keys[place], keys[other] = keys[other], keys[place]
    return keys


def _blocks(keys: Iterable[str]) -> list[Block]:
    """Return the sections that an order of headings and fields makes. Raises NotFound for other keys."""
    blocks = [Block(None, ())]
    for key in keys:
        if key.startswith(HEAD):
            blocks.append(Block(key.removeprefix(HEAD).strip() or None, ()))
        elif key.isdecimal() and len(key) < 10:
            blocks[-1] = Block(blocks[-1].section, (*blocks[-1].keys, int(key)))
        else:
            raise NotFound
    return blocks


def _bare(keys: list[str]) -> Iterator[str]:
    """Yield the headings that no field stands under: they are kept in the address only."""
    for key, following in zip(keys, [*keys[1:], HEAD], strict=True):
        if key.startswith(HEAD) and key != HEAD and following.startswith(HEAD):
            yield key.removeprefix(HEAD)


def _page(actor: Actor, model: Any, problem: Text = "") -> str:
    session = db.session()
    present = field_layout.definitions(session, actor, model)
    used = field_layout.usage(session, model, [one.field_name for one in present])
    place = builder.Place.on(session, actor, model.__tablename__, "show_when")
    said = builder.sentences(session, actor, place, [one.show_when for one in present])
    drawn = {one.id: _item(actor, model, one, used, words) for one, words in zip(present, said, strict=True)}
    table = model.__tablename__
    page = Page(
        title=_("Fields: %(things)s", things=model.resource.plural),
        url=f"{URL}{table}",
        tables=tuple(
            (one.resource.plural, f"{URL}{one.__tablename__}", one is model) for one in _models(actor)
        ),
        items=tuple(_items(field_layout.blocks_of(present), drawn)),
        retired=tuple(drawn[one.id] for one in present if one.deprecated_at is not None),
        seen=field_layout.seen_as(present),
        counted=_("Values are counted in the newest %(count)s rows.", count=format_decimal(used.looked)),
        problem=problem,
        can_move=may(actor, Can.EDIT, FieldDefinition),
        actions=tuple(_actions(actor, table)),
    )
    return render_template("fields/layout.html", page=page)


def _items(blocks: Iterable[Block], drawn: Mapping[int, Item]) -> Iterator[Item]:
    """Yield headings and fields in their order; a new heading, and those left bare, stand at the end."""
    known = [*blocks]
    for place, block in enumerate(known):
        if block.section or place:
            yield Item(key=f"{HEAD}{block.section or ''}", title=block.section or _("Further fields"))
        yield from (drawn[key] for key in block.keys)
    names = {block.section for block in known}
    for name in dict.fromkeys(name.strip()[:60] for name in request.args.getlist(NEW)):
        if name and name not in names:
            yield Item(key=f"{HEAD}{name}", title=name)


def _item(actor: Actor, model: Any, one: FieldDefinition, used: Usage, condition: Text) -> Item:
    field = fields_of(db.session(), model)[f"{CUSTOM}.{one.field_name}"]
    return Item(
        key=str(one.id),
        title=field.label,
        name=one.field_name,
        kind=one.field_type.label,
        marks=tuple(_marks(field)),
        condition=condition if one.show_when else "",
        used=_used(used.counts[one.field_name]),
        url=f"{FORM}/edit/{one.id}" if may(actor, Can.EDIT, one) else f"{FORM}/show/{one.id}",
        deed=_deed(one) if may(actor, Can.EDIT, one) else None,
    )


def _marks(field: Field) -> Iterator[Text]:
    if field.required:
        yield _("Required")
    if field.searchable:
        yield _("Searchable")
    if field.deprecated_values:
        count = len(field.deprecated_values)
        yield _n("%(num)s retired option", "%(num)s retired options", count)


def _used(count: int) -> Text:
    return _n("%(num)s value", "%(num)s values", count) if count else _("No values")


def _deed(one: FieldDefinition) -> Action:
    if one.deprecated_at is None:
        return Action(label=_("Retire"), url=f"{FORM}/act/retire/{one.id}", icon="archive")
    return Action(label=_("Bring back"), url=f"{FORM}/act/bring_back/{one.id}", icon="undo-2")


def _actions(actor: Actor, table: str) -> Iterator[Action]:
    yield Action(label=_("As a list"), url=f"{FORM}/list/?applies_to={table}", icon="list")
    if may(actor, Can.ADD, FieldDefinition):
        label = label_of_adding(FieldDefinition.resource)
        yield Action(label=label, url=f"{FORM}/add?applies_to={table}", icon="plus", primary=True, key="c")
