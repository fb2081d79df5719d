"""Values for a row of each table, full of what must not be told."""

from __future__ import annotations

from typing import Any

from app.models.access import RowScope, Verb

NAME, TEXT, MAIL = "Zoltan Quux", "Xyzzy plugh, my knee hurts", "zoltan.quux"
PASSWORD, OTHER = "vexed hamster battery 41", "calmer hamster battery 42"
HIDDEN = ("Zoltan", "Quux", "zoltan", "Xyzzy", "plugh", "hamster", "sesame", "fd_live_", "whsec_")
"""What was planted: names, addresses, texts, passwords, secrets in links."""

SETTINGS = ("api_log_days", "event_days", "close_days", "metric_days", "upload_mb")
"""A setting has one row at most, so each sample is one of another."""


def address(number: int) -> str:
    return f"{MAIL}.{number}@example.com"


def samples(ids: dict[str, int], n: int) -> dict[str, dict[str, Any]]:
    """Return values for a new row of each table; `n` makes them differ from all others."""
    return {
        "api_keys": {"description": TEXT, "permissions": ["read_teams"], "allowed_ips": ["192.0.2.0/24"]},
        "business_hours": {"name": f"Hours {n}", "time_zone": "UTC"},
        "business_intervals": {"weekday": "1", "starts": "08:00", "ends": "12:00"},
        "customers": {"name": NAME, "email": address(n), "tier": "standard"},
        "employee_teams": {"employee_id": ids.get("agent"), "role_in_team": "agent"},
        "employees": {
            "name": NAME, "email": address(n), "role": "agent", "active": True, "availability": "available",
            "capacity": 5,
        },
        "grants": {"table_name": "teams", "verb": Verb.READ, "rows": RowScope.ALL},
        "holidays": {"day": "2026-12-25", "name": f"Holiday {n}"},
        "kb_articles": {"title": f"Refunds {n}", "content": TEXT, "state": "draft", "section": "Orders"},
        "macros_templates": {"title": f"Thanks {n}", "content": TEXT, "shared": True},
        "roles": {"title": f"Role {n}", "name": f"role_{n}", "description": TEXT},
        "routing_rules": {
            "rule_name": f"Rule {n}", "event": "created", "priority": n, "is_active": False, "stop": False,
            "criteria": {"all": [{"field": "email", "op": "is", "value": address(n)}]},
            "action": {"team": ids.get("team")},
        },
        "saved_views": {"name": f"View {n}", "object_table": "teams", "query": "q=x", "shared": True},
        "schema_definitions": {
            "field_name": f"seats_{n}", "field_type": "integer", "label": f"Seats {n}",
            "applies_to": "tickets", "required_on": "create",
        },
        "settings": {"name": SETTINGS[n % len(SETTINGS)], "value": 20},
        "shifts": {"weekday": "1", "starts": "08:00", "ends": "12:00", "time_zone": "UTC"},
        "skillsets": {"employee_id": ids.get("agent"), "skill_name": f"Skill {n}", "skill_level": 3},
        "teams": {"name": f"Team {n}", "description": TEXT, "is_active": True},
        "ticket_messages": {"ticket_id": ids.get("ticket"), "message_body": TEXT},
        "tickets": {"email": address(n), "title": TEXT, "description": TEXT, "priority": "low"},
        "webhooks": {
            "url": f"https://127.0.0.1/hook/sesame-{n}", "description": TEXT, "event_types": ["TEAM_CREATED"],
            "is_active": True,
        },
    }  # fmt: skip


FRESH = {
    "business_hours": {"team_id": "teams"},
    "business_intervals": {"hours_id": "business_hours"},
    "employee_teams": {"team_id": "teams"},
    "grants": {"role_id": "roles"},
    "holidays": {"hours_id": "business_hours"},
    "shifts": {"employee_id": "employees", "team_id": "teams"},
}
"""What a row refers to that must be its own, by column."""


CHANGES: dict[str, dict[str, Any]] = {
    "api_keys": {"permissions": ["read_teams", "read_tickets"]},
    "business_hours": {"name": "Other hours"},
    "business_intervals": {"ends": "13:00"},
    "customers": {"name": f"{NAME} junior", "tier": "vip"},
    "employee_teams": {"role_in_team": "team_lead"},
    "employees": {"name": f"{NAME} junior", "role": "supervisor"},
    "grants": {"hidden_fields": ["description"]},
    "holidays": {"name": "Another day"},
    "kb_articles": {"state": "public", "content": f"{TEXT}!"},
    "macros_templates": {"content": f"{TEXT}!"},
    "roles": {"title": "Another title"},
    "routing_rules": {
        "criteria": {"all": [{"field": "title", "op": "contains", "value": "a@zoltan.example"}]}
    },
    "saved_views": {"query": "q=y", "shared": False},
    "schema_definitions": {"help": TEXT, "position": 2},
    "settings": {"value": 21},
    "shifts": {"ends": "13:00"},
    "skillsets": {"skill_level": 4},
    "teams": {"description": f"{TEXT}!"},
    "tickets": {"priority": "high", "title": f"{TEXT}!"},
    "webhooks": {"url": "https://127.0.0.1/hook/open-sesame", "description": f"{TEXT}!"},
}
"""What an edit changes of each thing."""
