"""The settings: defaults, what is refused, and what follows from what."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import config

SERVERS = {"DATABASE_URL": "postgresql://desk@db/desk", "REDIS_URL": "redis://queue/0"}
KEYS = dict.fromkeys(config.SECRETS, "a-key-that-somebody-made-once")
Read = Callable[..., dict[str, Any]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read the settings of an environment that holds servers, a data folder and what a test adds."""
    return lambda **environ: config.settings({**SERVERS, "DATA_DIR": str(tmp_path), **environ})


def test_defaults(read: Read) -> None:
    settings = read()
    assert (settings["HOST"], settings["PORT"]) == ("127.0.0.1", 8000)
    assert settings["BASE_URL"] == "http://127.0.0.1:8000"
    assert settings["WEB_WORKERS"] == 2
    assert settings["DEFAULT_LOCALE"] is None


def test_what_the_environment_does_not_say_is_left_to_the_settings_of_the_desk(read: Read) -> None:
    names = ("DEFAULT_LOCALE", "SESSION_IDLE_HOURS", "SESSION_HOURS", "API_RATE_LIMIT", "API_LOG_DAYS")
    assert [read()[name] for name in names] == [None] * 5
    said = dict(zip(names, ("de", "1", "2", "3", "4"), strict=True))
    assert [read(**said)[name] for name in names] == ["de", 1, 2, 3, 4]


def test_every_mistake_is_named_at_once(read: Read) -> None:
    with pytest.raises(config.ConfigError) as raised:
        read(PORT="web", WEB_WORKERS="0", DEMO="yes", LOG_LEVEL="loud", ENV="staging", DEFAULT_LOCALE="xx")
    said = str(raised.value)
    for name in (
        "PORT is 'web'",
        "WEB_WORKERS is '0'",
        "DEMO is 'yes'",
        "LOG_LEVEL is 'loud'",
        "ENV is 'staging'",
    ):
        assert name in said
    assert "a whole number from 1 to 65535" in said
    assert "DEFAULT_LOCALE is 'xx'; it must be one of en, de" in said


def test_proxies_are_addresses_or_networks(read: Read) -> None:
    proxies = read(TRUSTED_PROXIES="10.0.0.5, 10.1.0.0/16 fd00::5")["TRUSTED_PROXIES"]
    assert proxies == ("10.0.0.5/32", "10.1.0.0/16", "fd00::5/128")
    for wrong in ("*", "proxy.internal", "10.1.0.7/16"):
        with pytest.raises(config.ConfigError, match="TRUSTED_PROXIES names"):
            read(TRUSTED_PROXIES=wrong)


def test_a_wrong_outside_setting_is_refused_too(read: Read) -> None:
    with pytest.raises(config.ConfigError, match="WEBHOOK_ALLOW_PRIVATE is 'maybe'"):
        read(WEBHOOK_ALLOW_PRIVATE="maybe")


@pytest.mark.parametrize("missing", list(config.SECRETS))
def test_production_needs_each_key(read: Read, missing: str) -> None:
    with pytest.raises(config.ConfigError, match=f"ENV=production needs {missing}"):
        read(ENV="production", **{**KEYS, missing: ""})


def test_production_refuses_demo_data(read: Read) -> None:
    with pytest.raises(config.ConfigError, match="DEMO is 1 with ENV=production"):
        read(ENV="production", DEMO="1", **KEYS)


def test_production_writes_no_key(read: Read, tmp_path: Path) -> None:
    assert read(ENV="production", **KEYS)["SECRET_KEY"] == KEYS["SECRET_KEY"]
    assert list(tmp_path.iterdir()) == []


def test_keys_are_made_once_and_for_the_owner_only(read: Read, tmp_path: Path) -> None:
    first, second = read(), read()
    made = [first[name] for name in config.SECRETS]
    assert made == [second[name] for name in config.SECRETS]
    assert len(set(made)) == 3
    files = list((tmp_path / "keys").iterdir())
    assert sorted(file.name for file in files) == ["audit.key", "data.key", "secret.key"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


@pytest.mark.parametrize(
    ("environ", "demo"),
    [
        ({}, True),
        ({"DATABASE_URL": "postgresql://desk@db/desk"}, False),
        ({"DATABASE_URL": "postgresql://desk@db/desk", "DEMO": "1"}, True),
        ({"DEMO": "0"}, False),
        ({"ENV": "production"}, False),
    ],
)
def test_demo_is_on_only_where_nothing_real_can_be_meant(environ: dict[str, str], demo: bool) -> None:
    assert config.basic(config.Reader(environ))["DEMO"] is demo


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_driver_is_named(read: Read, scheme: str) -> None:
    assert (
        read(DATABASE_URL=f"{scheme}://desk@db/desk")["DATABASE_URL"] == "postgresql+psycopg://desk@db/desk"
    )


def test_migrations_run_as_their_own_user_where_one_is_given(read: Read) -> None:
    assert read()["MIGRATE_DATABASE_URL"] == "postgresql+psycopg://desk@db/desk"
    owner = read(MIGRATE_DATABASE_URL="postgresql://owner@db/desk")
    assert owner["MIGRATE_DATABASE_URL"] == "postgresql+psycopg://owner@db/desk"
    assert owner["DATABASE_URL"] == "postgresql+psycopg://desk@db/desk"


def test_cookies_are_bound_to_the_host_on_https_only(read: Read) -> None:
    secure, plain = read(BASE_URL="https://desk.example.com/"), read()
    assert (secure["SESSION_COOKIE_NAME"], secure["SESSION_COOKIE_SECURE"]) == ("__Host-frontdesk", True)
    assert (plain["SESSION_COOKIE_NAME"], plain["SESSION_COOKIE_SECURE"]) == ("frontdesk", False)
    assert secure["CUSTOMER_COOKIE_NAME"] == "__Host-frontdesk-customer"
    assert secure["FAB_SAFE_REDIRECT_HOSTS"] == ["desk.example.com"]
    assert "desk.example.com" in secure["TRUSTED_HOSTS"]


def test_a_server_open_to_the_network_is_linked_by_an_address_that_opens(read: Read) -> None:
    assert read(HOST="0.0.0.0")["BASE_URL"] == "http://127.0.0.1:8000"  # noqa: S104
    assert read(HOST="::1", PORT="81")["BASE_URL"] == "http://[::1]:81"


def test_only_what_has_no_address_is_embedded() -> None:
    assert config.embedded_servers({}) == ("postgres", "redis")
    assert config.embedded_servers({"DATABASE_URL": "x"}) == ("redis",)
    assert config.embedded_servers({"REDIS_URL": "x", "DATABASE_URL": " "}) == ("postgres",)
    assert config.embedded_servers(SERVERS) == ()
