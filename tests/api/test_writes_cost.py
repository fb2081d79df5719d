"""How many statements a write costs by the API, however much is told of it."""

from __future__ import annotations

from tests.api.conftest import TICKET, Desk


def test_a_ticket_costs_six_statements_at_most(desk: Desk, statements: list[str]) -> None:
    """Who calls, how plans are made, the requester, the rules, the ticket, and the rest."""
    key = desk.key("create_tickets", "read_tickets")
    for _ in range(2):  # the first one makes the requester, and reads the rules
        statements.clear()
        assert desk.call("POST", "tickets", key, json=TICKET).status_code == 201
    assert len(statements) <= 6, "\n".join(statements)


def test_a_reply_costs_seven_statements_at_most(desk: Desk, statements: list[str]) -> None:
    """Who calls, how plans are made, the ticket, its lock, the message, the last word, and the rest."""
    key = desk.key("create_tickets", "update_tickets", "read_tickets")
    made = desk.call("POST", "tickets", key, json=TICKET).json
    path = f"tickets/{made['id']}/messages"
    for _ in range(2):  # the first one opens the ticket
        statements.clear()
        assert desk.call("POST", path, key, json={"message_body": "We look into it."}).status_code == 201
    assert len(statements) <= 7, "\n".join(statements)


def test_a_change_costs_six_statements_at_most(desk: Desk, statements: list[str]) -> None:
    """Who calls, how plans are made, the ticket, the rules, the change, and the rest."""
    key = desk.key("create_tickets", "update_tickets", "read_tickets")
    made = desk.call("POST", "tickets", key, json=TICKET).json
    statements.clear()
    changed = desk.call("PATCH", f"tickets/{made['id']}", key, json={"title": "Another"})
    assert changed.status_code == 200, changed.text
    assert len(statements) <= 6, "\n".join(statements)
