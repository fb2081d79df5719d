"""The API of one resource, on Flask-AppBuilder's BaseApi: five routes, verbs, and lists within a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from flask import Response
from flask_appbuilder.api import BaseApi, expose

from app import services
from app.access import Actor, require
from app.core.declare import Can
from app.core.extensions import db
from app.fields import Purpose
from app.generate.rest import exporting, importing, lists, many
from app.generate.rest.answers import answer, etag_of, expected
from app.generate.rest.auth import caller
from app.generate.rest.faces import find, key_of, offered, shown, shown_once, writable
from app.generate.rest.filed import DOWNLOADS, Download, sent
from app.generate.rest.intake import json_object, refuse_body, values_of
from app.generate.rest.nested import NESTED, SEARCHED, Nested
from app.generate.rest.once import write
from app.generate.rest.verbs import Verb, verbs_of
from app.services import reach

ROOT = "/api/v1"
NEEDS = {"list": Can.READ, "get": Can.READ, "add": Can.ADD, "edit": Can.EDIT, "delete": Can.DELETE}


class ResourceApi(BaseApi):
    """Rows of `model` as JSON. Nothing is authenticated by a cookie, so nothing needs a CSRF token."""

    model: Any
    version = "v1"

    @expose("", methods=["GET"])
    def list(self) -> Response:
        """Answer the rows asked for."""
        return lists.of_resource(caller(), self.model)

    @expose("", methods=["POST"])
    def add(self) -> Response:
        """Add a row."""
        actor = caller()
        require(actor, Can.ADD, self.model)
        return write(actor, lambda: _added(actor, self.model))

    @expose("/<key>", methods=["GET"])
    def get(self, key: str) -> Response:
        """Answer one row."""
        actor = caller()
        return _one(actor, find(db.session(), actor, self.model, key))

    @expose("/<key>", methods=["PATCH"])
    def edit(self, key: str) -> Response:
        """Change the members that are given; null empties one."""
        actor = caller()
        require(actor, Can.EDIT, self.model)
        return write(actor, lambda: _edited(actor, self.model, key))

    @expose("/<key>", methods=["DELETE"])
    def delete(self, key: str) -> Response:
        """Delete a row."""
        actor = caller()
        require(actor, Can.DELETE, self.model)
        return write(actor, lambda: _deleted(actor, self.model, key))


def is_served(model: Any) -> bool:
    """Tell whether the API has anything to say of `model`."""
    return model.resource.api is not None


def api_of(model: Any) -> type[ResourceApi]:
    """Return the class that serves `model`; its endpoint is named after it: TeamApi."""
    facts = {
        "model": model,
        "resource_name": model.__tablename__,
        "class_permission_name": model.__tablename__,
        "exclude_route_methods": {name for name, can in NEEDS.items() if can not in offered(model)},
    }
    routes = {f"do_{verb.path}": _doing(verb) for verb in verbs_of(model)}
    routes |= {f"of_{nested.path}": _within(nested) for nested in NESTED if nested.parent is model}
    if model in SEARCHED:
        routes["search"] = _searching()
    routes |= {f"as_{one.path}": _sending(one) for one in DOWNLOADS if one.parent is model}
    if many.deeds_of(model):
        routes["bulk"] = _bulk()
    if Can.READ in offered(model):
        routes["export"] = _exporting()
    if importing.is_offered(model):
        routes["load"] = _importing()
    return type(f"{model.__name__}Api", (ResourceApi,), facts | routes)


def _doing(verb: Verb) -> Callable[..., Response]:
    def do(self: ResourceApi, key: str) -> Response:
        actor = caller()
        verb.require_scope(actor)
        return write(actor, lambda: _done(actor, self.model, key, verb))

    return expose(f"/<key>/{verb.path}", methods=["POST"])(do)  # type: ignore[no-any-return]


def _within(nested: Nested) -> Callable[..., Response]:
    def inside(_self: ResourceApi, key: str) -> Response:
        return lists.of_row(caller(), nested, key)

    return expose(f"/<key>/{nested.path}", methods=["GET"])(inside)  # type: ignore[no-any-return]


def _searching() -> Callable[..., Response]:
    def search(self: ResourceApi) -> Response:
        return lists.of_search(caller(), self.model)

    return expose("/search", methods=["POST"])(search)  # type: ignore[no-any-return]


def _bulk() -> Callable[..., Response]:
    def bulk(self: ResourceApi) -> Response:
        actor = caller()
        return write(actor, lambda: _begun(actor, self.model))

    return expose("/bulk", methods=["POST"])(bulk)  # type: ignore[no-any-return]


def _exporting() -> Callable[..., Response]:
    def export(self: ResourceApi) -> Response:
        actor = caller()
        require(actor, Can.READ, self.model)
        return write(actor, lambda: _written(actor, self.model))

    return expose("/export", methods=["POST"])(export)  # type: ignore[no-any-return]


def _importing() -> Callable[..., Response]:
    def load(self: ResourceApi) -> Response:
        actor = caller()
        require(actor, Can.ADD, self.model)
        if importing.is_trial():
            return answer(importing.tried(db.session(), actor, self.model))
        return write(actor, lambda: _read(actor, self.model), importing.largest(db.session()))

    return expose("/import", methods=["POST"])(load)  # type: ignore[no-any-return]


def _sending(download: Download) -> Callable[..., Response]:
    def send(_self: ResourceApi, key: str) -> Response:
        return sent(db.session(), caller(), download, key)

    return expose(f"/<key>/{download.path}", methods=["GET"])(send)  # type: ignore[no-any-return]


def _written(actor: Actor, model: Any) -> Response:
    return _made(actor, exporting.begin(db.session(), actor, model, json_object()), status=202)


def _read(actor: Actor, model: Any) -> Response:
    return _made(actor, importing.begin(db.session(), actor, model), status=202)


def _begun(actor: Actor, model: Any) -> Response:
    many.require_some(actor, model)
    return _made(actor, many.begin(db.session(), actor, model, json_object()), status=202)


def _added(actor: Actor, model: Any) -> Response:
    session = db.session()
    values = values_of(session, writable(session, actor, model), Purpose.CREATE)
    row = services.add(session, actor, model, values)
    return _made(actor, row, shown_once(row))


def _edited(actor: Actor, model: Any, key: str) -> Response:
    session = db.session()
    row = find(session, actor, model, key, Can.EDIT)
    seen = expected(row, shown(session, actor, model))
    values = values_of(session, writable(session, actor, model), Purpose.PATCH, row)
    return _one(actor, services.edit(session, actor, row, values, seen))


def _deleted(actor: Actor, model: Any, key: str) -> Response:
    session = db.session()
    row = find(session, actor, model, key, Can.DELETE)
    services.delete(session, actor, row, expected(row, shown(session, actor, model)))
    return Response(status=204)


def _done(actor: Actor, model: Any, key: str, verb: Verb) -> Response:
    session = db.session()
    row = find(session, actor, model, key, verb.can)
    seen = expected(row, shown(session, actor, model))
    done = verb.do(session, actor, row, _body(actor, verb), seen)
    more = shown_once(done) if verb.once else {}
    answered = _one(actor, done, verb.status, more)
    if verb.status in {201, 202}:
        answered.headers["Location"] = _address(done)
    return answered


def _body(actor: Actor, verb: Verb) -> dict[str, Any]:
    if verb.chooses is not None:
        return values_of(db.session(), verb.chooses(), Purpose.PATCH)
    if verb.takes is None:
        refuse_body()
        return {}
    model, names, purpose = verb.takes
    session = db.session()
    values = values_of(session, writable(session, actor, model, names), purpose)
    reach.check_values(session, actor, model, values)
    return values


def _one(
    actor: Actor, row: Any, status: int = 200, more: Mapping[str, Any] = MappingProxyType({})
) -> Response:
    told = shown(db.session(), actor, type(row)).dump(row)
    return answer({**told, **more}, status, etag_of(row, told))


def _made(
    actor: Actor, row: Any, more: Mapping[str, Any] = MappingProxyType({}), status: int = 201
) -> Response:
    response = _one(actor, row, status, more)
    response.headers["Location"] = _address(row)
    return response


def _address(row: Any) -> str:
    return f"{ROOT}/{row.__tablename__}/{key_of(row)}"
