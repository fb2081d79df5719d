"""A list that would look through too much is given up by the database, and says what to do instead."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.errors import QueryCanceled
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from app.generate import listing
from app.launch.web import bounded

WORDS = "Ask for less: a time, a state, a person, or fewer words."


def given_up(session: Any, *_more: Any) -> None:
    """Ask as a web process does, which lets no statement take long."""
    session.execute(text("SET LOCAL statement_timeout = 1"))
    session.execute(text("SELECT pg_sleep(5)"))


def test_a_web_process_lets_no_statement_take_longer(app: Flask) -> None:
    settings = bounded(app.config, seconds=0.05)
    engine = create_engine(settings["SQLALCHEMY_DATABASE_URI"], **settings["SQLALCHEMY_ENGINE_OPTIONS"])
    with engine.connect() as connection, pytest.raises(OperationalError) as caught:
        connection.execute(text("SELECT pg_sleep(5)"))
    engine.dispose()
    assert isinstance(caught.value.orig, QueryCanceled)
    assert "jit=off" in settings["SQLALCHEMY_ENGINE_OPTIONS"]["connect_args"]["options"]


def test_a_list_says_what_to_do_instead(admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "page_of", given_up)
    for place in ("/admin/teams/list/", "/console/audit_logs/"):
        answer = admin.get(place)
        assert (answer.status_code, WORDS in answer.text) == (422, True)
    monkeypatch.undo()
    assert admin.get("/admin/teams/list/").status_code == 200
