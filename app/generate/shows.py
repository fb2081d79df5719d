"""Show pages: the facts of a row, what belongs to it in tabs, and what happened to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, inspect, literal, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app import services
from app.access import Actor, hidden, may, visible
from app.adapters import markdown
from app.core.declare import Can, Desk
from app.core.i18n import Text, _
from app.fields import FieldSet, Kind
from app.generate import builder, changes, framed, pages
from app.generate.actions import label_of_adding
from app.generate.addresses import with_query
from app.generate.cells import page_address, plain_cell, title_of
from app.generate.columns import drawing, expand, label_of, seen_by
from app.generate.elsewhere import drawings_elsewhere
from app.generate.history import history_of
from app.generate.lines.say import cell_of
from app.generate.lists import View, list_page
from app.generate.neighbours import LIST
from app.generate.parts import Empty, Show
from app.generate.places import list_address
from app.generate.uses import count_text, counted, uses_of

NOWHERE = Empty(title=_("Nothing refers to this"), text=_("It can go without a trace."), icon="link")
WIDE = {Kind.LONG_TEXT, Kind.JSON}
HISTORY, USES, JSON = "history", "uses", "json"
NAMES = {HISTORY: _("History"), USES: _("Where used"), JSON: _("JSON")}


def show_page(
    session: Session,
    actor: Actor,
    row: Any,
    arguments: MultiDict[str, str],
    menu: tuple[pages.Action, ...],
) -> pages.ShowPage:
    """Return the page of one row. `menu` is what may be done with it, as beside the rows of a list."""
    resource = row.resource
    title, number = title_of(row), inspect(row).identity[0]
    return pages.ShowPage(
        title=title,
        subtitle="" if title == f"{resource.title} {number}" else f"{resource.title} #{number}",
        crumbs=(pages.Crumb(label=resource.plural, url=list_address(type(row))),),
        facts=(*facts(session, actor, row), *_counted(session, row)),
        actions=tuple(replace(one, url=one.url.replace(pages.KEY, str(row.id))) for one in menu),
        tabs=tuple(_tabs(session, actor, row, arguments)),
    )


def facts(session: Session, actor: Actor, row: Any) -> tuple[pages.Section, ...]:
    """Return the declared values of a row, long ones last."""
    model = type(row)
    fields = seen_by(session, actor, model)
    names = expand(fields, model.resource.show or model.resource.columns, hidden(actor, model))
    names.sort(key=lambda name: _is_wide(fields, name))
    told = drawings_elsewhere(session, actor, fields, names, [row])
    found = tuple(
        pages.Fact(
            label=label_of(model, fields, name),
            cell=_said(session, actor, fields, row, name)
            or (told.get(name) or drawing(actor, fields, name))(row),
            wide=_is_wide(fields, name),
        )
        for name in names
    )
    return (pages.Section(title="", facts=found),)


def _said(session: Session, actor: Actor, fields: FieldSet, row: Any, name: str) -> pages.Cell | None:
    """Return the cell of conditions and JSON of a declared shape, in words, and of Markdown; else None."""
    field = fields.get(name)
    if field is None:
        return None
    value = field.read(row)
    if field.markdown and value:
        return pages.Cell(kind=Show.MARKDOWN, text=value, value=markdown.render(value))
    return (
        framed.cell_of(field, row)
        or changes.cell_of(session, actor, fields, row, name)
        or builder.cell_of(session, actor, field, value, vars(row))
        or cell_of(session, actor, field, value)
    )


def _counted(session: Session, row: Any) -> Iterator[pages.Section]:
    """Yield what the service of the row says of it, if it does."""
    said = services.figures(session, row)
    if said is not None:
        items = [(item.label, plain_cell(item.value)) for item in said.items]
        found = (pages.Fact(label=label, cell=cell, wide=cell.kind is Show.JSON) for label, cell in items)
        yield pages.Section(title=said.title, facts=tuple(found))


def _is_wide(fields: FieldSet, name: str) -> bool:
    return name in fields and fields[name].kind in WIDE


def _tabs(session: Session, actor: Actor, row: Any, arguments: MultiDict[str, str]) -> Iterator[pages.Tab]:
    base = page_address(type(row), row.id) or ""
    related = [name for name in row.resource.inline if may(actor, Can.READ, _target(row, name))]
    history = [HISTORY] if row.resource.audit and may(actor, Can.EDIT, row) else []
    watched = [JSON] if row.resource.desk is Desk.WATCH else []
    names = [*related, *history, *([USES] if may(actor, Can.EDIT, row) else []), *watched]
    current = arguments.get("tab") if arguments.get("tab") in names else next(iter(names), None)
    counts = counted(session, {name: _belonging(actor, row, name) for name in related})
    came = [(LIST, arguments[LIST])] if LIST in arguments else []
    for name in names:
        url, is_current = with_query(base, [("tab", name), *came]), name == current
        yield pages.Tab(
            label=_label(row, name),
            url=url,
            count=count_text(counts[name]) if name in counts else "",
            current=is_current,
            body=_body(session, actor, row, name, url) if is_current else None,
        )


def _label(row: Any, name: str) -> Text:
    return NAMES[name] if name in NAMES else _target(row, name).resource.plural


def _body(
    session: Session, actor: Actor, row: Any, name: str, url: str
) -> pages.ListPage | pages.History | pages.Uses | pages.Raw:
    if name == JSON:
        return pages.Raw(members=_members(session, actor, row))
    if name == HISTORY:
        return history_of(session, actor, row)
    if name == USES:
        return pages.Uses(uses=uses_of(session, actor, row), empty=NOWHERE)
    model, remote = _target(row, name), _remote(row, name)
    add = _add_action(actor, model, remote, row)
    view = View(model=model, url=url, where=getattr(model, remote) == row.id, parent=remote, add=add)
    return list_page(session, actor, view, MultiDict())


def _members(session: Session, actor: Actor, row: Any) -> dict[str, Any]:
    fields = seen_by(session, actor, type(row))
    return fields.pick(tuple(dict.fromkeys(("id", *fields)))).dump(row)


def _belonging(actor: Actor, row: Any, name: str) -> Select[Any]:
    model = _target(row, name)
    mine = getattr(model, _remote(row, name)) == row.id
    return select(literal(1)).select_from(model).where(mine, visible(actor, model))


def _add_action(actor: Actor, model: Any, remote: str, row: Any) -> pages.Action | None:
    if model.resource.desk is not Desk.MANAGE or not may(actor, Can.ADD, model):
        return None
    url = with_query(f"/admin/{model.__tablename__}/add", [(remote, str(row.id))])
    return pages.Action(label=label_of_adding(model.resource), url=url, icon="plus")


def _target(row: Any, name: str) -> Any:
    return inspect(type(row)).relationships[name].mapper.class_


def _remote(row: Any, name: str) -> str:
    return str(next(iter(inspect(type(row)).relationships[name].remote_side)).key)
