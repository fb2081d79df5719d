"""The visits of programs, which come by REST."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask.testing import FlaskClient

from app.core.declare import Can
from app.core.extensions import db
from app.generate.rest import importing, many
from app.generate.rest.api import offered
from app.generate.rest.verbs import verbs_of
from app.models.people import Employee
from app.record.changes import noun_of
from tests.audit.verbs import OUTCOMES, STANDS, is_open
from tests.audit.visit import Visit
from tests.audit.world import CHANGES, PASSWORD, TEXT, World


def at_rest(world: World, model: Any) -> Iterator[Visit]:
    """Yield a visit to each route by which a program changes a thing."""
    table, name, noun = model.__tablename__, f"{model.__name__}Api", noun_of(model)
    base, client, by = f"/api/v1/{table}", bearer(world), f"employee:{world.ids['admin']}"
    can = offered(model)
    if Can.ADD in can:
        yield Visit(
            f"{name}.add", base, f"{noun}_CREATE", client, by, world.sample(table), "POST", is_json=True
        )
    if Can.EDIT in can:
        where = f"{base}/{world.make(table)}"
        yield Visit(
            f"{name}.edit", where, f"{noun}_UPDATE", client, by, CHANGES[table], "PATCH", is_json=True
        )
    if Can.DELETE in can:
        action = f"{noun}_DELETE" if is_open(model, Can.DELETE) else None
        yield Visit(f"{name}.delete", f"{base}/{world.make(table)}", action, client, by, None, "DELETE")
    if many.deeds_of(model):
        deed = many.deeds_of(model)[0].verb
        begun = {"verb": deed, "ids": [world.make(table)]} | (
            {"values": CHANGES[table]} if deed == "edit" else {}
        )
        yield Visit(f"{name}.bulk", f"{base}/bulk", "JOB_CREATE", client, by, begun, "POST", is_json=True)
    yield from _files(world, model)
    bodies = {
        "messages": {"message_body": TEXT},
        "assign": {"team_id": world.ids["team"]},
        "merge": {"merged_into_id": world.make("own_ticket")},
        "replay": {},
        "retype": {"field_type": "decimal"},
    }
    for verb in verbs_of(model):
        number = world.make(STANDS.get((table, verb.path), table))
        body = bodies.get(verb.path)
        where = f"{base}/{number}/{verb.path}"
        yield Visit(
            f"{name}.do_{verb.path}",
            where,
            OUTCOMES.get(verb.path, f"{noun}_{verb.path.upper()}"),
            client,
            by,
            body,
            "POST",
            is_json=body is not None,
        )


def _files(world: World, model: Any) -> Iterator[Visit]:
    """Yield the export of a table and the import into it, by a program."""
    base, name = f"/api/v1/{model.__tablename__}", f"{model.__name__}Api"
    client, by = bearer(world), f"employee:{world.ids['admin']}"
    ways = [("export", "export", {"format": "csv"})] if Can.READ in offered(model) else []
    if importing.is_offered(model):
        column = next(column for column in model.resource.form if column in model.resource.api.write)
        ways.append(("load", "import", [{column: "x"}]))
    for endpoint, path, body in ways:
        where = f"{base}/{path}"
        yield Visit(f"{name}.{endpoint}", where, "JOB_CREATE", client, by, body, "POST", is_json=True)


def bearer(world: World) -> FlaskClient:
    """Return a program that calls as the administrator, whose sign-in is audited elsewhere."""
    with world.app.app_context():
        email = db.session.get_one(Employee, world.ids["admin"]).email
    client = world.app.test_client()
    said = client.post("/api/v1/security/login", json={"email": email, "password": PASSWORD}).json
    assert said is not None
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {said['access_token']}"
    return client
