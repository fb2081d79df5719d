"""docs/configuration.md lists every setting of the desk with its default."""

from __future__ import annotations

import re
from pathlib import Path

from app.fields.settings import ABOUT, DEFAULTS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "configuration.md"
ROW = re.compile(r"^\| ([^|`]+) \| `([a-z_]+)` \| ([^|]+) \| ([^|]*) \|$", re.MULTILINE)


def test_every_setting_is_listed_with_label_default_and_help() -> None:
    rows = {
        name: (label, default, text.strip()) for label, name, default, text in ROW.findall(PAGE.read_text())
    }
    assert rows == {
        name: (str(about.field.label), _written(getattr(DEFAULTS, name)), str(about.field.help))
        for name, about in ABOUT.items()
    }


def _written(value: object) -> str:
    return "none" if value in (None, ()) else "true" if value is True else str(value)
