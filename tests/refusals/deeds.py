"""Every write of every surface, from the declarations: what is called, and how one asks for it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app import models
from app.access import SYSTEM
from app.core.declare import Can, Desk, Role
from app.core.extensions import db
from app.fields import Audience, Kind, fields_of
from app.fields.columns import column_fields
from app.generate import forms
from app.generate.bulk.deeds import SINGLE, unique_columns
from app.generate.bulk.deeds import offered as settable
from app.generate.exchange.plan import importable
from app.generate.rest.faces import offered
from app.generate.rest.verbs import VERBS
from app.services import bulk, exchange
from tests.refusals.conftest import Desk as World

Ask = Callable[[World], Any]
ALL = ("invalid", "conflict", "stale")


@dataclass(frozen=True)
class Deed:
    """One write: `service` and `verb` name the function that must be called, `ask` asks for it.

    surface   screen, api, console, bulk, import, inbox or portal: how errors come back
    typed     what the answer must still hold of what was typed
    """

    name: str
    surface: str
    service: str
    verb: str
    ask: Ask
    typed: str = ""
    errors: tuple[str, ...] = ALL

    def module(self) -> Any:
        """Return the module whose function must be called."""
        return importlib.import_module(f"app.services.{self.service}")


def deeds() -> Iterator[Deed]:
    """Yield every write."""
    for model in models.load():
        if model.resource.desk is Desk.MANAGE:
            yield from _screen(model)
        if model.resource.desk is Desk.WATCH:
            yield from _console(model)
        if model.resource.api is not None:
            yield from _api(model)
    yield from _verbs()
    yield from BY_HAND


def _service(model: Any) -> str:
    return model.resource.service or "plain"


def _adding(model: Any) -> str:
    """What adds a row: where no rule is the table's own, it is one of many at once."""
    return "add" if model.resource.service else "add_all"


def _may(model: Any, can: Can) -> bool:
    grant = model.resource.allow.get(Role.ADMIN)
    return grant is not None and can in grant.can


def _screen(model: Any) -> Iterator[Deed]:
    table, service = model.__tablename__, _service(model)
    base = f"/admin/{table}"
    if _may(model, Can.ADD):
        typed = _posting(model, f"{base}/add", can=Can.ADD)
        yield Deed(f"{table} add form", "screen", service, _adding(model), typed, errors=ALL[:2])
    if _may(model, Can.EDIT):
        typed = _posting(model, f"{base}/edit/{{id}}", can=Can.EDIT)
        yield Deed(f"{table} edit form", "screen", service, "edit", typed)
        if _may_be_alike(model):
            yield Deed(f"{table} edit of many", "bulk", service, "edit", _many(model, bulk.EDIT))
        yield Deed(f"{table} import", "import", service, "edit", _importing(model))
        for verb in model.resource.actions:
            if (table, verb) in ASKED_FIRST:
                continue
            yield Deed(
                f"{table} {verb}", "screen", service, verb, _posting(model, f"{base}/act/{verb}/{{id}}")
            )
            if verb not in model.resource.single and verb not in model.resource.asks:
                yield Deed(f"{table} {verb} of many", "bulk", service, verb, _many(model, verb))
    if _may(model, Can.DELETE):
        yield Deed(f"{table} delete", "screen", service, "delete", _posting(model, f"{base}/delete/{{id}}"))
        yield Deed(f"{table} delete of many", "bulk", service, "delete", _many(model, bulk.DELETE))


def _may_be_alike(model: Any) -> bool:
    """Tell whether a form of the model has anything that can be the same in many rows."""
    single = {model.resource.label or model.resource.columns[0], *unique_columns(model)}
    kinds = {one.name: one.kind for one in column_fields(model)}
    return any(kinds.get(name, Kind.TEXT) not in SINGLE for name in model.resource.form if name not in single)


def _console(model: Any) -> Iterator[Deed]:
    table = model.__tablename__
    for verb in model.resource.actions:
        ask = _posting(model, f"/console/{table}/act/{verb}/{{id}}")
        yield Deed(f"{table} {verb}", "console", _service(model), verb, ask)
        if verb not in model.resource.single and verb not in model.resource.asks:
            yield Deed(f"{table} {verb} of many", "bulk", _service(model), verb, _many(model, verb))


def _api(model: Any) -> Iterator[Deed]:
    table, service, can = model.__tablename__, _service(model), offered(model)
    if Can.ADD in can:
        yield Deed(f"POST {table}", "api", service, _adding(model), _sending(model, "POST", ""))
    if Can.EDIT in can:
        yield Deed(f"PATCH {table}", "api", service, "edit", _sending(model, "PATCH", "/{id}"))
    if Can.DELETE in can:
        yield Deed(f"DELETE {table}", "api", service, "delete", _sending(model, "DELETE", "/{id}"))


CALLED = {
    ("tickets", "messages"): ("messages", "add"),
    **{("tickets", verb): ("tickets", verb) for verb in ("assign", "resolve", "reopen", "merge")},
    ("schema_definitions", "retype"): ("retyping.asking", "start"),
}
"""What the verbs of the API call, where it is not the declared action of that name."""
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("tickets", "messages"): {"message_body": "x"},
    ("tickets", "assign"): {"assignee_id": None},
    ("tickets", "merge"): {"merged_into_id": 1},
    ("webhooks", "replay"): {"state": "failed"},
    ("schema_definitions", "retype"): {"field_type": "decimal"},
}


def _verbs() -> Iterator[Deed]:
    for verb in VERBS:
        table = verb.model.__tablename__
        service, function = CALLED.get((table, verb.path), (_service(verb.model), verb.path))
        body = BODIES.get((table, verb.path))

        def ask(world: World, table: str = table, path: str = verb.path, body: Any = body) -> Any:
            options = {"json": body} if body else {}
            return world.api("POST", f"{table}/{world.ids[table]}/{path}", **options)

        yield Deed(f"POST {table}/{verb.path}", "api", service, function, ask)


def _posting(model: Any, path: str, can: Can | None = None) -> Ask:
    def ask(world: World) -> Any:
        with world.app.test_request_context():
            row = world.row(model)
            data: MultiDict[str, Any] = MultiDict({"version": getattr(row, "version", "")})
            if can is not None:
                fields = fields_of(db.session(), model)
                shown = fields.pick(forms.names_of(SYSTEM, model, fields, None if can is Can.ADD else row))
                for name, value in forms.stored(shown, row).items():
                    data.update(MultiDict(forms.pairs(shown[name], value)))
                data["base"] = "{}"
        client = world.employee
        return client.post(path.format(id=world.ids[model.__tablename__]), data=data, follow_redirects=True)

    return ask


def _many(model: Any, verb: str) -> Ask:
    def ask(world: World) -> Any:
        with world.app.test_request_context():
            row = world.row(model)
            fields = fields_of(db.session(), model)
            shown = settable(SYSTEM, model, fields)
            name, value = (
                next(
                    (name, value or "1")
                    for name, value in forms.stored(shown, row).items()
                    if value not in ("", [])
                )
                if verb == bulk.EDIT
                else ("", "")
            )
        tick = f"{row.id}.{getattr(row, 'version', '')}"
        data = {"id": tick, "set": name, name: value, "confirmed": "1"}
        where = f"/{model.resource.desk.value}/{model.__tablename__}/bulk/{verb}"
        return world.employee.post(where, data=data)

    return ask


def _importing(model: Any) -> Ask:
    """Import one line that changes the row there is, and look at its job."""

    def ask(world: World) -> Any:
        with world.app.test_request_context():
            row, fields = world.row(model), importable(db.session(), SYSTEM, model)
            field = next(field for field in fields.values() if field.read(row))
            line = f'{row.id},"{exchange.cell(field, field.read(row))}"'
        job = world.load(model, f"id,{field.name}\n{line}\n", {"id": "id", field.name: field.name}, "id")
        return world.employee.get(f"/jobs/{job}")

    return ask


def _sending(model: Any, method: str, path: str) -> Ask:
    def ask(world: World) -> Any:
        table = model.__tablename__
        options: dict[str, Any] = {}
        if method != "DELETE":
            options["json"] = _document(world, model, method)
        return world.api(method, table + path.format(id=world.ids[table]), **options)

    return ask


def _document(world: World, model: Any, method: str) -> dict[str, Any]:
    """Return what may be written of the row there is, as a program would send it."""
    with world.app.test_request_context():
        row = world.row(model)
        fields = fields_of(db.session(), model).pick(model.resource.api.write)
        said = {
            field.name: field.dump(field.read(row))
            for field in fields.values()
            if field.editable_by(Audience.API) and not field.custom and field.read(row) is not None
        }
    return said if method == "POST" else dict([next(iter(said.items()))])


def _replaying(world: World) -> Any:
    data = {"since": SINCE, "confirmed": "1"}
    return world.employee.post(f"/admin/webhooks/act/replay/{world.ids['webhooks']}", data=data)


def _retyping(world: World) -> Any:
    data = {"field_type": "decimal", "confirmed": "1"}
    return world.employee.post(f"/fields/type/{world.ids['schema_definitions']}", data=data)


def _ticket(path: str, **data: Any) -> Ask:
    return lambda world: world.employee.post(f"/inbox/open/{world.ids['tickets']}/{path}", data=data)


def _portal(path: str, **data: Any) -> Ask:
    return lambda world: world.customer.post(f"/portal/{path.format(**world.ids)}", data=data)


TYPED = "what was typed stays"
SINCE = "2026-01-05T08:30"
ASKED_FIRST = {("webhooks", "replay")}
"""Actions with a page of their own, which asks what exactly is to be done: among those by hand."""
BY_HAND = (
    Deed("webhooks replay", "screen", "webhooks", "replay", _replaying, SINCE, errors=ALL[:2]),
    Deed("fields retype", "screen", "retyping.asking", "start", _retyping, errors=ALL[:2]),
    Deed("inbox change", "inbox", "tickets", "edit", _ticket("change", fields="tags", tags=TYPED), TYPED),
    Deed("inbox reply", "inbox", "messages", "reply", _ticket("reply", body=TYPED), TYPED),
    Deed(
        "portal request", "portal", "tickets", "add",
        _portal("new", title="A title", description=TYPED), TYPED, errors=ALL[:2],
    ),
    Deed(
        "portal reply", "portal", "messages", "reply",
        _portal("tickets/{tickets}/reply", message_body=TYPED), TYPED,
    ),
    Deed("portal solved", "portal", "tickets", "resolve", _portal("tickets/{tickets}/solved")),
    Deed("portal rating", "portal", "feedback", "rate", _portal("tickets/{resolved}/rating", rating="4")),
    Deed("portal account", "portal", "customers", "edit", _portal("account", name=TYPED), TYPED),
)  # fmt: skip
