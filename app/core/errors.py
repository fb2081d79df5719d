"""What can go wrong in the words of the product. Every surface turns these into its own answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from app.core.i18n import LazyString, Text, _

T = TypeVar("T")
R = TypeVar("R")


class Problem(Exception):
    """Base of all errors a person or a program can do something about; `message` is translated."""

    message: Text = _("This did not work.")
    at: int | None = None
    """Which of several things done together it is about, counted from 0; None if that is not known."""

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(message or self.message)
        self.message = message or self.message

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True, slots=True)
class FieldError:
    """One value that was refused: the field's name, a stable code and a message with the remedy."""

    field: str
    code: str
    message: Text


class Invalid(Problem):
    """One or more values are wrong; `errors` names each field."""

    message = _("Please check the marked fields.")

    def __init__(self, errors: Iterable[FieldError], message: Text | None = None) -> None:
        super().__init__(message)
        self.errors = tuple(errors)

    @classmethod
    def one(cls, field: str, code: str, message: Text) -> Invalid:
        """Return the error for a single field."""
        return cls((FieldError(field, code, message),))

    def __str__(self) -> str:
        return "; ".join(f"{error.field}: {error.message}" for error in self.errors)


class Malformed(Invalid):
    """The request itself is wrong, whatever its values: it names what is not there, or cannot be read."""

    message = _("This request cannot be understood as it is.")


class Stale(Problem):
    """The row was changed by somebody else since it was read; `current` is its version now, if known."""

    message = _("Somebody else changed this in the meantime.")

    def __init__(self, row: Any = None, current: int | None = None) -> None:
        super().__init__()
        self.row = row
        self.current = current


class TooWide(Problem):
    """What was asked looks through more rows than one request may; the database gave it up."""

    message = _(
        "This looks through more than a request may. Ask for less: a time, a state, a person, or fewer words."
    )


class Conflict(Problem):
    """The state of the row forbids the action."""

    message = _("This is not possible in the present state.")


class NotFound(Problem):
    """The row or page does not exist, or the actor may not know that it does."""

    message = _("There is nothing here, or you may not see it.")


class Forbidden(Problem):
    """An API key lacks a scope; `scope` names it. People get `NotFound` instead."""

    def __init__(self, scope: str) -> None:
        super().__init__(_("This key lacks the scope %(scope)s.", scope=scope))
        self.scope = scope


class Barred(Problem):
    """An API key was used from an address that is not in its list; `address` is where the call came from."""

    def __init__(self, address: str) -> None:
        super().__init__(_("This key may not be used from the address %(address)s.", address=address))
        self.address = address


class Unauthenticated(Problem):
    """Nobody is signed in, or the credentials are not valid."""

    message = _("Please sign in.")


class TooMany(Problem):
    """A limit was reached; try again after `retry_after` seconds."""

    message = _("Too many tries. Please wait a moment and try again.")

    def __init__(self, retry_after: int, message: Text | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def told_of(problem: Problem) -> Text:
    """Return a problem in one sentence, where there is no field to put it beside."""
    if isinstance(problem, Invalid):
        return LazyString(lambda: " ".join(str(error.message) for error in problem.errors))
    return problem.message


def each(things: Iterable[T], do: Callable[[T], R]) -> list[R]:
    """Return what `do` makes of each thing; a problem says `at` which of them it arose."""
    made: list[R] = []
    for thing in things:
        try:
            made.append(do(thing))
        except Problem as problem:
            problem.at = len(made)
            raise
    return made
