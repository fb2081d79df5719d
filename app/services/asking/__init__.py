"""What is asked of whom: conditions of fields read over one row, and what must be filled."""

from __future__ import annotations

from app.services.asking.audience import audience_of, not_told
from app.services.asking.conditions import asked_about, condition_errors, so_far, unasked
from app.services.asking.values import demand, demand_end, fill

__all__ = [
    "asked_about",
    "audience_of",
    "condition_errors",
    "demand",
    "demand_end",
    "fill",
    "not_told",
    "so_far",
    "unasked",
]
