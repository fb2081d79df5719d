"""What the made-up desk is made of."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from app.core import clock
from app.generate.frame import NavGroup, NavItem
from app.generate.pages import Crumb, Empty, Option

ROOT = Path(__file__).resolve().parents[3]
NOW = clock.now()
TEAMS = Crumb(label="Teams", url="/list")
TOPICS = (Option(value="billing", label="Billing"),)
NOTHING = Empty(title="No tickets yet", text="Requests appear here as soon as a customer writes in.")

NAVIGATION = (
    NavGroup(
        None,
        [
            NavItem(label="My inbox", url="/x", icon="inbox", count="8", key="i"),
            NavItem(label="Unassigned", url="/inbox", icon="users", count="42", key="u"),
            NavItem(label="Mentions", url="/x", icon="at-sign", count="3", key="m"),
            NavItem(label="Drafts", url="/x", icon="pencil", count="2", key="d"),
        ],
    ),
    NavGroup(
        "Team views",
        [
            NavItem(label="Due soon", url="/x", icon="flame", count="5", urgent=True),
            NavItem(label="Billing", url="/x", icon="tag", count="17"),
        ],
    ),
    NavGroup(
        "Workspace",
        [
            NavItem(label="Tickets", url="/list", icon="layers"),
            NavItem(label="Knowledge base", url="/x", icon="book-open"),
            NavItem(label="Routing rules", url="/x", icon="route"),
            NavItem(label="Reports", url="/x", icon="chart-no-axes-column"),
            NavItem(label="Settings", url="/x", icon="settings", key="s"),
        ],
    ),
)
CUSTOMER_NAVIGATION = (
    NavGroup(
        None,
        [
            NavItem(label="My requests", url="/portal", icon="inbox", current=True),
            NavItem(label="Help", url="/x", icon="info"),
        ],
    ),
)

TITLES = (
    ("Cannot log in after password reset", "Lena Fischer", "new", "urgent", "Mara Klein", ["login"]),
    ("Refund for order 20731", "Bob Smith", "open", "high", "", ["refund", "card"]),
    ("Invoice shows wrong VAT number", "Priya Nair", "open", "medium", "Tom Okafor", ["invoice"]),
    ("SSO: SAML assertion rejected", "Globex IT", "pending", "high", "Ada Admin", ["sso", "enterprise"]),
    ("App crashes on start (Android 15)", "Jonas Weber", "open", "medium", "Tom Okafor", ["mobile"]),
    ("Question about the team plan", "Maria Lopez", "new", "low", "", []),
    ("Change e-mail address", "Hugo Martin", "resolved", "low", "Mara Klein", ["account"]),
    (
        "Feature request: dark mode for the exported weekly summary of everything",
        "Fatima Zahra",
        "closed",
        "low",
        "Ada Admin",
        [],
    ),
)


def ago(**span: float) -> dt.datetime:
    """Return a moment in the past."""
    return NOW - dt.timedelta(**span)
