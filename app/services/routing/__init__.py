"""Routing: rules in their order decide team, agent, priority and tags, and leave a record of why."""

from __future__ import annotations

from app.services.routing.book import faults
from app.services.routing.decide import Decided, Router, reason_of, reroute, rule_of, write_down

__all__ = ["Decided", "Router", "faults", "reason_of", "reroute", "rule_of", "write_down"]
