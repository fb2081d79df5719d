"""Related rows within the form of the row they belong to: members of a team, skills of an employee."""

from __future__ import annotations

from app.generate.nested.nested import Nested, together

__all__ = ["Nested", "together"]
