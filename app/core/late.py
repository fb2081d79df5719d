"""Modules that libraries import though this program needs nothing of them: they load when they are asked.

The drivers of other databases, rate limits of asynchronous programs, YAML: 4 MiB in each process. Those who
import them cannot be told, but Python can.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

MODULES = frozenset({"apispec.yaml_utils", "limits.aio", "yaml"})
PACKAGE = "sqlalchemy.dialects."
"""All within it, for the one that is used loads while the application is made."""


class _Late(MetaPathFinder):
    """Finds these modules where they are, and has them wait."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in MODULES and not name.startswith(PACKAGE):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec


_finder = _Late()


def install() -> None:
    """Have them load late, those excepted that are loaded already."""
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
