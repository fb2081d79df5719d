"""Routing: rules in their order decide team, agent, priority and tags, and leave a record of why."""

from __future__ import annotations

from app.services.routing.book import faults
from app.services.routing.decide import reason_of, reroute, route, rule_of

__all__ = ["faults", "reason_of", "reroute", "route", "rule_of"]
