"""Somebody leaves, or never came: work handed over, everything that lets in ended, in one step."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app import services
from app.core.declare import Role
from app.core.errors import Conflict, Invalid, NotFound
from app.models.audit import AuditLog
from app.models.jobs import Job, JobState
from app.models.keys import ApiKey
from app.models.mails import Mail
from app.models.sessions import LoginSession
from app.models.teams import Membership, Team
from app.models.tickets import Status, Ticket
from app.models.tokens import Purpose
from app.services import employees, links, login_sessions, tickets
from app.services.employees import leaving

OPEN, RESOLVED = 3, 1


@pytest.fixture
def admin(desk):
    return desk.employee(role=Role.ADMIN)


@pytest.fixture
def leaver(desk, session, admin):
    """Somebody with open and resolved tickets, two teams, a key and a session."""
    person = desk.employee()
    for name in ("Billing", "Shipping"):
        team = Team(name=name)
        session.add(team)
        session.flush()
        session.add(Membership(employee_id=person.id, team_id=team.id))
    session.add(ApiKey(key_value="x", prefix="fd", description="theirs", permissions=[], owner_id=person.id))
    session.flush()
    for number in range(OPEN + RESOLVED):
        ticket = desk.ticket()
        tickets.assign(session, desk.as_employee(admin), ticket, person.id)
        if number >= OPEN:
            tickets.resolve(session, desk.as_employee(admin), ticket)
    login_sessions.begin(session, person, None, "test")
    return person


def count(session, model, *where):
    return session.scalar(select(func.count()).select_from(model).where(*where))


def deactivate(session, desk, admin, person, answer=""):
    return services.act(session, desk.as_employee(admin), person, "deactivate", answer=answer)


def heir_of(session, desk, admin, person, kind):
    """The answer that means the queue, a team, or a person."""
    values = [value for value, _label in employees.heirs(session, desk.as_employee(admin), person)]
    return next(value for value in values if value.startswith(kind))


@pytest.mark.parametrize("kind", ["queue", "team", "employee"])
def test_open_tickets_go_to_the_heir_and_everything_else_ends(session, desk, admin, leaver, kind):
    heir = heir_of(session, desk, admin, leaver, kind)
    deactivate(session, desk, admin, leaver, heir)
    number = int(heir.partition(":")[2] or 0)
    open_ = session.scalars(select(Ticket).where(Ticket.status != Status.RESOLVED)).all()
    assert {ticket.assignee_id for ticket in open_} == {number if kind == "employee" else None}
    assert kind != "team" or {ticket.team_id for ticket in open_} == {number}
    assert count(session, Ticket, Ticket.assignee_id == leaver.id) == RESOLVED  # what was done stays theirs
    assert not leaver.active
    assert count(session, Membership, Membership.employee_id == leaver.id) == 0
    assert count(session, LoginSession, LoginSession.employee_id == leaver.id) == 0
    assert count(session, ApiKey, ApiKey.owner_id == leaver.id, ApiKey.revoked_at.is_(None)) == 0
    told = select(AuditLog.action_details).where(AuditLog.action_type == "EMPLOYEE_HAND_OVER")
    assert session.scalars(told).one() == {"to": heir, "tickets": OPEN}


def test_the_numbers_are_told_before_it_is_done(session, desk, leaver):
    said = [str(one) for one in services.consequences(session, leaver, "deactivate")]
    assert said[:3] == [
        f"{OPEN} open tickets are handed over.",
        "2 memberships in teams end.",
        "1 API key is revoked.",
    ]
    assert services.consequences(session, leaver, "reset_second_factor") == ()


def test_many_tickets_go_on_as_a_job(session, desk, admin, leaver, monkeypatch):
    monkeypatch.setattr(leaving, "AT_ONCE", OPEN - 1)
    job = deactivate(session, desk, admin, leaver, heir_of(session, desk, admin, leaver, "employee"))
    assert isinstance(job, Job)
    assert (job.state, job.total, job.object_table) == (JobState.WAITING, OPEN, "tickets")
    assert not leaver.active


@pytest.mark.parametrize("answer", ["team:987654", "employee:0", "somebody"])
def test_nobody_unknown_inherits(session, desk, admin, leaver, answer):
    with pytest.raises(Invalid):
        deactivate(session, desk, admin, leaver, answer)
    assert leaver.active


def test_who_leaves_does_not_inherit_and_nobody_leaves_twice(session, desk, admin, leaver):
    with pytest.raises(Invalid):
        deactivate(session, desk, admin, leaver, f"employee:{leaver.id}")
    deactivate(session, desk, admin, leaver)
    with pytest.raises(Conflict):
        deactivate(session, desk, admin, leaver)


def test_nobody_deactivates_themselves_and_agents_nobody(session, desk, admin, leaver):
    with pytest.raises(Invalid):
        deactivate(session, desk, admin, admin)
    with pytest.raises(NotFound):
        deactivate(session, desk, leaver, admin)


def test_an_invitation_is_sent_again_and_the_former_link_dies(session, desk, admin):
    actor = desk.as_employee(admin)
    person = employees.add(session, actor, {"name": "Ada", "email": "ada@desk.example"})
    former = links.make(session, Purpose.INVITE, "employee", person.id)
    services.act(session, actor, person, "resend_invitation")
    assert not employees.is_link_alive(session, former)
    assert count(session, Mail, Mail.recipient == "ada@desk.example", Mail.kind == "invitation") == 2
    assert {"resend_invitation", "withdraw_invitation"} <= {*services.offered(person)}


def test_a_withdrawn_invitation_lets_nobody_in(session, desk, admin):
    actor = desk.as_employee(admin)
    person = employees.add(session, actor, {"name": "Ada", "email": "ada@desk.example"})
    raw = employees.invite(session, person)
    services.act(session, actor, person, "withdraw_invitation")
    assert not employees.is_link_alive(session, raw)
    assert not person.active
    with pytest.raises(Conflict):
        services.act(session, actor, person, "resend_invitation")
    assert services.figures(session, person).items[0].value == "Withdrawn"


def test_who_came_has_no_invitation_any_more(session, desk, admin):
    actor = desk.as_employee(admin)
    person = employees.add(session, actor, {"name": "Ada", "email": "ada@desk.example"})
    employees.set_password(session, employees.invite(session, person), "correct horse battery")
    with pytest.raises(Conflict):
        services.act(session, actor, person, "withdraw_invitation")
    assert "resend_invitation" not in services.offered(person)
    assert services.figures(session, person) is None
