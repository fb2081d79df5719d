"""API keys: shown once, found by digest, ended at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.clock import frozen, now
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.services import api_keys

NO = (NotFound, Forbidden)
HOUR = dt.timedelta(hours=1)


def add(session: Session, **values: Any) -> Any:
    return api_keys.add(session, SYSTEM, {"description": "Shop", "permissions": ["read_tickets"]} | values)


def test_a_key_is_shown_once_and_kept_as_a_digest(session: Session) -> None:
    key = add(session)
    assert key.shown_once.startswith(key.prefix)
    assert key.shown_once not in (key.key_value, key.prefix)
    assert len(key.key_value) == 64
    assert api_keys.find(session, key.shown_once) is key


@pytest.mark.parametrize(
    "change", [{"expires_at": now() - HOUR}, {"revoked_at": now() - HOUR}], ids=["expired", "revoked"]
)
def test_a_dead_key_opens_nothing(session: Session, change: dict[str, Any]) -> None:
    key = add(session, expires_at=now() + HOUR)
    assert api_keys.find(session, key.shown_once) is key
    for name, value in change.items():
        setattr(key, name, value)
    session.flush()
    assert api_keys.find(session, key.shown_once) is None


def test_a_mistyped_key_costs_no_statement(session: Session) -> None:
    raw = add(session).shown_once
    seen: list[Any] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *words: seen.append(words[2]))
    assert api_keys.find(session, raw[:-1] + ("x" if raw[-1] != "x" else "y")) is None
    assert api_keys.find(session, "fd_live_") is None
    assert seen == []


def test_the_last_use_is_written_once_a_minute_and_raises_no_version(session: Session) -> None:
    key = add(session)
    version, updated, moment = key.version, key.updated_at, now()
    for seconds, expected in ((0, 0), (59, 0), (61, 61)):
        with frozen(moment + dt.timedelta(seconds=seconds)):
            api_keys.find(session, key.shown_once)
        session.refresh(key)
        assert key.last_used_at == moment + dt.timedelta(seconds=expected)
    assert (key.version, key.updated_at) == (version, updated)


def test_revoking(session: Session) -> None:
    key = add(session)
    api_keys.revoke(session, SYSTEM, key)
    assert api_keys.find(session, key.shown_once) is None
    with pytest.raises(Conflict):
        api_keys.revoke(session, SYSTEM, key)


@pytest.mark.parametrize(("scopes", "code"), [([], "required"), (["read_everything"], "not_an_option")])
def test_scopes_must_exist(session: Session, scopes: list[str], code: str) -> None:
    key = add(session)
    for attempt in (
        lambda: add(session, permissions=scopes),
        lambda: api_keys.edit(session, SYSTEM, key, {"permissions": scopes}),
    ):
        with pytest.raises(Invalid) as refused:
            attempt()
        assert [(one.field, one.code) for one in refused.value.errors] == [("permissions", code)]


def test_the_scopes_are_those_of_the_contract_and_of_the_declarations() -> None:
    known = set(api_keys.scopes())
    assert {*api_keys.NAMED, "read_teams", "write_teams", "read_audit_logs"} <= known
    assert not known & {"write_audit_logs", "read_api_keys", "write_api_keys", "read_grants"}


def test_a_key_makes_no_keys_and_no_agent_does(session: Session, desk: Any) -> None:
    key = add(session)
    for actor in (desk.as_key("admin"), desk.as_employee(desk.employee())):
        with pytest.raises(NO):
            api_keys.revoke(session, actor, key)
        with pytest.raises(NO):
            api_keys.delete(session, actor, key)
        with pytest.raises(NO):
            api_keys.add(session, actor, {"description": "x", "permissions": ["admin"]})
