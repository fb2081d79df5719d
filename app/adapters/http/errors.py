"""Why a call out was not made, or did not arrive."""

from __future__ import annotations

from app.core.errors import Problem
from app.core.i18n import Text, _

_REFUSALS: dict[str, Text] = {
    "malformed": _("Enter a complete address, for example https://example.com/hook."),
    "too_long": _("This address is too long."),
    "scheme": _("Only addresses that begin with http:// or https:// can be called."),
    "userinfo": _("Leave name and password out of the address."),
    "port": _("Only the ports 80, 443 and 8000 to 8999 can be called."),
    "not_public": _("This address leads to a private network and cannot be called."),
}

_FAILURES: dict[str, Text] = {
    "unknown_host": _("The host name could not be found."),
    "resolve_timeout": _("Looking up the host name took too long."),
    "connect_timeout": _("The receiver did not accept a connection in time."),
    "connect_failed": _("The receiver did not accept a connection."),
    "tls": _("The receiver's certificate or encryption is not valid."),
    "timeout": _("The receiver did not answer in time."),
    "disconnected": _("The receiver broke off, or did not answer in HTTP."),
}


class Refused(Problem):
    """The address may not be called; `code` names why and stays stable, `message` says the remedy."""

    def __init__(self, code: str) -> None:
        super().__init__(_REFUSALS[code])
        self.code = code


class Unreachable(Problem):
    """The call was tried and did not arrive; `code` names why, `detail` is the machine's own wording."""

    def __init__(self, code: str, detail: object = "") -> None:
        super().__init__(_FAILURES[code])
        self.code = code
        self.detail = str(detail)[:200]
