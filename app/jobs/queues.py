"""The queues. Each worker process works on exactly one."""

from __future__ import annotations

EFFECTS = "effects"
"""What goes to the outside, and must go soon."""

BULK = "bulk"
"""What takes long, or returns by itself."""

QUEUES = (EFFECTS, BULK)
