"""Receivers that are dead, slow, endless, huge, redirecting or rebinding: a good one beside is served."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask

from app.adapters import http
from app.adapters.http import outbound
from app.core.extensions import enqueue, queue
from app.jobs import effects, slots
from app.jobs.crew import Crew
from app.jobs.worker import THREADS
from app.models.effects import State
from tests.jobs import hostile
from tests.jobs.conftest import Receiver, add_hook, happen, receiving, tries
from tests.processes import within

PATIENCE = 90
EVENTS = slots.AT_ONCE * 3
HARMS = {one.__name__: one for one in (hostile.dead, hostile.slow, hostile.endless, hostile.huge)}
WAITING = ("dead", "slow")
REBOUND = "127.0.0.2"


class Rebinding:
    """A name that leads to a public address when a webhook is saved, and into the house when it is called."""

    def __init__(self) -> None:
        self.saved = False

    def __call__(self, host: str) -> list[str]:
        return [REBOUND if self.saved else "93.184.216.34"] if host == "rebinding.example" else [host]


@pytest.fixture
def name(monkeypatch: pytest.MonkeyPatch) -> Rebinding:
    """The guard as in production, but for one address and for the ports of receivers of tests.

    And with an hour for a try: whoever waits for a dead receiver here waits for the end of the test.
    """
    made, is_public, hour = Rebinding(), http.is_public, dt.timedelta(hours=1)
    guard = http.Outbound(resolver=made, limits=http.Limits(whole=hour.total_seconds()))
    monkeypatch.setattr(slots, "SECONDS", hour)
    monkeypatch.setattr(outbound, "PORTS", range(65536))
    monkeypatch.setattr(outbound, "is_public", lambda address: address == "127.0.0.1" or is_public(address))
    monkeypatch.setattr(http, "from_config", lambda _config: guard)
    return made


@pytest.fixture
def crew(app: Flask) -> Iterator[Crew]:
    """The threads of one worker process, and its loop, which gives them what the queue hints at."""
    made = app.extensions["frontdesk_crew"] = Crew(app, THREADS)
    loop = threading.Thread(target=_loop, args=(app, made))
    loop.start()
    yield made
    made.resting.set()
    loop.join()
    del app.extensions["frontdesk_crew"]


def _loop(app: Flask, crew: Crew) -> None:
    with app.app_context():
        while not crew.resting.wait(0.02):
            for job in queue("effects").jobs:
                job.delete()
                effects.run(*job.args)


def test_a_good_receiver_is_served_beside_all_that_mean_harm(
    clean: None, crew: Crew, name: Rebinding, receiver: Receiver
) -> None:
    with ExitStack() as stack:
        harmful = {word: stack.enter_context(hostile.doing(harm)) for word, harm in HARMS.items()}
        redirecting = stack.enter_context(receiving())
        redirecting.status, redirecting.headers = (
            302,
            {"location": receiver.url.replace("/hook", "/elsewhere")},
        )
        hooks = {word: add_hook(f"http://127.0.0.1:{one.port}/").id for word, one in harmful.items()}
        hooks["redirecting"] = add_hook(redirecting.url).id
        hooks["rebinding"] = add_hook(f"http://rebinding.example:{receiver.url.split(':')[2]}").id
        name.saved = True
        good = add_hook(receiver.url).id
        wanted = {f"evt_{happen(n=number)}" for number in range(EVENTS)}
        enqueue([("event", 0)])
        assert within(PATIENCE, lambda: {row.state for row in _of(good)} == {State.DONE})
        assert {call.headers["webhook-id"] for call in receiver.calls} == wanted
        assert {call.path for call in receiver.calls} == {"/hook"}, "neither a redirect nor a name leads here"
        ended = [hook for word, hook in hooks.items() if word not in WAITING]
        assert within(PATIENCE, lambda: all(_of(hook)[0].done_at for hook in ended))
        assert not any(_of(hooks[word])[0].done_at for word in WAITING), "they wait for the end of the test"
    assert crew.rest(PATIENCE), "every thread comes back"
    assert all(one.at_once <= slots.AT_ONCE for one in harmful.values())
    _told_apart(hooks)


def _of(hook: int) -> list[Any]:
    return [row for row in tries() if row.webhook_id == hook and row.attempt == 1]


def _told_apart(hooks: dict[str, int]) -> None:
    """Each harm is written down as what it was, within bounds."""
    first = {word: _of(hook)[0] for word, hook in hooks.items()}
    assert first["endless"].state is State.DONE
    assert first["redirecting"].response_code == 302
    assert first["rebinding"].error.startswith("not_public: ")
    for word in ("huge", "redirecting", "rebinding"):
        assert first[word].state is State.FAILED, word
    assert all(len(row.response_excerpt or "") <= http.Limits().keep for row in first.values())
