"""What is loaded of the rows of a list: the columns it shows, and what tells whose a row is."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import joinedload, load_only

from app import services
from app.fields import CUSTOM


@lru_cache(maxsize=512)
def loading(model: Any, columns: tuple[str, ...]) -> tuple[Any, ...]:
    """Load only what is shown: long texts of rows in a list are never read."""
    attributes = inspect(model).column_attrs
    needed = {
        *(CUSTOM if _is_custom(name) else name for name in columns),
        "id",
        "version",
        model.resource.name_column or "",
        *_belonging(model),
        *services.state_of(model),
    }
    plain = [getattr(model, name) for name in sorted(needed) if name in attributes]
    return (*([load_only(*plain)] if columns else []), *relations(model, columns))


@lru_cache(maxsize=512)
def relations(model: Any, columns: tuple[str, ...]) -> tuple[Any, ...]:
    options = []
    for name in dict.fromkeys(path for path in columns if "." in path and not _is_custom(path)):
        relation, attribute = name.split(".", 1)
        target = inspect(model).relationships[relation].mapper.class_
        loaded = [getattr(target, name) for name in sorted({attribute, *_belonging(target)})]
        options.append(joinedload(getattr(model, relation)).load_only(*loaded))
    return tuple(options)


def _is_custom(name: str) -> bool:
    return name.startswith(f"{CUSTOM}.")


def _belonging(model: Any) -> set[str]:
    """Return the columns that say whose a row is."""
    rows = model.resource.rows
    return {path for path in (rows.owner, rows.team, rows.customer, rows.shared) if path and "." not in path}
