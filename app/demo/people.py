"""Who works at the demo desk, and who writes to it."""

from __future__ import annotations

import random
from dataclasses import dataclass

from mimesis import Locale, Person
from sqlalchemy.orm import Session

from app import services
from app.access import SYSTEM
from app.adapters.passwords import hash_password
from app.core.clock import now
from app.core.declare import Role
from app.models.customers import Customer, Tier
from app.models.people import Availability, Employee
from app.models.teams import Membership, Skill, Team, TeamRole
from app.record import flush
from app.services import customers, employees

PASSWORD = "frontdesk-demo"  # noqa: S105  printed at start, and only ever made with demo data

TEAMS = {
    "Billing": "Invoices, refunds, subscriptions.",
    "Technical support": "Machines and the app.",
    "Front desk": "Everything else, and the first look.",
}


@dataclass(frozen=True)
class Colleague:
    """One employee of the demo desk."""

    name: str
    email: str
    role: Role
    team: str | None
    skills: dict[str, int]
    lead: bool = False
    availability: Availability = Availability.AVAILABLE
    language: str | None = None


COLLEAGUES = (
    Colleague("Ada Admin", "admin@example.com", Role.ADMIN, None, {}),
    Colleague("Sam Okafor", "supervisor@example.com", Role.SUPERVISOR, "Front desk", {"Complaints": 9}, lead=True),
    Colleague("Mara Klein", "agent@example.com", Role.AGENT, "Billing", {"Billing": 9, "German": 10}, lead=True),
    Colleague("Tomás Ortega", "tomas@example.com", Role.AGENT, "Billing", {"Billing": 7, "Spanish": 10}),
    Colleague("Priya Nair", "priya@example.com", Role.AGENT, "Technical support", {"Machines": 9, "App": 6}, lead=True),
    Colleague("Jonas Weber", "jonas@example.com", Role.AGENT, "Technical support", {"App": 9, "German": 10}),
    Colleague("Wei Chen", "wei@example.com", Role.AGENT, "Technical support", {"Machines": 7, "App": 8}),
    Colleague("Lena Fischer", "lena@example.com", Role.AGENT, "Front desk", {"Orders": 8, "German": 10}),
    Colleague("Hugo Martin", "hugo@example.com", Role.AGENT, "Front desk", {"Orders": 6, "French": 10},
              availability=Availability.AWAY),
)  # fmt: skip

CUSTOMERS = 40
GERMAN, VIP = 0.2, 0.15
"""Share of customers who write German, and of those with a promise of more."""


def hire(session: Session) -> tuple[dict[str, Team], list[Employee]]:
    """Make teams and employees, with skills; everybody's password is known."""
    teams = {
        name: services.add(session, SYSTEM, Team, {"name": name, "description": text})
        for name, text in TEAMS.items()
    }
    password = hash_password(PASSWORD)
    hired = []
    for colleague in COLLEAGUES:
        values = {"name": colleague.name, "email": colleague.email, "role": colleague.role.value}
        employee = employees.add(session, SYSTEM, values)
        employee.password, employee.availability = password, colleague.availability
        _place(session, employee, colleague, teams)
        hired.append(employee)
    flush(session)
    return teams, hired


def welcome(session: Session, dice: random.Random, seed: int) -> list[Customer]:
    """Make customers; the first is the one whose login is printed."""
    names = {"en": Person(Locale.EN, seed=seed), "de": Person(Locale.DE, seed=seed + 1)}
    known = [_customer(session, "Bob Smith", "customer@example.com", "en", Tier.VIP)]
    known[0].password_hash, known[0].verified_at = hash_password(PASSWORD), now()
    taken = {known[0].email}
    while len(known) < CUSTOMERS:
        language = "de" if dice.random() < GERMAN else "en"
        name = names[language].full_name()
        email = f"{_address(name)}@example.{dice.choice(('com', 'net', 'org'))}"
        if email not in taken:
            taken.add(email)
            tier = Tier.VIP if dice.random() < VIP else Tier.STANDARD
            known.append(_customer(session, name, email, language, tier))
    flush(session)
    return known


def _place(session: Session, employee: Employee, colleague: Colleague, teams: dict[str, Team]) -> None:
    if colleague.team:
        role = TeamRole.LEAD if colleague.lead else TeamRole.AGENT
        values = {"employee_id": employee.id, "team_id": teams[colleague.team].id, "role_in_team": role}
        services.add(session, SYSTEM, Membership, values)
    for name, level in colleague.skills.items():
        services.add(
            session, SYSTEM, Skill, {"employee_id": employee.id, "skill_name": name, "skill_level": level}
        )


def _customer(session: Session, name: str, email: str, language: str, tier: Tier) -> Customer:
    return customers.add(session, SYSTEM, {"name": name, "email": email, "language": language, "tier": tier})


def _address(name: str) -> str:
    table = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": ".", "'": ""})
    plain = name.casefold().translate(table)
    return "".join(
        letter for letter in plain if letter.isascii() and (letter.isalnum() or letter in ".-")
    ).strip(".")
