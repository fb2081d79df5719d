"""One deed done to many rows: each by its own service, each kept or refused by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app import services
from app.access import Actor
from app.core.errors import Invalid, NotFound, Problem, Stale
from app.core.i18n import Text
from app.record import expect

EDIT, DELETE = "edit", "delete"
"""The deeds every resource has, beside the actions it declares."""

CODES: dict[type[Problem], str] = {NotFound: "not_found", Stale: "stale"}
"""The code of a problem that names no field; what is not here is a `conflict`."""


class Doing(Protocol):
    """What is done to each of many rows."""

    def do(self, session: Session, actor: Actor, row: Any, expected: int | None = None) -> None:
        """Do it to `row`, which the actor saw as of version `expected`. Raises what the service raises."""

    def together(self, model: Any) -> Any:
        """Return what does it to many rows of `model` at once, as `services.together` does, or None."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done to each row: `edit` with values by column, `delete`, or a declared action."""

    verb: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def do(self, session: Session, actor: Actor, row: Any, expected: int | None = None) -> None:
        """Do it by the service of the row."""
        if self.verb == EDIT:
            services.edit(session, actor, row, dict(self.values), expected)
        elif self.verb == DELETE:
            services.delete(session, actor, row, expected)
        else:
            services.act(session, actor, row, self.verb, expected)

    def together(self, model: Any) -> Any:
        """Return what does it to many rows at once, where their service can."""
        return services.together(model, self.verb)


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that was left as it was, and why. `position` is its number, in a file its line."""

    position: int
    label: str
    code: str
    message: Text
    field: str = ""
    raw: Mapping[str, Any] | None = None


def attempt(
    session: Session, actor: Actor, row: Any, deed: Doing, expected: int | None = None
) -> list[Failure]:
    """Do the deed to one row in a savepoint; what the service refuses undoes this row alone."""
    position, label = row.id, _label(row)
    try:
        with session.begin_nested():
            deed.do(session, actor, row, expected)
    except Problem as problem:
        return failures_of(problem, position, label)
    return []


def attempt_all(
    session: Session, actor: Actor, rows: Sequence[Any], deed: Doing, expected: Iterable[int | None]
) -> bool:
    """Do the deed to rows together, all or none, where their service can; tell whether it is done."""
    together = deed.together(type(rows[0])) if len(rows) > 1 else None
    if together is None:
        return False
    try:
        with session.begin_nested():
            for row, version in zip(rows, expected, strict=True):
                expect(row, version)
            together(session, actor, rows)
    except Problem:
        return False
    return True


def failures_of(
    problem: Problem, position: int, label: str, raw: Mapping[str, Any] | None = None
) -> list[Failure]:
    """Return a problem as failures of the row at `position`: one for each field it names."""
    if isinstance(problem, Invalid):
        return [
            Failure(position, label, error.code, error.message, error.field, raw) for error in problem.errors
        ]
    code = next((code for kind, code in CODES.items() if isinstance(problem, kind)), "conflict")
    return [Failure(position, label, code, problem.message, raw=raw)]


def absent(positions: Iterable[int]) -> list[Failure]:
    """Return the failures of rows that are gone, or that the actor may not see."""
    return [one for position in positions for one in failures_of(NotFound(), position, f"#{position}")]


def _label(row: Any) -> str:
    resource = row.resource
    name = resource.label or next(iter(resource.columns), "id")
    return str(getattr(row, name, None) or f"#{row.id}")[:200]
