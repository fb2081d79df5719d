"""Killed in every way under load: what was acknowledged is there and was told once, and pages come back.

This is the short form of `python3 run.py faults --full`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.desk import Desk, running
from tests.faults.harm import HARMS
from tests.faults.trial import SHORT, trial


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with running(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.mark.parametrize("fault", HARMS)
def test_nothing_is_lost_or_made_twice_and_pages_come_back(desk: Desk, fault: str) -> None:
    outcome = trial(desk, fault, SHORT)
    assert outcome.effects >= SHORT.effects
    assert (outcome.lost, outcome.doubled) == (0, 0), outcome
    assert outcome.back is not None
    assert outcome.settled is not None
    if "Redis" in fault:
        assert outcome.refused == 0, outcome
