"""What is asked of whom: conditions of fields read over one row, and what must be filled."""

from __future__ import annotations

from app.services.asking.conditions import asked_about, condition_errors, so_far, unasked
from app.services.asking.values import audience_of, demand, demand_end, fill

__all__ = [
    "asked_about",
    "audience_of",
    "condition_errors",
    "demand",
    "demand_end",
    "fill",
    "so_far",
    "unasked",
]
