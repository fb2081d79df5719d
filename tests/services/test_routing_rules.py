"""A rule is saved only if it can be carried out; every mistake is named with its place."""

from __future__ import annotations

import pytest

from app.access import SYSTEM
from app.core.declare import Role
from app.core.errors import Invalid, NotFound, Stale
from app.services import routing_rules


def save(session, criteria, action):
    values = {"rule_name": "Rule", "criteria": criteria, "action": action}
    return routing_rules.add(session, SYSTEM, values)


def paths(problem):
    return [error.field for error in problem.value.errors]


def test_a_good_rule_is_saved(session, desk):
    team, agent = desk.team(), desk.employee()
    wish = {"by": "least_busy", "skill": "Billing", "min_level": 10}
    action = {"team": team.id, "agent": wish, "priority": "high", "add_tags": ["a"], "status": "open"}
    rule = save(session, {"field": "title", "op": "contains", "value": "refund"}, action)
    routing_rules.edit(session, SYSTEM, rule, {"action": {"agent": agent.id}}, expected=rule.version)
    assert rule.action == {"agent": agent.id}


@pytest.mark.parametrize(
    ("action", "path"),
    [
        ({}, "action"),
        ([], "action"),
        ("team", "action"),
        ({"explode": 1}, "action.explode"),
        ({"team": 99_999}, "action.team"),
        ({"team": "1"}, "action.team"),
        ({"team": True}, "action.team"),
        ({"agent": 99_999}, "action.agent"),
        ({"agent": 2**63 - 1}, "action.agent"),
        ({"agent": None}, "action.agent"),
        ({"agent": {"by": "magic"}}, "action.agent.by"),
        ({"agent": {"skill": 5}}, "action.agent.skill"),
        ({"agent": {"min_level": 0}}, "action.agent.min_level"),
        ({"agent": {"min_level": 11}}, "action.agent.min_level"),
        ({"agent": {"team": 1}}, "action.agent.team"),
        ({"priority": "enormous"}, "action.priority"),
        ({"priority": ["high"]}, "action.priority"),
        ({"status": "resolved"}, "action.status"),
        ({"add_tags": "a"}, "action.add_tags"),
        ({"add_tags": []}, "action.add_tags"),
        ({"add_tags": [1]}, "action.add_tags"),
        ({"agent": {"id": 1, "skill": "Billing"}}, "action.agent"),
        ({"add_tags": ["a"] * 21}, "action.add_tags"),
    ],
)
def test_what_cannot_be_done_is_named(session, desk, action, path):
    with pytest.raises(Invalid) as problem:
        save(session, {}, action)
    assert paths(problem) == [path]
    assert all(str(error.message) for error in problem.value.errors)


def test_what_takes_no_work_takes_no_rule(session, desk):
    team, agent = desk.team(is_active=False), desk.employee(active=False)
    with pytest.raises(Invalid) as problem:
        save(session, {}, {"team": team.id, "agent": agent.id})
    assert paths(problem) == ["action.team", "action.agent"]


def test_mistakes_in_criteria_and_action_are_told_together(session, desk):
    criteria = {
        "all": [{"field": "title", "op": "is", "value": "a"}, {"field": "nonsense", "op": "is", "value": 1}]
    }
    with pytest.raises(Invalid) as problem:
        save(session, criteria, {"team": 99_999})
    assert paths(problem) == ["criteria.all[1].field", "action.team"]


def test_a_change_is_checked_as_well(session, desk):
    rule = save(session, {}, {"priority": "low"})
    with pytest.raises(Invalid):
        routing_rules.edit(session, SYSTEM, rule, {"criteria": {"field": "nonsense"}})
    with pytest.raises(Stale):
        routing_rules.edit(session, SYSTEM, rule, {"rule_name": "New"}, expected=rule.version + 1)
    with pytest.raises(Stale):
        routing_rules.delete(session, SYSTEM, rule, expected=rule.version + 1)
    routing_rules.delete(session, SYSTEM, rule)


def test_agents_do_not_write_rules(session, desk):
    rule = save(session, {}, {"priority": "low"})
    agent = desk.as_employee(desk.employee())
    with pytest.raises(NotFound):
        routing_rules.add(session, agent, {"rule_name": "Mine", "action": {"priority": "low"}})
    with pytest.raises(NotFound):
        routing_rules.edit(session, agent, rule, {"rule_name": "Mine"})
    with pytest.raises(NotFound):
        routing_rules.delete(session, agent, rule)
    assert routing_rules.edit(
        session, desk.as_employee(desk.employee(role=Role.SUPERVISOR)), rule, {"rule_name": "Ours"}
    )
