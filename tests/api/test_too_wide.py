"""A list that would look through too much: a problem that says what to do instead."""

from __future__ import annotations

import pytest

from app.generate import listing
from tests.api.conftest import Desk
from tests.generate.test_too_wide import WORDS, given_up


def test_the_api_says_what_to_do_instead(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "page_of", given_up)
    answer = desk.call("GET", "teams", desk.key("read_teams"))
    assert (answer.status_code, answer.json["status"]) == (422, 422)
    assert answer.json["detail"].endswith(WORDS)
