"""The grid of one role as a form: a matrix drawn as inputs, and inputs read as a matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.core.errors import Malformed
from app.core.i18n import Text, _
from app.fields import fields_of
from app.fields.refusal import error
from app.generate.pages import Option
from app.models.access import RowScope, Verb
from app.services.grants import hideable
from app.services.matrix import HIDE, Line, Matrix, scopes_of, tables, verbs_of
from app.views.access.words import ROWS, grouped, hides, said

BASE, BACK = "base", "back"
"""Inputs: the matrix that the form was drawn from, and a table to be drawn as it is declared."""
Errors = Mapping[str, list[Text]]
"""Messages by place, as `tickets.edit` or `tickets.hide`."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A choice of rows for one verb; `label` names it to those who do not see the grid."""

    name: str
    label: Text
    head: Text
    value: str
    options: tuple[Option, ...]
    changed: bool
    errors: tuple[Text, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Row:
    """A table: a cell for each verb, None where the desk itself writes; and the fields to hide."""

    table: str
    title: Text
    cells: tuple[Cell | None, ...]
    hide: tuple[Option, ...]
    hidden: Text
    usual: Text
    """What is declared, where it differs."""
    errors: tuple[Text, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """All tables under the headings of the navigation, and what they were drawn from."""

    groups: tuple[tuple[Text, tuple[Row, ...]], ...]
    base: str
    problems: tuple[tuple[str, Text], ...] = field(default=())


def drawn(session: Session, shown: Matrix, base: Matrix, usual: Matrix, errors: Errors) -> Sheet:
    """Return the grid with what is `shown` in it, drawn from `base`."""
    groups = tuple(
        (title, tuple(_row(session, model, shown, usual, errors) for model in models))
        for title, models in grouped()
    )
    labels = {model.__tablename__: model.resource.plural for model in tables()}
    problems = tuple(
        (place, _("%(things)s: %(message)s", things=labels[place.partition(".")[0]], message=text))
        for place, texts in errors.items()
        for text in texts
    )
    return Sheet(groups=groups, base=_written(base), problems=problems)


def typed(form: MultiDict[str, str], base: Matrix) -> Matrix:
    """Return the matrix that a form holds; what is not in it stays as in `base`."""
    return {
        model.__tablename__: _typed(form, model.__tablename__, base[model.__tablename__])
        for model in tables()
    }


def read_base(form: MultiDict[str, str]) -> Matrix:
    """Return the matrix a form was drawn from. Raises Malformed for one that is none of ours."""
    try:
        said_of = orjson.loads(form.get(BASE, ""))
        return {model.__tablename__: _line(model, said_of[model.__tablename__]) for model in tables()}
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as problem:
        raise Malformed([error(BASE, "not_structured")]) from problem


def _line(model: Any, places: Mapping[str, Any]) -> Line:
    rows = {verb: RowScope(places[verb.value]) for verb in verbs_of(model)}
    return Line(rows, frozenset(map(str, places[HIDE])))


def _typed(form: MultiDict[str, str], table: str, base: Line) -> Line:
    known = {scope.value: scope for scope in RowScope}
    rows = {verb: known.get(form.get(f"{table}.{verb}", ""), present) for verb, present in base.rows.items()}
    hide = frozenset(form.getlist(f"{table}.{HIDE}")) if f"{table}.{HIDE}.asked" in form else base.hide
    return Line(rows, hide)


def _written(matrix: Matrix) -> str:
    plain = {
        table: {**{verb.value: rows.value for verb, rows in line.rows.items()}, HIDE: sorted(line.hide)}
        for table, line in matrix.items()
    }
    return orjson.dumps(plain).decode()


def _row(session: Session, model: Any, shown: Matrix, usual: Matrix, errors: Errors) -> Row:
    table = model.__tablename__
    line, declared = shown[table], usual.get(table)
    fields = fields_of(session, model)
    names = dict.fromkeys((*hideable(session, model), *sorted(line.hide)))
    differs = declared is not None and (declared.rows, declared.hide) != (line.rows, line.hide)
    return Row(
        table=table,
        title=model.resource.plural,
        cells=tuple(_cell(model, verb, line, declared, errors) for verb in Verb),
        hide=tuple(
            Option(
                value=name, label=fields[name].label if name in fields else name, selected=name in line.hide
            )
            for name in names
        ),
        hidden=hides(line.hide) if line.hide else _("Nothing hidden"),
        usual=(said(declared) if not declared.is_empty else ROWS[RowScope.NONE])
        if declared and differs
        else "",
        errors=tuple(
            text for place, texts in errors.items() if place.startswith(f"{table}.") for text in texts
        ),
    )


def _cell(model: Any, verb: Verb, line: Line, declared: Line | None, errors: Errors) -> Cell | None:
    if verb not in line.rows:
        return None
    name = f"{model.__tablename__}.{verb}"
    value = line.rows[verb]
    return Cell(
        name=name,
        label=_("%(things)s: %(verb)s", things=model.resource.plural, verb=verb.label),
        head=verb.label,
        value=value.value,
        options=tuple(Option(value=one.value, label=ROWS[one]) for one in scopes_of(model)),
        changed=declared is not None and declared.rows[verb] is not value,
        errors=tuple(errors.get(name, ())),
    )
