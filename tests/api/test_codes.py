"""Every code that the document says a kind of operation may answer is answered here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app import services
from app.access import SYSTEM
from app.core.extensions import db
from app.generate.rest import rate
from app.models.access import DeskRole
from app.models.keys import ApiKey
from app.models.people import Employee
from app.record import act_as
from app.services import employees
from app.services.changes import LAST, Place
from tests.api.conftest import PASSWORD, Desk
from tests.api.test_document import document, validator

PLAIN = ("list", "get", "add", "edit", "delete", "search", "bulk")
NESTED = ("history", "decisions", "failures")
Produce = Callable[[Desk], Any]
TICKET = {"email": "codes@example.com", "title": "Codes", "description": "d"}
LONG = {"data": b" " * (1024 * 1024 + 1), "content_type": "application/json"}
TEXT = {"data": b"{}", "content_type": "text/plain"}


def kind_of(operation: Any) -> str:
    """Return what an operation is like, whatever its table."""
    table, _dot, name = operation["operationId"].partition(".")
    if table == "changes":
        return "changes"
    return name if name in PLAIN else "nested" if name in NESTED else "verb"


def ticket(desk: Desk) -> str:
    return f"tickets/{desk.call('POST', 'tickets', json=TICKET).json['id']}"


def archived(desk: Desk) -> str:
    path = ticket(desk)
    desk.call("POST", f"{path}/resolve")
    assert desk.call("POST", f"{path}/archive").status_code == 201
    return path


def known(desk: Desk, path: str) -> Any:
    etag = desk.call("GET", path).headers["ETag"]
    return desk.call("GET", path, headers={"If-None-Match": etag})


def again(desk: Desk, method: str, path: str, **options: Any) -> Any:
    """Send with an Idempotency-Key that was used for something else."""
    headers = {"Idempotency-Key": "used-for-something-else"}
    desk.call("POST", "teams", json={"name": "Else"}, headers=headers)
    return desk.call(method, path, headers=headers, **options)


STALE, BAD_KEY = {"If-Match": '"999"'}, {"Idempotency-Key": "a b"}
KINDS: dict[str, tuple[str, Callable[[Desk], str], Any]] = {
    "list": ("GET", lambda _desk: "tickets", None),
    "get": ("GET", ticket, None),
    "nested": ("GET", lambda desk: f"{ticket(desk)}/history", None),
    "changes": ("GET", lambda _desk: "changes", None),
    "search": ("POST", lambda _desk: "tickets/search", {}),
    "add": ("POST", lambda _desk: "tickets", TICKET),
    "edit": ("PATCH", ticket, {"title": "New"}),
    "delete": ("DELETE", ticket, None),
    "verb": ("POST", lambda desk: f"{ticket(desk)}/messages", {"message_body": "Words"}),
    "bulk": ("POST", lambda _desk: "tickets/bulk", {"verb": "resolve", "ids": [1]}),
}
"""Of each kind one, as it goes well: method, path, body."""
GOOD = {"add": 201, "delete": 204, "bulk": 202, "verb": 201}


def well(kind: str, caller: str | None = "admin", **options: Any) -> Produce:
    def produce(desk: Desk) -> Any:
        method, path, body = KINDS[kind]
        sent = {"json": body} if body is not None and "data" not in options else {}
        return desk.call(method, path(desk), caller, **{**sent, **options})

    return produce


def absent(kind: str) -> Produce:
    """Ask for a row there is not; where none is named, as an employee who may nothing."""
    path = {"get": "tickets/0", "edit": "tickets/0", "delete": "tickets/0", "nested": "tickets/0/history",
            "verb": "tickets/0/messages"}  # fmt: skip
    if kind not in path:
        return lambda desk: well(kind, nobody_special(desk))(desk)
    method, _path, body = KINDS[kind]
    return lambda desk: desk.call(method, path[kind], **({"json": body} if body is not None else {}))


def nobody_special(desk: Desk) -> str:
    """Return the token of an employee whose role has no grant at all."""
    if "nobody" not in desk.tokens:
        with desk.app.test_request_context():
            session = db.session()
            act_as(session, SYSTEM, source="test")
            services.add(session, SYSTEM, DeskRole, {"name": "guest", "title": "Guest"})
            values = {"name": "Guest", "email": "guest@example.com", "role": "guest"}
            person = services.add(session, SYSTEM, Employee, values)
            employees.set_password(session, employees.invite(session, person), PASSWORD)
            session.commit()
        signed = desk.client.post(
            "/api/v1/security/login", json={"email": "guest@example.com", "password": PASSWORD}
        )
        desk.tokens["nobody"] = signed.json["access_token"]
    return desk.tokens["nobody"]


def key(desk: Desk, **values: Any) -> str:
    with desk.app.test_request_context():
        act_as(db.session(), SYSTEM, source="test")
        made = services.add(
            db.session(), SYSTEM, ApiKey, {"description": "c", "permissions": ["admin"], **values}
        )
        db.session.commit()
        return str(made.shown_once)


def barred(kind: str) -> Produce:
    return lambda desk: well(kind, key(desk, allowed_ips=["192.0.2.7"]))(desk)


def too_often(kind: str) -> Produce:
    def produce(desk: Desk) -> Any:
        caller = key(desk, rate_limit=1)
        desk.call("GET", "teams", caller)
        return well(kind, caller)(desk)

    return produce


def broken(kind: str) -> Produce:
    def fail(*_arguments: Any) -> None:
        raise RuntimeError("a mistake of ours")

    def produce(desk: Desk) -> Any:
        method, path, body = KINDS[kind]
        where, sent = path(desk), {"json": body} if body is not None else {}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rate, "count", fail)
            return desk.call(method, where, **sent)

    return produce


def unchanged_feed(desk: Desk) -> Any:
    """The same first page twice: a full one, whose cursor tells no time but that of this second."""
    for _try in range(20):
        answer = known(desk, "changes?limit=1")
        if answer.status_code == 304:
            break
    return answer


WRITES = ("add", "edit", "delete", "verb", "bulk")
CASES: dict[tuple[str, int], Produce] = {
    **{(kind, GOOD.get(kind, 200)): well(kind) for kind in KINDS},
    **{(kind, 401): well(kind, None) for kind in KINDS},
    **{(kind, 403): barred(kind) for kind in KINDS},
    **{(kind, 404): absent(kind) for kind in KINDS if kind != "changes"},
    **{(kind, 429): too_often(kind) for kind in KINDS},
    **{(kind, 500): broken(kind) for kind in KINDS},
    **{(kind, 400): well(kind, headers=BAD_KEY) for kind in WRITES},
    **{(kind, 400): well(kind, query_string={"nope": "1"}) for kind in ("list", "nested", "changes")},
    **{(kind, 413): well(kind, **LONG) for kind in ("add", "edit", "verb", "bulk", "search")},
    **{(kind, 415): well(kind, **TEXT) for kind in ("add", "edit", "verb", "bulk", "search")},
    **{(kind, 412): well(kind, headers=STALE) for kind in ("edit", "delete")},
    **{(kind, 422): well(kind, query_string={"limit": "0"}) for kind in ("list", "nested", "changes")},
    ("search", 400): well("search", json={"nope": 1}),
    ("search", 422): well("search", json={"limit": 0}),
    ("add", 422): well("add", json={**TICKET, "email": "nobody"}),
    ("edit", 422): well("edit", json={"status": "nope"}),
    ("delete", 422): lambda desk: again(desk, "DELETE", ticket(desk)),
    ("verb", 422): well("verb", json={}),
    ("bulk", 422): well("bulk", json={"verb": "nope", "ids": [1]}),
    ("verb", 200): lambda desk: desk.call("POST", f"{ticket(desk)}/resolve"),
    ("verb", 202): lambda desk: desk.call(
        "POST", f"webhook_deliveries/{desk.ids['webhook_deliveries']}/replay"
    ),
    ("verb", 412): lambda desk: desk.call("POST", f"{ticket(desk)}/resolve", headers=STALE),
    ("delete", 413): well("delete", headers={"Idempotency-Key": "long"}, **LONG),
    ("list", 304): lambda desk: known(desk, "teams"),
    ("get", 304): lambda desk: known(desk, f"teams/{desk.ids['teams']}"),
    ("nested", 304): lambda desk: known(desk, f"tickets/{desk.ids['tickets']}/history"),
    ("changes", 304): unchanged_feed,
    ("changes", 409): lambda desk: desk.call("GET", f"changes?cursor={Place(LAST, LAST, LAST).write()}"),
    ("add", 409): lambda desk: desk.call(
        "POST", "ticket_messages", json={"ticket_id": int(archived(desk).split("/")[1]), "message_body": "x"}
    ),
    ("edit", 409): lambda desk: desk.call("PATCH", archived(desk), json={"title": "x"}),
    ("delete", 409): lambda desk: desk.call("DELETE", f"employees/{desk.ids['agent']}"),
    ("verb", 409): lambda desk: desk.call("POST", f"{archived(desk)}/messages", json={"message_body": "x"}),
}  # fmt: skip
"""How each code is produced, by kind of operation."""


def test_every_code_of_the_document_is_produced(desk: Desk) -> None:
    said = document(desk, desk.key("admin"))
    told = {
        (kind_of(operation), int(status))
        for item in said["paths"].values()
        for operation in item.values()
        for status in operation["responses"]
    }
    assert told == set(CASES)


@pytest.mark.parametrize(("kind", "status"), CASES, ids=str)
def test_it_is_answered_as_the_document_says(desk: Desk, kind: str, status: int) -> None:
    answer = CASES[kind, status](desk)
    assert answer.status_code == status, answer.text
    assert answer.headers["X-Request-Id"]
    if status >= 400:
        assert answer.mimetype == "application/problem+json"
        assert [*validator(document(desk), "Problem").iter_errors(answer.json)] == []


def test_without_credentials_no_operation_answers_otherwise(desk: Desk) -> None:
    for path, item in document(desk, desk.key("admin"))["paths"].items():
        for method in item:
            where = path.removeprefix("/api/v1/").replace("{id}", "1")
            assert desk.call(method.upper(), where, None).status_code == 401, (method, path)
