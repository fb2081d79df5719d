"""What a desk decides about itself: every setting, with its kind, default, limits, and who goes by it.

They are read by `settings_of(session)` (desk.py). What the environment says has precedence.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from flask import current_app

from app.core.declare import Choice
from app.core.i18n import Text, _
from app.fields.field import Field
from app.fields.kinds import Kind
from app.fields.rules import Rules


class Section(Choice):
    """The parts of the settings, in their order."""

    BRANDING = "branding", _("Branding")
    LANGUAGES = "languages", _("Languages and time")
    SIGN_IN = "sign-in", _("Sign-in")
    MAIL = "mail", _("Mail")
    RETENTION = "retention", _("Retention")
    LIMITS = "limits", _("Limits")


@dataclass(frozen=True, kw_only=True)
class About:
    """What is known of a setting besides its default: the field it is typed by, and where it counts.

    `options` names the list its values are chosen from. `env` is the variable that has precedence, and `said`
    reads what config.py made of it. A `colour` is picked, or typed as six digits.
    """

    section: Section
    field: Field
    options: str | None = None
    env: str | None = None
    said: Callable[[Any], Any] = lambda value: value
    colour: bool = False

    @property
    def decided(self) -> Any:
        """Return what the environment says, None if it says nothing."""
        return self.decided_in(current_app.config)

    def decided_in(self, config: Mapping[str, Any]) -> Any:
        """Return what is said in `config`, the application's, None if it says nothing."""
        value = config.get(self.env) if self.env else None
        return self.said(value) if value else None


def _is(  # noqa: PLR0913  a declaration
    label: Text,
    help: Text = "",  # noqa: A002  its name
    *,
    default: Any = None,
    section: Section,
    kind: Kind,
    options: str | None = None,
    env: str | None = None,
    said: Callable[[Any], Any] = lambda value: value,
    colour: bool = False,
    **rules: Any,
) -> Any:
    field = Field(name="", kind=kind, label=label, help=help, rules=Rules(**rules))
    about = About(section=section, field=field, options=options, env=env, said=said, colour=colour)
    return dataclasses.field(default=default, metadata={"about": about})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings at one moment. A new one is one field here, and whoever reads it."""

    name: str = _is(
        _("Name of the desk"), _("In the navigation, the portal, titles and mails."),
        default="Frontdesk",
        section=Section.BRANDING, kind=Kind.TEXT, max_length=60,
    )  # fmt: skip
    accent: str | None = _is(
        _("Accent colour"),
        _("Six digits, as #0b7a75. Shades that can be read in light and dark are made of it."),
        section=Section.BRANDING, kind=Kind.TEXT, pattern="#[0-9a-fA-F]{6}", colour=True,
    )  # fmt: skip
    logo: int | None = _is(
        _("Logo"), _("PNG, JPEG or WebP of 512 KB at most; it is drawn 24 pixels high."),
        section=Section.BRANDING, kind=Kind.INTEGER, minimum=1,
    )  # fmt: skip
    greeting: str | None = _is(
        _("Greeting of the portal"), _("Stands on the first page customers see."),
        section=Section.BRANDING, kind=Kind.LONG_TEXT, max_length=400,
    )  # fmt: skip
    languages: tuple[str, ...] = _is(
        _("Languages offered"), _("To people and customers. None chosen: all that there are."),
        default=(),
        section=Section.LANGUAGES, kind=Kind.MULTI_SELECT, options="languages",
    )  # fmt: skip
    language: str = _is(
        _("Language"), _("Of who chose none, and whose browser asks for none that is offered."),
        default="en",
        section=Section.LANGUAGES, kind=Kind.SELECT, options="languages", env="DEFAULT_LOCALE",
    )  # fmt: skip
    time_zone: str = _is(
        _("Time zone"), _("Of who chose none; and where the days of rules and lists begin."),
        default="UTC",
        section=Section.LANGUAGES, kind=Kind.SELECT, options="time_zones",
    )  # fmt: skip
    totp_roles: tuple[str, ...] = _is(
        _("Second factor"), _("Roles that must have one. Who has none sets it up at the next sign-in."),
        default=(),
        section=Section.SIGN_IN, kind=Kind.MULTI_SELECT, options="roles",
        env="REQUIRE_TOTP_ROLES", said=lambda roles: tuple(sorted(roles)),
    )  # fmt: skip
    sign_up_open: bool = _is(
        _("Customers may sign up"), _("Off: who wrote a request keeps the account, nobody makes one."),
        default=True,
        section=Section.SIGN_IN, kind=Kind.BOOLEAN,
    )  # fmt: skip
    session_hours: int = _is(
        _("Session, hours"), _("A session of an employee ends after so many hours in any case."),
        default=168,
        section=Section.SIGN_IN, kind=Kind.INTEGER, minimum=1, maximum=24 * 90,
        env="SESSION_HOURS",
    )  # fmt: skip
    session_idle_hours: int = _is(
        _("Idle session, hours"), _("It ends after so many hours without a request."),
        default=12,
        section=Section.SIGN_IN, kind=Kind.INTEGER, minimum=1, maximum=24 * 30,
        env="SESSION_IDLE_HOURS",
    )  # fmt: skip
    mail_name: str | None = _is(
        _("Sender's name"), _("Without one the name of the desk."),
        section=Section.MAIL, kind=Kind.TEXT, max_length=100,
        env="MAIL_FROM", said=lambda text: parseaddr(text)[0],
    )  # fmt: skip
    mail_address: str | None = _is(
        _("Sender's address"), _("Without one support@ and the host of the desk."),
        section=Section.MAIL, kind=Kind.EMAIL,
        env="MAIL_FROM", said=lambda text: parseaddr(text)[1],
    )  # fmt: skip
    mail_signature: str | None = _is(
        _("Signature"), _("Stands under every mail, as plain text."),
        section=Section.MAIL, kind=Kind.LONG_TEXT, max_length=1000,
    )  # fmt: skip
    api_log_days: int = _is(
        _("Log of API calls, days"),
        default=90,
        section=Section.RETENTION, kind=Kind.INTEGER, minimum=1, maximum=3650,
        env="API_LOG_DAYS",
    )  # fmt: skip
    metric_days: int = _is(
        _("Measured values, days"), _("After that one mean an hour is kept."),
        default=7,
        section=Section.RETENTION, kind=Kind.INTEGER, minimum=1, maximum=90,
    )  # fmt: skip
    mean_days: int = _is(
        _("Hourly means, days"),
        default=396,
        section=Section.RETENTION, kind=Kind.INTEGER, minimum=30, maximum=3650,
    )  # fmt: skip
    event_days: int = _is(
        _("Events and deliveries, days"), _("Deliveries of webhooks go with their events."),
        default=90,
        section=Section.RETENTION, kind=Kind.INTEGER, minimum=7, maximum=3650,
    )  # fmt: skip
    close_days: int = _is(
        _("Resolved tickets, days"), _("Then they are closed, if nobody came back to them."),
        default=7,
        section=Section.RETENTION, kind=Kind.INTEGER, minimum=1, maximum=365,
    )  # fmt: skip
    archive_days: int = _is(
        _("Closed tickets, days"), _("Counted from their resolution. Then they leave for the archive."),
        default=365,
        section=Section.RETENTION, kind=Kind.INTEGER, minimum=30, maximum=3650,
    )  # fmt: skip
    upload_mb: int = _is(
        _("Uploads, MB"), _("The largest file that is taken."),
        default=25,
        section=Section.LIMITS, kind=Kind.INTEGER, minimum=1, maximum=25,
    )  # fmt: skip
    api_rate: int = _is(
        _("API calls a minute"), _("Of a key without a limit of its own, and of an employee."),
        default=3000,
        section=Section.LIMITS, kind=Kind.INTEGER, minimum=1, maximum=60_000,
        env="API_RATE_LIMIT",
    )  # fmt: skip


ABOUT: Mapping[str, About] = {
    one.name: dataclasses.replace(
        one.metadata["about"], field=dataclasses.replace(one.metadata["about"].field, name=one.name)
    )
    for one in dataclasses.fields(Settings)
}
"""What is known of each setting, in the order of the pages."""

DEFAULTS = Settings()
