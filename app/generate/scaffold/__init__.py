"""A first model file for a new thing, written from its name and the names and kinds of its columns."""

from __future__ import annotations

from app.generate.scaffold.ask import KINDS, Mistake, thing
from app.generate.scaffold.write import model_file

__all__ = ["KINDS", "Mistake", "model_file", "thing"]
