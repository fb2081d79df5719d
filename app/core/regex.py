"""Regular expressions that people write: RE2 only, which takes linear time on any input."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Any:
    """Return the compiled RE2 expression; `re2.error` if it is not one, or too large."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    return re2.compile(pattern, options)
