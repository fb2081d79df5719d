"""What the log calls each verb, and the state its row has to be in."""

from __future__ import annotations

from typing import Any

from app.core.declare import Can, Role

OUTCOMES = {
    "messages": "MESSAGE_CREATE",
    "assign": "TICKET_UPDATE",
    "resolve": "TICKET_UPDATE",
    "reopen": "TICKET_UPDATE",
    "archive": "TICKET_ARCHIVE",
    "restore": "TICKET_RESTORE",
    "replay_failed": "WEBHOOK_REPLAY",
    "retire": "SCHEMA_UPDATE",
    "bring_back": "SCHEMA_UPDATE",
    "reset_second_factor": "EMPLOYEE_TOTP_DISABLE",
    "deactivate": "EMPLOYEE_HAND_OVER",
    "resend_invitation": "EMPLOYEE_INVITE",
    "withdraw_invitation": "EMPLOYEE_INVITATION_WITHDRAW",
    "revoke": "API_KEY_REVOKE",
    "put_back": "ACCESS_GRANT_UPDATE",
}
"""What the log calls a verb whose row is that of another thing than the route names."""

STANDS = {
    ("employees", "reset_second_factor"): "guarded_employee",
    ("grants", "put_back"): "changed_grant",
    ("jobs", "retry"): "stopped_jobs",
    ("schema_definitions", "bring_back"): "retired_field",
    ("tickets", "archive"): "resolved",
    ("tickets", "merge"): "own_ticket",
    ("tickets", "reopen"): "resolved",
    ("webhooks", "replay"): "failing_webhooks",
    ("webhooks", "replay_failed"): "failing_webhooks",
}
"""The row a verb is done to, where it takes one in a state of its own."""


def is_open(model: Any, can: Can) -> bool:
    """Tell whether a thing may be changed so at all, which the administrator could."""
    grant = model.resource.allow.get(Role.ADMIN)
    return grant is not None and can in grant.can
