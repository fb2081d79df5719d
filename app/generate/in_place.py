"""Making a row where a form asks for it: the short form of its required fields, and back with it chosen.

With scripts a dialog asks for the short form and is answered with JSON. Without, the button of a picker sends
the whole form on to the short form, which carries it and sends it back: both by 307, so that every step is a
POST whose body is what was typed, and nothing is kept on the server.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from flask import jsonify, redirect, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from app.access import Actor, may
from app.core.declare import Can, Desk
from app.core.errors import NotFound
from app.fields import Audience, FieldSet
from app.generate.addresses import with_query
from app.generate.cells import title_of
from app.models import by_table

SHORT, BACK, INPUT, MADE = "short", "back", "input", "made"
"""Parameters of an address: only required fields; where to go back to; for which input; what was made."""
CREATE = "create."
"""Begins the name of the button beside a picker; its value is the table."""
CARRIED = "carried"
"""The input that holds the form somebody came from."""


def is_short() -> bool:
    """Tell whether only the short form is asked for."""
    return SHORT in request.args


def short(fields: FieldSet, model: Any) -> FieldSet:
    """Return the fields without which there is no row, and what it is called."""
    title = model.resource.label or model.resource.columns[0]
    needed = (name for name, one in fields.items() if name == title or one.required_of(Audience.AGENT))
    return fields.pick(tuple(needed))


def offer(actor: Actor, model: Any) -> dict[str, str] | None:
    """Return what a picker needs to make a row of `model`; None where the actor may not."""
    if model.resource.desk is not Desk.MANAGE or not may(actor, Can.ADD, model):
        return None
    title = model.resource.label or model.resource.columns[0]
    url = with_query(f"/admin/{model.__tablename__}/add", [(SHORT, "1")])
    return {"url": url, "name": title, "title": str(model.resource.title)}


def leaving() -> Response | None:
    """Return the way to the short form if a button beside a picker was pressed."""
    button = next((name for name in request.form if name.startswith(CREATE)), None)
    if button is None:
        return None
    table = request.form[button]
    try:
        by_table(table)
    except KeyError as problem:
        raise NotFound from problem
    said = [(SHORT, "1"), (INPUT, button.removeprefix(CREATE)), (BACK, request.full_path.rstrip("?"))]
    return redirect(with_query(f"/admin/{table}/add", said), 307)


def arrived() -> bool:
    """Tell whether somebody just came from another form, which is then carried along."""
    if request.method != "POST" or INPUT not in request.args or CARRIED in request.form:
        return False
    pairs = [pair for pair in request.form.items(multi=True) if not pair[0].startswith(CREATE)]
    _take([(CARRIED, orjson.dumps(pairs).decode())])
    return True


def carried() -> tuple[tuple[str, str], ...]:
    """Return the input that carries the other form on."""
    return ((CARRIED, request.form[CARRIED]),) if CARRIED in request.form else ()


def back(row: Any | None) -> Response | None:
    """Return the way back to the form that is carried, with `row` chosen there; None if there is none."""
    where = request.args.get(BACK, "")
    if CARRIED not in request.form or not where.startswith("/admin/"):
        return None
    made = "" if row is None else f"{request.args.get(INPUT, '')}:{row.id}"
    said = [pair for pair in parse_qsl(urlsplit(where).query) if pair[0] != MADE]
    return redirect(with_query(urlsplit(where).path, [*said, (MADE, made)]), 307)


def returned() -> bool:
    """Tell whether somebody just came back, and put what they had typed in its place again."""
    if request.method != "POST" or MADE not in request.args or CARRIED not in request.form:
        return False
    name, _colon, key = request.args[MADE].rpartition(":")
    pairs = [(one, value) for one, value in _pairs(request.form[CARRIED]) if one != name or not key]
    _take([*pairs, *([(name, key)] if key else [])])
    return True


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return []
    return [(str(one[0]), str(one[1])) for one in found if isinstance(one, list) and len(one) == 2]


def _take(pairs: list[tuple[str, str]]) -> None:
    request.form = ImmutableMultiDict(pairs)


def answer(row: Any) -> Response | None:
    """Return the new row as a picker shows it, where a script asked for it."""
    if not is_short() or request.accept_mimetypes.best != "application/json":
        return None
    made = jsonify(value=str(row.id), text=title_of(row))
    made.status_code = 201
    return made
