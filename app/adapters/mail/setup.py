"""Which way letters go, by the settings."""

from __future__ import annotations

from collections.abc import Mapping
from email.headerregistry import Address
from typing import Any
from urllib.parse import urlsplit

from app.adapters.mail.letter import make_address, parse_address
from app.adapters.mail.mailer import KeptMail, Mailer
from app.adapters.mail.smtp import SmtpMail, parse_url


def from_config(config: Mapping[str, Any], name: str = "Frontdesk", address: str | None = None) -> Mailer:
    """Return the way by `SMTP_URL`, or the keeping twin without one; raise ValueError for a wrong setting.

    Letters come from `name` and `address`, as `sender` says.
    """
    if not config["SMTP_URL"]:
        return KeptMail()
    return SmtpMail(parse_url(config["SMTP_URL"]), sender(config, name, address))


def sender(config: Mapping[str, Any], name: str = "Frontdesk", address: str | None = None) -> Address:
    """Return who letters come from: `MAIL_FROM`, else `address`, else support at the host of `BASE_URL`."""
    if config["MAIL_FROM"]:
        return parse_address(config["MAIL_FROM"])
    return make_address(address or f"support@{urlsplit(config['BASE_URL']).hostname}", name)
