"""The settings: flat, each read from the environment, every mistake reported at once.

`settings(os.environ)` is all a caller needs. Everything is optional in development; ENV=production refuses to
start without the three keys. docs/configuration.md lists the variables.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app import embedded
from app.core.environ import Reader
from app.core.languages import LANGUAGES

ROOT = Path(__file__).resolve().parent
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
SECRETS = {"SECRET_KEY": "secret.key", "DATA_KEY": "data.key", "AUDIT_KEY": "audit.key"}
LONGEST_SESSION = 24 * 90
"""Hours."""
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class ConfigError(Exception):
    """The environment says something that cannot be. The message lists every mistake with its remedy."""


def settings(environ: Mapping[str, str]) -> dict[str, Any]:
    """Read every setting. Raises ConfigError.

    Where DATABASE_URL or REDIS_URL is missing, the embedded servers of DATA_DIR are joined (and started first
    when nobody has); embedded.Unavailable is raised where they cannot run.
    """
    read = Reader(environ)
    common = basic(read)
    keys = _keys(read, common)
    outside = _outside(read)
    if read.mistakes:
        raise ConfigError("\n".join(read.mistakes))
    return {**common, **keys, **outside, **_servers(environ, common["DATA_DIR"]), **_fixed(common, keys)}


def basic(read: Reader) -> dict[str, Any]:
    """Address, folder, kind of installation and sizes."""
    host, port = read.text("HOST", "127.0.0.1"), read.number("PORT", 8000, 1, 65535)
    production = read.choice("ENV", ("development", "production"), "development") == "production"
    demo = read.switch("DEMO", default=not production and not read.text("DATABASE_URL"))
    if demo and production:
        read.mistakes.append("DEMO is 1 with ENV=production; demo logins have a known password. Remove DEMO.")
    return {
        "HOST": host,
        "PORT": port,
        "PRODUCTION": production,
        "DEMO": demo,
        "DATA_DIR": Path(read.text("DATA_DIR", str(ROOT / "var"))).expanduser().absolute(),
        "BASE_URL": read.text("BASE_URL", f"http://{_reachable(host)}:{port}").rstrip("/"),
        "TRUSTED_PROXIES": read.networks("TRUSTED_PROXIES"),
        "WEB_WORKERS": read.number("WEB_WORKERS", 2, 1, 64),
        "WORKERS": read.number("WORKERS", 1, 1, 64),
        "LOG_LEVEL": read.choice("LOG_LEVEL", LOG_LEVELS, "INFO"),
        **_settings(read),
    }


def _settings(read: Reader) -> dict[str, Any]:
    """What the environment decides of the desk's own settings (app/fields/settings.py), None if nothing."""
    locale = read.text("DEFAULT_LOCALE")
    return {
        "DEFAULT_LOCALE": read.choice("DEFAULT_LOCALE", tuple(LANGUAGES), "en") if locale else None,
        "SESSION_IDLE_HOURS": read.decided("SESSION_IDLE_HOURS", 1, 24 * 30),
        "SESSION_HOURS": read.decided("SESSION_HOURS", 1, LONGEST_SESSION),
        "API_RATE_LIMIT": read.decided("API_RATE_LIMIT", 1, 60_000),
        "API_LOG_DAYS": read.decided("API_LOG_DAYS", 1, 3650),
        "REQUIRE_TOTP_ROLES": frozenset(read.text("REQUIRE_TOTP_ROLES").replace(",", " ").split()),
    }


def _outside(read: Reader) -> dict[str, Any]:
    return {
        "SMTP_URL": read.text("SMTP_URL"),
        "MAIL_FROM": read.text("MAIL_FROM"),
        "METRICS_TOKEN": read.text("METRICS_TOKEN"),
        "SENTRY_DSN": read.text("SENTRY_DSN"),
        "WEBHOOK_ALLOW_PRIVATE": read.switch("WEBHOOK_ALLOW_PRIVATE", default=False),
    }


def _keys(read: Reader, basic: Mapping[str, Any]) -> dict[str, str]:
    missing = [name for name in SECRETS if not read.text(name)]
    if missing and basic["PRODUCTION"]:
        read.mistakes.append(
            f"ENV=production needs {', '.join(missing)}. Make each one once with\n"
            "  python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'\n"
            "and keep it safe: without DATA_KEY and AUDIT_KEY what they wrote cannot be read or verified."
        )
        return {}
    folder = basic["DATA_DIR"] / "keys"
    return {name: read.text(name) or _made_once(folder / file) for name, file in SECRETS.items()}


def _made_once(path: Path) -> str:
    """Read a key, making it first when there is none. Two processes at once end up with the same one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.urlsafe_b64encode(os.urandom(32)))
        _link(unfinished, path)
    return path.read_text().strip()


def _link(unfinished: Path, path: Path) -> None:
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:  # another process was first: its key is the one
        pass
    finally:
        unfinished.unlink()


def _servers(environ: Mapping[str, str], data_dir: Path) -> dict[str, str]:
    """The addresses of PostgreSQL and Redis: those of the environment, else of the embedded servers."""
    names = ("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL")
    given = {name: environ.get(name, "").strip() for name in names}
    wanted = embedded_servers(environ)
    if wanted:
        servers = embedded.start(data_dir, wanted=wanted)
        if "redis" in wanted:
            given["REDIS_URL"] = servers.redis_url
        if "postgres" in wanted:
            given |= {
                "DATABASE_URL": servers.database_url,
                "MIGRATE_DATABASE_URL": servers.migrate_database_url,
            }
    database_url = sqlalchemy_url(given["DATABASE_URL"])
    return {
        "SQLALCHEMY_DATABASE_URI": database_url,
        "DATABASE_URL": database_url,
        "MIGRATE_DATABASE_URL": sqlalchemy_url(given["MIGRATE_DATABASE_URL"]) or database_url,
        "REDIS_URL": given["REDIS_URL"],
    }


def embedded_servers(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The servers the environment gives no address for, which are therefore embedded."""
    addresses = {"postgres": "DATABASE_URL", "redis": "REDIS_URL"}
    return tuple(server for server, name in addresses.items() if not environ.get(name, "").strip())


def sqlalchemy_url(url: str) -> str:
    """Name the driver: operators write `postgresql://` or `postgres://`."""
    scheme, mark, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if mark and scheme in ("postgres", "postgresql") else url


def _reachable(host: str) -> str:
    """An address a browser on this machine can open when the server listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104


def _fixed(basic: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """What the libraries are told, derived from the settings above."""
    parts: tuple[Callable[..., dict[str, Any]], ...] = (
        _cookies,
        _hosts,
        _app_builder,
        _languages,
        _database,
    )
    fixed: dict[str, Any] = {
        "MAX_CONTENT_LENGTH": 26
        * 1024
        * 1024,  # a file of 25 MB and its form; the API refuses more than 1 MiB
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "JWT_SECRET_KEY": keys["SECRET_KEY"],
        "JWT_ACCESS_TOKEN_EXPIRES": timedelta(minutes=15),
        "JWT_REFRESH_TOKEN_EXPIRES": timedelta(days=1),
        "TEMPLATES_AUTO_RELOAD": False,
    }
    for part in parts:
        fixed |= part(basic)
    return fixed


def _cookies(basic: Mapping[str, Any]) -> dict[str, Any]:
    secure = urlsplit(basic["BASE_URL"]).scheme == "https"
    prefix = "__Host-" if secure else ""  # browsers refuse the prefix on plain http
    return {
        "SESSION_COOKIE_NAME": f"{prefix}frontdesk",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=LONGEST_SESSION),  # the cookie's; its row ends sooner
        "CUSTOMER_COOKIE_NAME": f"{prefix}frontdesk-customer",
        "PREFERRED_URL_SCHEME": "https" if secure else "http",
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a form left open over lunch must not be lost
    }


def _hosts(basic: Mapping[str, Any]) -> dict[str, Any]:
    site = urlsplit(basic["BASE_URL"])
    known = basic["PRODUCTION"] or basic["HOST"] in LOOPBACK
    return {
        "TRUSTED_HOSTS": [site.hostname, *LOOPBACK] if known else None,
        "FAB_SAFE_REDIRECT_HOSTS": [site.netloc],
    }


def _app_builder(_basic: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "APP_NAME": "Frontdesk",
        "FAB_CREATE_DB": False,  # tables come from migrations only
        "FAB_UPDATE_PERMS": False,  # roles are synced by a command: starting runs no statement
        "FAB_ADD_SECURITY_VIEWS": True,  # sign-in only; the security manager registers nothing else
        "FAB_ADD_OPENAPI_VIEWS": False,
        "FAB_ADD_MENU_API": False,
        "FAB_ADD_SECURITY_API": False,
        "FAB_ADD_SECURITY_PERMISSION_VIEW": False,
        "FAB_ADD_SECURITY_PERMISSION_VIEWS_VIEW": False,
        "FAB_ADD_SECURITY_VIEW_MENU_VIEW": False,
        "FAB_API_SHOW_STACKTRACE": False,
        "FAB_API_SWAGGER_UI": False,
        "FAB_API_MAX_PAGE_SIZE": 100,
        "AUTH_TYPE": 1,  # passwords in the database
        "AUTH_ROLE_ADMIN": "admin",
        "AUTH_ROLE_PUBLIC": "public",
        "AUTH_USER_REGISTRATION": False,
        "AUTH_RATE_LIMITED": False,  # the limits are our own, the same on every path that tests a secret
        "RATELIMIT_ENABLED": False,
    }


def _languages(basic: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "LANGUAGES": {code: {"flag": "", "name": name} for code, name in LANGUAGES.items()},
        "BABEL_DEFAULT_LOCALE": basic["DEFAULT_LOCALE"] or "en",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
    }


def _database(_basic: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "SQLALCHEMY_TRACK_MODIFICATIONS": False,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_pre_ping": True,  # a restarted PostgreSQL costs no request
            "pool_use_lifo": True,  # the server knows best what was asked last: few connections, each warm
            "pool_size": 8,
            "max_overflow": 24,
            "pool_timeout": 10,
            "pool_recycle": 1800,
            # A plan for any value is often a bad one for this value: it can use no partial index (the tickets
            # that are still open), and cannot tell a rare word from a common one. Planning anew costs a tenth
            # of a millisecond, half a one where many tables are joined.
            # Compiling a plan to machine code costs more than any statement of a page gains by it.
            "connect_args": {"options": "-c plan_cache_mode=force_custom_plan -c jit=off"},
        },
    }
