"""Lists to files and files to rows, for whoever looks at a list: what they see, and what they may write."""

from __future__ import annotations

from app.generate.exchange.plan import guess, keys_of, plan_of
from app.generate.exchange.sheet import Sheet, sheet_of

__all__ = ["Sheet", "guess", "keys_of", "plan_of", "sheet_of"]
