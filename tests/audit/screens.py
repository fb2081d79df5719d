"""The visits to generated screens and to the console."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import orjson
from flask.testing import FlaskClient
from sqlalchemy import inspect

from app.core.declare import Can, Desk
from app.fields import Field, Kind
from app.generate.lines.read import pairs
from app.record.changes import noun_of
from tests.audit.verbs import OUTCOMES, STANDS, is_open
from tests.audit.visit import Visit
from tests.audit.world import CHANGES, World


def at_screens(world: World, model: Any) -> Iterator[Visit]:
    """Yield a visit to each route of the generated screens of a thing, or of its console."""
    if model.resource.desk is Desk.MANAGE:
        yield from _forms(world, model)
        yield from _many(world, model)
    yield from _acts(world, model)


def _forms(world: World, model: Any) -> Iterator[Visit]:
    table, name, noun = model.__tablename__, f"{model.__name__}View", noun_of(model)
    base, client, by = f"/admin/{table}", world.employee(), f"employee:{world.ids['admin']}"
    added = typed(world.sample(table), model)
    yield Visit(f"{name}.add", f"{base}/add", f"{noun}_CREATE", client, by, added)
    sample = world.sample(table)
    offered_there = {name: v for name, v in (sample | CHANGES[table]).items() if name in model.resource.form}
    number, changed = world.make(table, **sample), typed(offered_there, model)
    yield Visit(f"{name}.edit", f"{base}/edit/{number}", f"{noun}_UPDATE", client, by, changed)
    action = f"{noun}_DELETE" if is_open(model, Can.DELETE) else None
    yield Visit(f"{name}.delete", f"{base}/delete/{world.make(table)}", action, client, by, {})


def _many(world: World, model: Any) -> Iterator[Visit]:
    """Yield the change of many rows, the export and the import of a list."""
    table, name = model.__tablename__, f"{model.__name__}View"
    base, client, by = f"/admin/{table}", world.employee(), f"employee:{world.ids['admin']}"
    action = f"{noun_of(model)}_DELETE" if is_open(model, Can.DELETE) else None
    chosen = {"id": str(world.make(table)), "confirmed": "1"}
    yield Visit(f"{name}.bulk", f"{base}/bulk/delete", action, client, by, chosen)
    yield Visit(f"{name}.export", f"{base}/export/csv", "JOB_CREATE", client, by, {})
    column = model.resource.form[0]
    content = f"{column}\nx\n".encode()
    file = {"file": (io.BytesIO(content), "x.csv")}
    yield Visit(f"{name}.upload", f"{base}/import", "FILE_CREATE", client, by, file)
    place = client.post(f"{base}/import", data={"file": (io.BytesIO(content), "x.csv")}).location
    begun = {"column.0": column, "start": "1"}
    yield Visit(f"{name}.load", place, "JOB_CREATE", client, by, begun)


def _acts(world: World, model: Any) -> Iterator[Visit]:
    table = model.__tablename__
    is_managed = model.resource.desk is Desk.MANAGE
    if not is_managed and model.resource.desk is not Desk.WATCH:
        return
    endpoint = f"{model.__name__}View.act" if is_managed else f"console_{table}.act"
    base, client, by = (
        f"/{model.resource.desk.value}/{table}/act",
        world.employee(),
        f"employee:{world.ids['admin']}",
    )
    for verb in model.resource.actions:
        number = world.make(STANDS.get((table, verb), table))
        action = OUTCOMES.get(verb, f"{noun_of(model)}_{verb.upper()}")
        answer = {"answer": str(world.make("own_ticket"))} if verb == "merge" else {}
        yield Visit(endpoint, f"{base}/{verb}/{number}", action, client, by, {"confirmed": "1"} | answer)
    if not is_managed:
        where = f"/console/{table}/export/csv"
        yield Visit(f"console_{table}.export", where, "JOB_CREATE", client, by, {})
        yield _watched_rows(world, model, client, by)
    if not model.resource.actions:
        yield Visit(endpoint, f"{base}/archive/1", None, client, by, {})


def _watched_rows(world: World, model: Any, client: FlaskClient, by: str) -> Visit:
    """Return a visit that does a declared deed to ticked rows; where there is none, the route is closed."""
    table, resource = model.__tablename__, model.resource
    verbs = [one for one in resource.actions if one not in resource.single and one not in resource.asks]
    where = f"/console/{table}/bulk/{verbs[0] if verbs else 'replay'}"
    ticked = {"id": str(world.make(STANDS.get((table, verbs[0]), table)) if verbs else 1), "confirmed": "1"}
    action = OUTCOMES.get(verbs[0], f"{noun_of(model)}_{verbs[0].upper()}") if verbs else None
    return Visit(f"console_{table}.bulk", where, action, client, by, ticked)


def typed(values: dict[str, Any], model: Any = None) -> dict[str, Any]:
    """Return values as a form sends them: lines of a shape, else objects as JSON, boxes only if ticked."""
    columns = inspect(model).columns if model is not None else {}
    shapes = {
        name: columns[name].info["ui"].shape
        for name in values
        if name in columns and "ui" in columns[name].info
    }
    sent: dict[str, Any] = {}
    for name, shape in shapes.items():
        if shape is not None:
            for key, one in pairs(Field(name=name, kind=Kind.JSON, label=""), shape, values[name]):
                sent.setdefault(key, []).append(one)
    return sent | {
        name: orjson.dumps(value).decode() if isinstance(value, dict) else "1" if value is True else value
        for name, value in values.items()
        if value is not False and value is not None and not shapes.get(name)
    }
