"""When people work and when the desk is open: weekly stretches placed in time, and what they mean."""

from __future__ import annotations

from app.services.coverage.calendar import OpeningHours, calendar_of, moment_of
from app.services.coverage.duty import duty, present
from app.services.coverage.stretch import Stretch
from app.services.coverage.week import Week, week_of

__all__ = ["OpeningHours", "Stretch", "Week", "calendar_of", "duty", "moment_of", "present", "week_of"]
