"""The surfaces, one line each: how it is asked, and whether the answer gave the row. Add a surface here.

In it stand: list, count, page, picker, palette, forms, actions and deletion of each screen; list, count, page
and actions of the console; the inbox; files of both as CSV and JSON (a workbook is made of the same rows);
change and deletion of many rows; import; and REST. Tabs of related rows, hidden fields, the stream of the
inbox and what keys open are asked in tables beside this one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Enum, String, Text, inspect
from werkzeug.test import TestResponse

from app import models
from app.core.declare import Can, Desk
from app.core.errors import Stale
from app.generate.cells import page_address
from app.models.tickets import Ticket
from tests.access.rows import key_of
from tests.access.world import Caller

OLD = {"version": "999999"}
"""A version that nobody has: who may write is told that it is stale, and nothing is changed."""


@dataclass(frozen=True)
class Surface:
    """`ask` returns the answer, `given` reads from it whether the row (or page) was given."""

    name: str
    can: Can
    applies: Callable[[Any], bool]
    ask: Callable[[Caller, Any, Any], TestResponse]
    given: Callable[[TestResponse, Any, Any], bool]
    row: bool = True
    """Whether it is about one row."""
    alone: bool = True
    """Whether it answers about this table only, so that what is not given looks as if it were absent."""


def _reached(answer: TestResponse, _model: Any, _key: Any) -> bool:
    return answer.status_code in {200, 400, 409, 412, 422}


def _managed(model: Any) -> bool:
    return model.resource.desk is Desk.MANAGE


def _watched(model: Any) -> bool:
    return model.resource.desk is Desk.WATCH


def _acts(model: Any) -> bool:
    return bool(model.resource.actions)


def _has_key(model: Any) -> bool:
    return key_of(model) == "id"


def _admin(model: Any, path: str) -> str:
    return f"/admin/{model.__tablename__}/{path}"


def _console(model: Any, path: str = "") -> str:
    return f"/console/{model.__tablename__}/{path}"


def _framed(model: Any) -> list[str]:
    return [
        name for name, column in model.__table__.c.items() if getattr(column.info.get("ui"), "framed", False)
    ]


def _act(model: Any) -> str:
    return str(model.resource.actions[0])


def links_to(answer: TestResponse, model: Any, key: Any) -> bool:
    """Tell whether the page has a link to the row's own page."""
    return answer.status_code == 200 and f'{page_address(model, key)}"' in answer.text


def _counts_one(answer: TestResponse, _model: Any, _key: Any) -> bool:
    return answer.status_code == 200 and "1–1 of 1<" in answer.text


def _picks(answer: TestResponse, _model: Any, key: Any) -> bool:
    return answer.status_code == 200 and str(key) in [item["value"] for item in answer.json["items"]]


SCREENS = (
    Surface("list", Can.READ, lambda m: _managed(m) and _has_key(m),
            lambda who, m, key: who.page(_admin(m, f"list/?q=%23{key}")), links_to),
    Surface("count", Can.READ, _managed,
            lambda who, m, key: who.page(_admin(m, f"list/?q=%23{key}")), _counts_one),
    Surface("show", Can.READ, _managed, lambda who, m, key: who.page(_admin(m, f"show/{key}")), _reached),
    Surface("picker", Can.READ, _managed,
            lambda who, m, key: who.page(_admin(m, f"pick?q=%23{key}")), _picks),
    Surface("palette", Can.READ, lambda m: (_managed(m) or _watched(m)) and _has_key(m) and m is not Ticket,
            lambda who, _m, key: who.page(f"/palette?q=%23{key}"), links_to, alone=False),
    Surface("form", Can.EDIT, _managed, lambda who, m, key: who.page(_admin(m, f"edit/{key}")), _reached),
    Surface("save", Can.EDIT, _managed,
            lambda who, m, key: who.page(_admin(m, f"edit/{key}"), "POST", data=OLD), _reached),
    Surface("action", Can.EDIT, lambda m: _managed(m) and _acts(m),
            lambda who, m, key: who.page(_admin(m, f"act/{_act(m)}/{key}")), _reached),
    Surface("delete, asked", Can.DELETE, _managed,
            lambda who, m, key: who.page(_admin(m, f"delete/{key}")), _reached),
    Surface("delete", Can.DELETE, _managed,
            lambda who, m, key: who.page(_admin(m, f"delete/{key}"), "POST", data=OLD), _reached),
    Surface("list page", Can.READ, _managed,
            lambda who, m, _: who.page(_admin(m, "list/")), _reached, row=False),
    Surface("add form", Can.ADD, _managed, lambda who, m, _: who.page(_admin(m, "add")), _reached, row=False),
    Surface("add", Can.ADD, _managed,
            lambda who, m, _: who.page(_admin(m, "add"), "POST", data={"nope": "1"}), _reached, row=False),
    Surface("console list", Can.READ, lambda m: _watched(m) and _has_key(m),
            lambda who, m, key: who.page(_console(m, f"?q=%23{key}")), links_to),
    Surface("console count", Can.READ, _watched,
            lambda who, m, key: who.page(_console(m, f"?q=%23{key}")), _counts_one),
    Surface("console details", Can.READ, lambda m: _watched(m) and _has_key(m),
            lambda who, m, key: who.page(_console(m, f"details/?id={key}")), _reached),
    Surface("console action", Can.EDIT, lambda m: _watched(m) and _acts(m),
            lambda who, m, key: who.page(_console(m, f"act/{_act(m)}/{key}")), _reached),
    Surface("console frame", Can.READ, lambda m: _watched(m) and bool(_framed(m)),
            lambda who, m, key: who.page(_console(m, f"frame/{_framed(m)[0]}/{key}")), _reached),
    Surface("inbox", Can.READ, lambda m: m is Ticket,
            lambda who, _m, key: who.page(f"/inbox/open/{key}"), _reached),
)  # fmt: skip


def _exports(answer: TestResponse, _model: Any, key: Any) -> bool:
    lines = answer.text.lstrip("\ufeff").splitlines() if answer.mimetype == "text/csv" else []
    return answer.status_code == 200 and any(line.split(",")[0].strip('"') == str(key) for line in lines)


def _in_json(answer: TestResponse, model: Any, key: Any) -> bool:
    rows = json.loads(answer.text) if answer.status_code == 200 else []
    return key in [one["id"] for one in rows]


SETTABLE: tuple[tuple[type[Any], Callable[[Any], str]], ...] = (
    (Boolean, lambda _type: "1"),
    (Enum, lambda kind: str(kind.enums[0])),
    (String, lambda _type: "x"),
)


def _set(model: Any) -> dict[str, str]:
    """Return a change of one plain column, as the form for many rows sends it; nothing if there is none."""
    known, label = inspect(model).columns, model.resource.label or model.resource.columns[0]
    columns = [known[name] for name in model.resource.form if name in known and name != label]
    for kind, value in SETTABLE:
        for column in columns:
            plain = not (column.unique or isinstance(column.type, Text) or column.info["ui"].options)
            if isinstance(column.type, kind) and plain:
                return {"set": column.key, column.key: value(column.type)}
    return {}


def _ticked(key: Any) -> dict[str, str]:
    return {"selection": json.dumps({"seen": {str(key): 999999}}), "confirmed": "1"}


def _was_stale(answer: TestResponse, _model: Any, _key: Any) -> bool:
    return answer.status_code == 200 and str(Stale.message) in answer.text


def _may_be_deleted(model: Any) -> bool:
    return any(Can.DELETE in grant.can for grant in model.resource.allow.values())


def _served(*verbs: Can) -> Callable[[Any], bool]:
    def applies(model: Any) -> bool:
        resource = model.resource
        some = {can for grant in resource.allow.values() for can in Can if can in grant.can}
        writes = resource.api is not None and (verbs == (Can.READ,) or bool(resource.api.write))
        return writes and set(verbs) <= some

    return applies


def _lists(answer: TestResponse, model: Any, key: Any) -> bool:
    return answer.status_code == 200 and key in [one[key_of(model)] for one in answer.json["data"]]


NEWEST = {"sort": "-id", "limit": 100}
NOPE: dict[str, Any] = {"json": {"nope": 1}}
NEWER: dict[str, Any] = {"headers": {"If-Match": '"999999"'}}
MANY = (
    Surface("export", Can.READ, lambda m: _managed(m) and _has_key(m),
            lambda who, m, key: who.page(_admin(m, f"export/csv?q=%23{key}")), _exports),
    Surface("console export", Can.READ, lambda m: _watched(m) and _has_key(m),
            lambda who, m, key: who.page(_console(m, f"export/csv?q=%23{key}")), _exports),
    Surface("export JSON", Can.READ, lambda m: _managed(m) and _has_key(m),
            lambda who, m, key: who.page(_admin(m, f"export/json?q=%23{key}")), _in_json),
    Surface("console export JSON", Can.READ, lambda m: _watched(m) and _has_key(m),
            lambda who, m, key: who.page(_console(m, f"export/json?q=%23{key}")), _in_json),
    Surface("import", Can.ADD, _managed,
            lambda who, m, _: who.page(_admin(m, "import"), "POST"), _reached, row=False),
    Surface("bulk edit", Can.EDIT, lambda m: _managed(m) and bool(_set(m)),
            lambda who, m, key: who.page(_admin(m, "bulk/edit"), "POST", data=_ticked(key) | _set(m)),
            _was_stale),
    Surface("bulk delete", Can.DELETE, lambda m: _managed(m) and _may_be_deleted(m),
            lambda who, m, key: who.page(_admin(m, "bulk/delete"), "POST", data=_ticked(key)), _was_stale),
)  # fmt: skip
REST = (
    Surface("REST list", Can.READ, _served(Can.READ),
            lambda who, m, key: who.rest("GET", f"{m.__tablename__}?{key_of(m)}={key}"), _lists),
    Surface("REST get", Can.READ, _served(Can.READ),
            lambda who, m, key: who.rest("GET", f"{m.__tablename__}/{key}"), _reached),
    Surface("REST search", Can.READ, lambda m: m is Ticket,
            lambda who, _m, _k: who.rest("POST", "tickets/search", json=NEWEST), _lists),
    Surface("REST history", Can.READ, lambda m: m is Ticket,
            lambda who, _m, key: who.rest("GET", f"tickets/{key}/history"), _reached),
    Surface("REST edit", Can.EDIT, _served(Can.EDIT),
            lambda who, m, key: who.rest("PATCH", f"{m.__tablename__}/{key}", **NOPE), _reached),
    Surface("REST delete", Can.DELETE, _served(Can.DELETE),
            lambda who, m, key: who.rest("DELETE", f"{m.__tablename__}/{key}", **NEWER), _reached),
    Surface("REST add", Can.ADD, _served(Can.ADD),
            lambda who, m, _: who.rest("POST", m.__tablename__, **NOPE), _reached, row=False),
)  # fmt: skip


def parents_of(model: Any) -> list[tuple[Any, str, str]]:
    """Return the things whose page shows rows of `model` in a tab: the thing, the tab, the foreign key."""
    found = []
    for parent in models.load():
        for name in parent.resource.inline:
            relation = inspect(parent).relationships[name]
            if relation.mapper.class_ is model:
                found.append((parent, name, next(iter(relation.remote_side)).key))
    return found
