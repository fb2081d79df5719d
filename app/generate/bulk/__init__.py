"""Many rows of a list at once: chosen, looked at, confirmed; few are done in the request, more by a job."""

from __future__ import annotations

from app.generate.bulk.deeds import deed_of, do_next
from app.generate.bulk.selection import Selection

__all__ = ["Selection", "deed_of", "do_next"]
