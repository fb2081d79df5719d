"""Stale writes refuse themselves; what the database refuses becomes an error of the product."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg.errors import CheckViolation, ForeignKeyViolation, NotNullViolation, UniqueViolation
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.core.errors import Invalid, Problem, Stale
from app.core.i18n import _

SAYS = {
    UniqueViolation: ("taken", _("This is taken already. Choose another.")),
    ForeignKeyViolation: ("not_found", _("There is no such entry. Choose one of the list.")),
    NotNullViolation: ("required", _("Please fill this in.")),
    CheckViolation: ("not_allowed", _("This value is not allowed.")),
}


def expect(row: Any, version: int | None) -> None:
    """Refuse (Stale) unless the actor saw the newest `version` of `row`; None means the one just loaded.

    The mapper's own counter sees only changes within one request, so an old form would overwrite
    silently; what happens between this look and the flush, that counter catches.
    """
    if version is not None and version != row.version:
        raise Stale(row, row.version)


def flush(session: Session) -> None:
    """Flush, and raise what the database refused as Stale or Invalid, naming the field."""
    with in_our_words():
        session.flush()


@contextmanager
def in_our_words() -> Iterator[None]:
    """Raise what the database refuses inside the block as `flush` does."""
    try:
        yield
    except StaleDataError as error:
        raise Stale from error
    except (IntegrityError, DataError) as error:
        raise _problem(error) from error


def _problem(error: IntegrityError | DataError) -> Problem:
    original: Any = error.orig
    code, message = next(
        ((code, text) for kind, (code, text) in SAYS.items() if isinstance(original, kind)),
        ("not_allowed", _("This value is not allowed.")),
    )
    return Invalid.one(_column(original), code, message)


def _column(original: Any) -> str:
    """Return the column a constraint is about, by our naming: `uq_<table>_<column>[_<column>]`."""
    diagnosis = getattr(original, "diag", None)
    if diagnosis is None:
        return ""
    if diagnosis.column_name:
        return str(diagnosis.column_name)
    name = diagnosis.constraint_name or ""
    return str(name).split(f"_{diagnosis.table_name}_", 1)[-1] if diagnosis.table_name else str(name)
