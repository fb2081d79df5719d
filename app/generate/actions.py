"""What deeds are called on their buttons."""

from __future__ import annotations

from typing import Any

from app.core.declare import Resource
from app.core.i18n import Text, _, _p
from app.generate.cells import title_of

LABELS: dict[str, Text] = {
    "archive": _p("verb", "Archive"),
    "assign": _p("verb", "Assign"),
    "bring_back": _("Bring back"),
    "cancel": _p("verb", "Stop"),
    "deactivate": _("Deactivate"),
    "delete": _("Delete"),
    "edit": _("Change"),
    "merge": _p("verb", "Merge"),
    "messages": _p("verb", "Write"),
    "new_secret": _("New secret"),
    "reopen": _("Reopen"),
    "resend_invitation": _("Send the invitation again"),
    "reset_second_factor": _("Reset second factor"),
    "resolve": _("Resolve"),
    "restore": _("Restore"),
    "retire": _("Retire"),
    "retype": _("Change type or options"),
    "retry": _("Try again"),
    "put_back": _("Put back as declared"),
    "replay": _("Send again"),
    "replay_failed": _("Send what failed"),
    "revoke": _("Revoke"),
    "rotate": _("Rotate"),
    "test": _("Send a test"),
    "withdraw_invitation": _("Withdraw the invitation"),
}
ICONS = {
    "archive": "archive",
    "bring_back": "undo-2",
    "cancel": "ban",
    "deactivate": "ban",
    "delete": "trash-2",
    "edit": "pencil",
    "merge": "git-merge",
    "new_secret": "key-round",
    "put_back": "undo-2",
    "replay": "send",
    "replay_failed": "send",
    "resend_invitation": "send",
    "reset_second_factor": "shield",
    "restore": "rotate-ccw",
    "retire": "archive",
    "retry": "rotate-ccw",
    "revoke": "ban",
    "rotate": "refresh-cw",
    "withdraw_invitation": "x",
}


def label_of_adding(resource: Resource) -> Text:
    """Return what making one of a thing is called, on buttons and as a title."""
    return resource.new or _("New: %(thing)s", thing=resource.title)


def label_of_action(verb: str) -> Text:
    """Return what a deed is called on its button."""
    return LABELS.get(verb, verb.replace("_", " ").capitalize())


def asked_of(row: Any, verb: str) -> Text:
    """Return what is asked before a deed to a row."""
    return _("%(action)s: %(name)s?", action=label_of_action(verb), name=title_of(row))


def icon_of_action(verb: str) -> str:
    """Return the icon of a deed."""
    return ICONS.get(verb, "play")
