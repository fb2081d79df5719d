"""API keys: shown once, found by digest, ended at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.clock import frozen, now
from app.core.declare import Role
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.models import scopes
from app.models.keys import Overlap
from app.services import api_keys

NO = (NotFound, Forbidden)
HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR


def add(session: Session, **values: Any) -> Any:
    return api_keys.add(session, SYSTEM, {"description": "Shop", "permissions": ["read_tickets"]} | values)


def found(session: Session, raw: str) -> int | None:
    key = api_keys.find(session, raw)
    return None if key is None else key.id


def test_a_key_is_shown_once_and_kept_as_a_digest(session: Session) -> None:
    key = add(session)
    assert key.shown_once.startswith(key.prefix)
    assert key.shown_once not in (key.key_value, key.prefix)
    assert len(key.key_value) == 64
    assert found(session, key.shown_once) == key.id


@pytest.mark.parametrize(
    "change", [{"expires_at": now() - HOUR}, {"revoked_at": now() - HOUR}], ids=["expired", "revoked"]
)
def test_a_dead_key_opens_nothing(session: Session, change: dict[str, Any]) -> None:
    key = add(session, expires_at=now() + HOUR)
    assert found(session, key.shown_once) == key.id
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


def test_a_rotated_key_works_on_for_the_overlap_beside_the_one_that_replaces_it(session: Session) -> None:
    key = add(session, expires_at=now() + 30 * DAY, allowed_ips=["192.0.2.0/24"], rate_limit=7)
    life = key.expires_at - key.created_at
    moment = now() + 10 * DAY
    with frozen(moment):
        fresh = api_keys.rotate(session, SYSTEM, key, Overlap.HOUR)
    assert fresh.replaces_id == key.id
    for name in api_keys.HANDED_ON:
        assert getattr(fresh, name) == getattr(key, name)
    assert fresh.expires_at == moment + life
    for seconds, old in ((0, key.id), (3599, key.id), (3600, None)):
        with frozen(moment + dt.timedelta(seconds=seconds)):
            assert found(session, key.shown_once) == old
            assert found(session, fresh.shown_once) == fresh.id


@pytest.mark.parametrize("overlap", Overlap)
def test_each_overlap_is_a_number_of_hours(session: Session, overlap: Overlap) -> None:
    key, moment = add(session), now()
    with frozen(moment):
        api_keys.rotate(session, SYSTEM, key, overlap)
        assert key.revoked_at == moment + int(overlap) * HOUR
        assert (api_keys.find(session, key.shown_once) is None) is (overlap is Overlap.NONE)


def test_a_key_is_rotated_once_and_can_be_revoked_meanwhile(session: Session) -> None:
    key = add(session)
    assert api_keys.offered(key) == ("rotate", "revoke")
    api_keys.rotate(session, SYSTEM, key, Overlap.DAY)
    assert api_keys.offered(key) == ("revoke",)
    with pytest.raises(Conflict):
        api_keys.rotate(session, SYSTEM, key, Overlap.DAY)
    api_keys.revoke(session, SYSTEM, key)
    assert api_keys.offered(key) == ()
    assert api_keys.find(session, key.shown_once) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7/32 ", "192.0.2.7"),
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("2001:DB8:0::/32", "2001:db8::/32"),
        ("::1", "::1"),
    ],
)
def test_addresses_are_kept_in_their_plain_form(session: Session, typed: str, kept: str) -> None:
    assert add(session, allowed_ips=[typed, kept]).allowed_ips == [kept]


@pytest.mark.parametrize(
    "typed", ["", "shop.example", "192.0.2.7/24", "192.0.2", "1.2.3.4/33", "::1%eth0/64x"]
)
def test_what_is_no_address_is_refused(session: Session, typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(session, allowed_ips=["192.0.2.7", typed])
    assert [(one.field, one.code) for one in refused.value.errors] == [("allowed_ips", "not_an_address")]


@pytest.mark.parametrize(
    ("address", "admitted"),
    [
        ("192.0.2.7", True),
        ("::ffff:192.0.2.7", True),
        ("192.0.3.7", False),
        ("2001:db8::7", True),
        ("2001:db9::7", False),
        ("", False),
        (None, False),
        ("nonsense", False),
    ],
)
def test_a_key_is_used_from_its_addresses_only(session: Session, address: str | None, admitted: bool) -> None:
    bound = add(session, allowed_ips=["192.0.2.0/24", "2001:db8::/32"])
    assert api_keys.admits(bound, address) is admitted
    assert api_keys.admits(add(session), address)


def test_who_makes_a_key_owns_it(session: Session, desk: Any) -> None:
    maker, other = (desk.employee(role=Role.ADMIN) for _ in range(2))
    values = {"description": "Shop", "permissions": ["read_tickets"]}
    assert api_keys.add(session, desk.as_employee(maker), values).owner_id == maker.id
    assert (
        api_keys.add(session, desk.as_employee(maker), values | {"owner_id": other.id}).owner_id == other.id
    )
    assert add(session).owner_id is None


def test_revoking(session: Session) -> None:
    key = add(session)
    api_keys.revoke(session, SYSTEM, key)
    assert api_keys.find(session, key.shown_once) is None
    with pytest.raises(Conflict):
        api_keys.revoke(session, SYSTEM, key)


@pytest.mark.parametrize(("wanted", "code"), [([], "required"), (["read_everything"], "not_an_option")])
def test_scopes_must_exist(session: Session, wanted: list[str], code: str) -> None:
    key = add(session)
    for attempt in (
        lambda: add(session, permissions=wanted),
        lambda: api_keys.edit(session, SYSTEM, key, {"permissions": wanted}),
    ):
        with pytest.raises(Invalid) as refused:
            attempt()
        assert [(one.field, one.code) for one in refused.value.errors] == [("permissions", code)]


def test_the_scopes_are_those_of_the_contract_and_of_the_declarations() -> None:
    known = set(scopes.options())
    assert {*scopes.NAMED, "read_teams", "write_teams", "read_audit_logs"} <= known
    assert not known & {"write_audit_logs", "read_api_keys", "write_api_keys", "read_grants"}


def test_a_key_makes_no_keys_and_no_agent_does(session: Session, desk: Any) -> None:
    key = add(session)
    for actor in (desk.as_key("admin"), desk.as_employee(desk.employee())):
        with pytest.raises(NO):
            api_keys.revoke(session, actor, key)
        with pytest.raises(NO):
            api_keys.rotate(session, actor, key, Overlap.DAY)
        with pytest.raises(NO):
            api_keys.edit(session, actor, key, {"permissions": ["admin"]})
        with pytest.raises(NO):
            api_keys.delete(session, actor, key)
        with pytest.raises(NO):
            api_keys.add(session, actor, {"description": "x", "permissions": ["admin"]})
