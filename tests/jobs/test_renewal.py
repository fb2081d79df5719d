"""A lease is kept while its holder works, however long, and only as long as it is the holder's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from app.jobs import lease, renewal, send
from app.jobs.unit import unit
from app.models.mails import Mail
from tests.jobs.conftest import change
from tests.processes import within


def held_until() -> dt.datetime:
    with unit() as session:
        until: dt.datetime = session.scalars(select(Mail.leased_until)).one()
    return until


@pytest.fixture
def row(clean: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A mail that is leased, whose lease would be renewed every few milliseconds."""
    monkeypatch.setattr(renewal, "EVERY", 0.01)
    with unit() as session:
        mail = Mail(kind="reply", recipient="ann@example.com", subject="s", body_text="t", body_html="t")
        session.add(mail)
        session.flush()
        return send.claim(session, mail.id)


def test_it_is_renewed_while_the_block_runs_and_not_after(row: Any) -> None:
    with renewal.renewed(send.MAILS, row, send.SECONDS):
        assert within(30, lambda: held_until() > row.leased_until)
    last = held_until()
    assert not within(0.1, lambda: held_until() > last)


def test_one_that_went_to_another_is_left_alone(row: Any) -> None:
    change(Mail, lease_count=7)
    with unit() as session:
        assert not lease.renew(session, send.MAILS, row, send.SECONDS)
    assert held_until() == row.leased_until
