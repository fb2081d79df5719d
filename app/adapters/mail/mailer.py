"""The port: what every way of sending does, and how it fails. The twin without a server is here too."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from app.adapters.mail.letter import Letter
from app.core.errors import Problem
from app.core.i18n import Text, _

_FAILURES: dict[str, Text] = {
    "address": _("This is not an address that mail can be sent to."),
    "unreachable": _("The mail server cannot be reached or does not let us in."),
    "deferred": _("The mail server asked to try again later."),
    "refused": _("The mail server refused this mail."),
    "unsupported": _("The mail server cannot write to an address with letters beyond ASCII."),
}
_TEMPORARY = {"unreachable", "deferred"}


class Outcome(StrEnum):
    """What became of a letter."""

    SENT = "sent"
    KEPT = "kept"


class MailFailed(Problem):
    """A letter was not taken; `code` names why, `detail` is the server's own wording."""

    def __init__(self, code: str, detail: object = "") -> None:
        super().__init__(_FAILURES[code])
        self.code = code
        self.detail = str(detail)[:500]

    @property
    def is_temporary(self) -> bool:
        """Whether another try may succeed; otherwise the letter itself or its address is at fault."""
        return self.code in _TEMPORARY


class Mailer(Protocol):
    """A way for letters to go."""

    def send(self, letter: Letter, /) -> Outcome:
        """Hand over one letter; raise MailFailed."""
        ...


class KeptMail:
    """The way without a mail server: nothing leaves, the stored mail is read in the console."""

    def send(self, _letter: Letter, /) -> Outcome:
        """Say that the letter was kept; its row is the record."""
        return Outcome.KEPT
