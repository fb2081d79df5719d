"""How the demo desk is set up: fields, rules, macros."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import services
from app.access import SYSTEM
from app.models.fields import FieldDefinition, FieldType
from app.models.macros import Macro
from app.models.people import Employee
from app.models.routing import RoutingRule
from app.models.teams import Team

TOPICS = {
    "billing": ("Billing", "Rechnung"),
    "technical support": ("Technical support", "Technische Hilfe"),
    "orders": ("Orders and delivery", "Bestellung und Lieferung"),
    "feature request": ("Feature request", "Wunsch"),
    "general inquiry": ("General inquiry", "Allgemeine Frage"),
}
PLANS = {"home": ("Home", "Zuhause"), "office": ("Office", "Büro"), "cafe": ("Café", "Café")}


def _options(names: Mapping[str, tuple[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    english = {value: labels[0] for value, labels in names.items()}
    german = {value: labels[1] for value, labels in names.items()}
    return english, german


def _translated(label: str, options: Mapping[str, tuple[str, str]] | None = None) -> dict[str, Any]:
    english, german = _options(options or {})
    return {"en": {"options": english}, "de": {"label": label, "options": german}}


FIELDS: tuple[dict[str, Any], ...] = (
    {"field_name": "category", "field_type": FieldType.SELECT, "label": "Topic", "is_required": True,
     "options": list(TOPICS), "translations": _translated("Thema", TOPICS), "position": 0},
    {"field_name": "order_number", "field_type": FieldType.TEXT, "label": "Order number", "position": 10,
     "help": "Six digits, on your invoice.", "validation": {"pattern": "[0-9]{6}"}, "searchable": True,
     "translations": _translated("Bestellnummer")},
    {"field_name": "plan", "field_type": FieldType.SELECT, "label": "Plan", "options": list(PLANS), "position": 20,
     "translations": _translated("Tarif", PLANS)},
    {"field_name": "seats", "field_type": FieldType.INTEGER, "label": "Seats", "position": 30,
     "validation": {"min": 1, "max": 500}, "translations": _translated("Plätze")},
    {"field_name": "bought_on", "field_type": FieldType.DATE, "label": "Bought on", "position": 40,
     "translations": _translated("Gekauft am")},
    {"field_name": "under_warranty", "field_type": FieldType.BOOLEAN, "label": "Under warranty", "position": 50,
     "audiences": {"customer": {"visible": False}}, "translations": _translated("In der Garantie")},
)  # fmt: skip
"""The topics, then five custom fields."""


def rules(teams: Mapping[str, Team]) -> tuple[dict[str, Any], ...]:
    """Return the twelve rules, in their order."""
    billing, technical, front = (teams[name].id for name in ("Billing", "Technical support", "Front desk"))

    def says(*words: str) -> dict[str, Any]:
        return {
            "any": [
                {"field": field, "op": "contains", "value": word}
                for word in words
                for field in ("title", "description")
            ]
        }

    def topic(name: str) -> dict[str, Any]:
        return {"field": "category", "op": "is", "value": name}

    return (
        _rule("Urgent words", says("leaking", "smoke", "burning"), {"priority": "urgent", "add_tags": ["safety"]}, stop=False),
        _rule("Large offices", {"all": [{"field": "custom_fields.seats", "op": "gte", "value": 50}]},
              {"priority": "high", "add_tags": ["key account"]}, stop=False),
        _rule("Refunds", {"all": [topic("billing"), says("refund", "money back")]},
              {"team": billing, "agent": {"skill": "Billing", "min_level": 7}, "priority": "high", "add_tags": ["refund"]}),
        _rule("German billing", {"all": [topic("billing"), {"field": "language", "op": "is", "value": "de"}]},
              {"team": billing, "agent": {"skill": "German"}}),
        _rule("Billing", topic("billing"), {"team": billing, "agent": {"by": "least_busy"}}),
        _rule("App trouble", {"all": [topic("technical support"), says("app", "login", "log in", "password")]},
              {"team": technical, "agent": {"skill": "App"}, "add_tags": ["app"]}),
        _rule("German technical", {"all": [topic("technical support"), {"field": "language", "op": "is", "value": "de"}]},
              {"team": technical, "agent": {"skill": "German"}}),
        _rule("Machines", topic("technical support"),
              {"team": technical, "agent": {"skill": "Machines"}, "add_tags": ["machine"]}),
        _rule("Late parcels", {"all": [topic("orders"), says("late", "not arrived", "missing")]},
              {"team": front, "agent": {"skill": "Orders"}, "priority": "high", "add_tags": ["delivery"]}),
        _rule("Orders", topic("orders"), {"team": front, "agent": {"by": "least_busy"}}),
        _rule("Wishes", topic("feature request"), {"team": technical, "priority": "low", "add_tags": ["wish"]}),
        _rule("Everything else", {}, {"team": front, "agent": {"by": "least_busy"}}),
    )  # fmt: skip


MACROS = (
    ("Refund on its way", "Hello {{customer.name}},\n\nyour refund is on its way. It takes three to five working days to show on your card.\n\nBest wishes\n{{agent.name}}"),
    ("Ask for the order number", "Hello {{customer.name}},\n\ncould you send me the order number? It has six digits and stands on your invoice.\n\nBest wishes\n{{agent.name}}"),
    ("Descaling steps", "Hello {{customer.name}},\n\nplease run the descaling programme once:\n\n1. Fill the tank with the solution.\n2. Hold **Rinse** for five seconds.\n3. Rinse with two tanks of clear water.\n\nTell me whether it brews again."),
    ("Reset the app", "Hello {{customer.name}},\n\nplease sign out in the app, restart the phone and sign in again. If the machine is still missing, hold its Wi-Fi key for ten seconds."),
    ("Warranty claim accepted", "Hello {{customer.name}},\n\nwe replace the part under warranty. A courier brings it within three days; no need to send the old one back."),
    ("Parcel is being traced", "Hello {{customer.name}},\n\nI have asked the courier to trace your parcel and will write to you tomorrow at the latest."),
    ("Invoice copy", "Hello {{customer.name}},\n\nyou find every invoice under *Account → Invoices*. I have also sent this one to your address."),
    ("Change of plan", "Hello {{customer.name}},\n\nyour plan changes on the first of next month. Until then nothing changes for you."),
    ("Thank you for the idea", "Hello {{customer.name}},\n\nthank you, that is a good idea. I have passed it on to the people who build the app; I cannot promise a date."),
    ("We close this for now", "Hello {{customer.name}},\n\nI have not heard from you for a while and close request {{ticket.id}} for now. Answer this and it opens again."),
    ("Outage is known", "Hello {{customer.name}},\n\nwe know of this and are working on it. The status page tells as soon as it is solved."),
    ("Cleaning the milk system", "Hello {{customer.name}},\n\nplease take the milk system apart once a week and rinse it with warm water. The parts may go into the dishwasher."),
    ("Address changed", "Hello {{customer.name}},\n\nI have changed the address of your order. The courier sends you a new date."),
    ("Ask for a photo", "Hello {{customer.name}},\n\ncould you send me a photo of the display and of the back of the machine?"),
    ("Handed to a colleague", "Hello {{customer.name}},\n\nI have handed your request to a colleague who knows this best. You hear from us today."),
)  # fmt: skip


MACRO_ACTIONS: Mapping[str, Mapping[str, Any]] = {
    "Refund on its way": {"status": "resolved", "add_tags": ["refund"]},
    "Ask for the order number": {"status": "pending"},
    "Warranty claim accepted": {"status": "pending", "priority": "high", "add_tags": ["warranty"]},
    "Outage is known": {"status": "pending", "add_tags": ["outage"], "assign": "me"},
}
"""What some of them change besides."""


def prepare(session: Session, teams: Mapping[str, Team], owner: Employee) -> None:
    """Make fields, rules and macros."""
    for values in FIELDS:
        services.add(session, SYSTEM, FieldDefinition, {"applies_to": "tickets", **values})
    for place, values in enumerate(rules(teams), start=1):
        services.add(session, SYSTEM, RoutingRule, {"priority": place * 10, **values})
    for place, (title, content) in enumerate(MACROS):
        values = {"title": title, "content": content, "actions": MACRO_ACTIONS.get(title, {})}
        macro = services.add(session, SYSTEM, Macro, {**values, "shared": place < 12})
        macro.owner_id = owner.id


def _rule(
    name: str, criteria: dict[str, Any], action: dict[str, Any], *, stop: bool = True
) -> dict[str, Any]:
    if criteria and not {"all", "any", "not"} & criteria.keys():
        criteria = {"all": [criteria]}
    return {"rule_name": name, "criteria": criteria, "action": action, "stop": stop}
