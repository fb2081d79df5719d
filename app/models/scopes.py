"""What an API key can be allowed: one scope to read and one to write each thing of the API, and some deeds."""

from __future__ import annotations

from collections.abc import Mapping

from app import models
from app.core.i18n import Text, _

NAMED: Mapping[str, Text] = {
    "create_tickets": _("Add tickets."),
    "update_tickets": _("Change tickets and write messages."),
    "read_notes": _("See internal notes, where messages may be read."),
    "manage_webhooks": _("Webhooks, and reading their deliveries."),
    "replay": _("Send deliveries again."),
    "archive": _("Archive and restore tickets that the key may change."),
    "admin": _("Everything the API can do, with all data."),
}
"""Scopes of deeds, with what they allow."""


def options() -> Mapping[str, Text]:
    """Return every scope a key can have with what it allows: those of deeds, then to read and to write."""
    known: dict[str, Text] = {}
    for model in models.load():
        resource = model.resource
        if resource.api is not None:
            known[f"read_{model.__tablename__}"] = _("See: %(things)s.", things=resource.plural)
        if resource.api is not None and resource.api.write:
            known[f"write_{model.__tablename__}"] = _(
                "Add, change, delete: %(things)s.", things=resource.plural
            )
    return {**NAMED, **dict(sorted(known.items()))}
