"""docs/recipes.md: every recipe runs as it stands against a desk that is served, and does what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import services
from app.access import SYSTEM
from app.core.extensions import db
from app.jobs import long
from app.models.jobs import Job, JobState
from app.models.keys import ApiKey
from app.record import act_as
from tests.serving import served
from tests.transactions import await_others

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "recipes.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"^## (.+?)\n.*?^```(sh|python)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SAID = {
    "Add a request, safe to repeat": r'"title":"Refund please"',
    "List what is open, newest first": r'"total":1,',
    "Read every row, page by page": r"^1 tickets read$",
    "Search by conditions": r'"title":"Refund please"',
    "Change a row, but never over somebody's change": r"^412 the version now is \d+$",
    "Change many rows and wait for it": r"^done 1 of 1$",
    "Follow what happens": r"^TICKET_CREATED \d+$",
    "Listen instead": r'"secret":"whsec_',
    "Fetch the description only when it changed": r"^304$",
}
"""What each prints, in the order of the page."""
SCOPES = ["create_tickets", "read_tickets", "update_tickets", "write_tickets", "manage_webhooks"]
"""Those the page speaks of."""


@pytest.fixture(scope="module")
def integrator(app: Flask) -> Iterator[dict[str, str]]:
    """A desk that is served, a key, and somebody who does the jobs."""
    with app.test_request_context():
        act_as(db.session(), SYSTEM, source="test")
        values = {"description": "Recipes", "permissions": SCOPES}
        key = services.add(db.session(), SYSTEM, ApiKey, values).shown_once
        db.session.commit()
    over = threading.Event()
    worker = threading.Thread(target=work, args=(app, over))
    worker.start()
    with served(app) as address:
        yield {"PATH": os.environ["PATH"], "DESK": address, "KEY": key}
    over.set()
    worker.join()


def work(app: Flask, over: threading.Event) -> None:
    while not over.wait(0.1):
        with app.app_context():
            waiting = list(db.session.scalars(select(Job.id).where(Job.state == JobState.WAITING)))
            db.session.remove()
            for job in waiting:
                long.run(job)


def test_every_recipe_is_known() -> None:
    assert [title for title, _language, _code in RECIPES] == [*SAID]
    assert PAGE.count("\n## ") == len(SAID)


@pytest.mark.parametrize(("title", "language", "code"), RECIPES, ids=[title for title, *_rest in RECIPES])
def test_it_runs_as_it_stands(
    app: Flask, integrator: dict[str, str], tmp_path: Path, title: str, language: str, code: str
) -> None:
    await_others(app)
    command = ["sh", "-ec", code] if language == "sh" else [sys.executable, "-c", code]
    done = subprocess.run(
        command, env=integrator, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert re.search(SAID[title], done.stdout, re.MULTILINE), done.stdout
