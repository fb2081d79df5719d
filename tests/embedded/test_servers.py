"""What a fresh pair of servers is like."""

from __future__ import annotations

import psycopg
import redis

from app import embedded
from tests.embedded.conftest import Desk
from tests.processes import found


def test_the_application_is_neither_owner_nor_superuser(desk: Desk) -> None:
    with psycopg.connect(desk.servers.database_url.replace("+psycopg", "")) as session:
        name, powerful = session.execute(
            "SELECT rolname, rolsuper OR rolcreaterole OR rolcreatedb"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        owner = session.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        )
        assert (name, powerful) == ("frontdesk_app", False)
        assert owner.fetchone() == ("frontdesk_owner",)


def test_the_owner_makes_the_extensions_the_product_needs(desk: Desk) -> None:
    for extension in ("pg_trgm", "unaccent", "citext", "btree_gin"):
        desk.ask(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    assert desk.ask("SELECT cardinality(show_trgm('日本語'))") > 0


def test_nothing_listens_on_a_port(desk: Desk) -> None:
    assert desk.ask("SHOW listen_addresses") == ""
    assert redis.Redis.from_url(desk.servers.redis_url).config_get("port") == {"port": "0"}


def test_redis_writes_every_second_and_never_drops_a_key(desk: Desk) -> None:
    asked = redis.Redis.from_url(desk.servers.redis_url).config_get("append*", "maxmemory-policy")
    assert asked["appendonly"] == "yes"
    assert asked["appendfsync"] == "everysec"
    assert asked["maxmemory-policy"] == "noeviction"


def test_joining_starts_nothing_and_gives_the_same_servers(desk: Desk) -> None:
    running = found("postgres -D", str(desk.place))
    assert embedded.start(desk.data_dir) == desk.servers
    assert running == found("postgres -D", str(desk.place)) != []


def test_sockets_are_private(desk: Desk) -> None:
    assert desk.servers.sockets.stat().st_mode & 0o777 == 0o700
    assert len(str(desk.servers.sockets / ".s.PGSQL.5432")) < 60
