"""One application and its callers for a whole file."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.access.world import World, make_world


@pytest.fixture(scope="module")
def world(app: Flask) -> World:
    return make_world(app)
