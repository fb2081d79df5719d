"""What a service says of a row for its page, beside the declared columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.i18n import Text


@dataclass(frozen=True, slots=True)
class Figure:
    """A text, a moment, or an object shown as JSON over the whole width; None where there is nothing."""

    label: Text
    value: Text | dt.datetime | Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Several of them under one heading."""

    title: Text
    items: tuple[Figure, ...]
