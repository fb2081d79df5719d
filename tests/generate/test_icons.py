"""Every icon a declaration or a page names is among those we ship."""

from __future__ import annotations

import re
from pathlib import Path

from app import models
from app.generate.actions import ICONS

APP = Path(models.__file__).parents[1]


def test_every_named_icon_is_shipped() -> None:
    shipped = set(
        re.findall(r'^  "([a-z0-9-]+)":', (APP / "templates/ui/icons.html").read_text(), re.MULTILINE)
    )
    named = {model.resource.icon for model in models.load()} | {*ICONS.values()}
    for file in APP.rglob("*.py"):
        named |= set(re.findall(r'icon="([a-z0-9-]+)"', file.read_text()))
    assert named <= shipped
