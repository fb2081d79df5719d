"""Rows for every list: what the actor may see, filtered, searched, ordered, page by page.

Pages follow keys, not offsets (`WHERE (created_at, id) < (…)`), so that the millionth row costs no more
than the first and rows are neither skipped nor repeated while others write. Screens, console, REST,
pickers and exports ask here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    false,
    func,
    inspect,
    null,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session

from app.access import Actor, ActorKind, hidden, is_hidden, visible
from app.criteria import Judge, where
from app.fields import Audience, FieldSet, may_be_empty
from app.generate.cursor import Cursor, malformed
from app.generate.indexed import follows_index
from app.generate.keys import identity, key_of, keyed
from app.generate.loading import loading, relations
from app.services.coverage import moment_of
from app.services.finding import among, among_those, first_among, numbered
from app.services.worth import Worth

CAP = 1_000
"""Rows are counted up to here: a figure nobody reads exactly must not cost the more the more there are."""
NEAR = 2_000
"""Rows that are looked at in their order before all that an index knows of are sorted."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a list is asked. `tree` is a criteria tree; `cursor` comes from the page before."""

    order: str
    tree: Mapping[str, Any] | None = None
    q: str = ""
    cursor: str | None = None
    limit: int = 25
    columns: tuple[str, ...] = ()
    where: ColumnElement[bool] | None = None
    is_offer: bool = False
    """Whether some of many hits will do, since whoever asks still types."""
    audience: Audience = Audience.AGENT
    """As whom the asker sees the rows."""
    counted: bool = False
    """Whether all rows are counted along, in the same statement."""

    @property
    def column(self) -> str:
        """Return the column to order by."""
        return self.order.lstrip("-")

    @property
    def descending(self) -> bool:
        """Tell whether the greatest comes first."""
        return self.order.startswith("-")


@dataclass(frozen=True)
class Page:
    """The rows of one page, of which rows, and the cursors of its neighbours (None where there is none)."""

    rows: list[Any]
    every: Select[Any]
    counted: int | None
    """How many rows there are on all pages, up to CAP + 1; None where none of this page could say it."""
    next: str | None = None
    previous: str | None = None


def page_of(session: Session, actor: Actor, model: Any, fields: FieldSet, question: Question) -> Page:
    """Return one page: one statement. Raises Invalid for a cursor or criteria that cannot be.

    Two or three more are asked where an index of words knows of its rows (`_gathered`).
    """
    question = unhidden(actor, model, question)
    worth = Worth(session, model, CAP + 1)
    every, total = filtered(session, actor, model, fields, question, worth), None
    if worth.is_read:
        every, total = _gathered(session, actor, model, every)
    # What most rows have is counted where the page is found.
    whole = every.order_by(*order(model, question)) if worth.is_walked else every
    after = Cursor.read(question.cursor)
    beyond = true() if after is None else _beyond(model, fields, question, after)
    reading = _Reading(session, actor, model, question, beyond, after is not None and after.backward)
    if total is not None and total > CAP and follows_index(model, question.order):
        found = reading.many(every)
    else:
        found = reading.rows(every, _number(whole, model) if question.counted and total is None else null())
    more, rows = len(found) > question.limit, [row for row, _told in found[: question.limit]]
    if reading.backward:
        rows.reverse()
    counted = found[0][1] if found and total is None else total
    return Page(rows, whole, counted, *_neighbours(rows, fields, question, after, more))


@dataclass(frozen=True)
class _Reading:
    """How the rows of one page are read: those beyond its cursor, in its order, one more than it shows."""

    session: Session
    actor: Actor
    model: Any
    question: Question
    beyond: ColumnElement[bool]
    backward: bool

    def rows(self, some: Select[Any], told: ColumnElement[Any]) -> list[Any]:
        """Return rows of `some`, each with what is `told` along."""
        there = _from_there(some, self.model, self.beyond).options(
            *loading(self.model, self.question.columns)
        )
        there = there.order_by(*self._order()).limit(self.question.limit + 1)
        return list(self.session.execute(there.add_columns(told)).unique().all())

    def many(self, every: Select[Any]) -> list[Any]:
        """Return rows of many that an index knows of: of the next in order if those fill the page."""
        key, seen = key_of(self.model), visible(self.actor, self.model)
        near = select(key).where(seen, self.beyond).order_by(*self._order()).limit(NEAR)
        found = self.rows(every.where(among_those(key, near)), null())
        if len(found) > self.question.limit:
            return found
        mine = among_those(key, every.with_only_columns(key))
        return self.rows(select(self.model).where(seen, mine), null())

    def _order(self) -> list[Any]:
        return order(self.model, self.question, backward=self.backward)


def _gathered(session: Session, actor: Actor, model: Any, every: Select[Any]) -> tuple[Select[Any], int]:
    """Return the same rows by their numbers if they are few, and how many there are, up to CAP + 1."""
    numbers = list(session.scalars(every.with_only_columns(key_of(model)).limit(CAP + 1)))
    if len(numbers) <= CAP:
        every = select(model).where(visible(actor, model), numbered(key_of(model), numbers))
    return every, len(numbers)


def count(session: Session, model: Any, page: Page) -> int:
    """Return how many rows there are on all pages, up to CAP + 1: asked only if no row of `page` says it."""
    if page.counted is not None:
        return page.counted
    return session.scalar(select(_number(page.every, model))) or 0


def _number(every: Select[Any], model: Any) -> ScalarSelect[int]:
    inner = every.with_only_columns(key_of(model)).limit(CAP + 1).subquery()
    return select(func.count()).select_from(inner).scalar_subquery()


def one(session: Session, actor: Actor, model: Any, key: Any, columns: tuple[str, ...] = ()) -> Any:
    """Return the row of `key` if the actor may see it, else None."""
    mine = keyed(model, key)
    if mine is None:
        return None
    statement = select(model).where(mine, visible(actor, model))
    return session.scalars(statement.options(*relations(model, columns))).unique().one_or_none()


def unhidden(actor: Actor, model: Any, question: Question) -> Question:
    """Return the question in the order of keys if it would order by what is hidden: a rank tells as well."""
    if not is_hidden(hidden(actor, model), question.column):
        return question
    return replace(question, order=f"{'-' if question.descending else ''}{key_of(model).key}")


def filtered(
    session: Session,
    actor: Actor,
    model: Any,
    fields: FieldSet,
    question: Question,
    worth: Judge | None = None,
) -> Select[Any]:
    """Return the rows a question is about, as a statement without order. Raises Invalid as `page_of`."""
    asked = criteria(session, actor, model, fields, question, worth)
    return select(model).where(visible(actor, model), *asked)


def criteria(
    session: Session,
    actor: Actor,
    model: Any,
    fields: FieldSet,
    question: Question,
    worth: Judge | None = None,
) -> Iterator[ColumnElement[bool]]:
    """Yield what a question asks of rows, besides that the actor may see them. Raises Invalid."""
    if question.where is not None:
        yield question.where
    if question.tree:
        moment = moment_of(session, me=actor.id if actor.kind is ActorKind.EMPLOYEE else None)
        yield where(question.tree, fields, model, moment, worth)
    words = question.q.replace("\0", " ").strip()
    if words:
        yield _matches(session, actor, model, question, words)


def _matches(
    session: Session, actor: Actor, model: Any, question: Question, words: str
) -> ColumnElement[bool]:
    """Search by words, or by number: `#12`."""
    if words.startswith("#") and words[1:].isdecimal():
        mine = keyed(model, words[1:])
        return false() if mine is None else mine
    hits = first_among if question.is_offer else among
    return hits(session, actor, model, question.audience, words)


def _neighbours(
    rows: list[Any], fields: FieldSet, question: Question, after: Cursor | None, more: bool
) -> tuple[str | None, str | None]:
    if not rows:
        return None, None
    backward = after is not None and after.backward
    has_next, has_previous = (True, more) if backward else (more, after is not None)
    return (
        cursor_at(rows[-1], fields, question, back=False) if has_next else None,
        cursor_at(rows[0], fields, question, back=True) if has_previous else None,
    )


def cursor_at(row: Any, fields: FieldSet, question: Question, *, back: bool) -> str:
    """Return the cursor of the page that begins after `row`, or that ends before it."""
    return cursor_of(getattr(row, question.column), identity(row), fields, question, back=back)


def cursor_of(value: Any, key: int, fields: FieldSet, question: Question, *, back: bool = False) -> str:
    """Return the cursor at a row of this key, which has `value` in the column that rows are ordered by."""
    dumped = fields[question.column].dump(value) if question.column in fields else value
    return Cursor(dumped, key, back).write()


def beyond(model: Any, fields: FieldSet, question: Question, cursor: str) -> ColumnElement[bool]:
    """Return the rows after `cursor` in the order of a question. Raises Invalid for what is no cursor."""
    after = Cursor.read(cursor)
    return true() if after is None else _beyond(model, fields, question, after)


def _beyond(model: Any, fields: FieldSet, question: Question, after: Cursor) -> ColumnElement[bool]:
    """Return the rows after the cursor. Empty values stand last in both directions."""
    column, key = getattr(model, question.column), key_of(model)
    down = question.descending is not after.backward
    further: ColumnElement[bool] = key < after.key if down else key > after.key
    if question.column == key.key:
        return further
    value = _typed(fields, question.column, after.value)
    nullable = may_be_empty(inspect(model).column_attrs[question.column])
    if value is None:
        rest = and_(column.is_(None), further)
        return or_(column.is_not(None), rest) if after.backward else rest
    if not nullable:
        pair, mark = tuple_(column, key), tuple_(value, after.key)
        return pair < mark if down else pair > mark
    beyond = or_(column < value if down else column > value, and_(column == value, further))
    return beyond if after.backward else or_(beyond, column.is_(None))


def _from_there(every: Select[Any], model: Any, beyond: ColumnElement[bool]) -> Select[Any]:
    """Return the rows beyond a cursor. Its bound stands before a filter that bounds the same column.

    PostgreSQL begins to read an index at the first bound that stands there, not at the nearest.
    """
    return select(model).where(beyond, true() if every.whereclause is None else every.whereclause)


def _typed(fields: FieldSet, name: str, value: Any) -> Any:
    try:
        return fields[name].parse(value)
    except Exception as error:
        raise malformed() from error


def order(model: Any, question: Question, *, backward: bool = False) -> list[Any]:
    """Return what rows are ordered by, the key last."""
    down = question.descending is not backward
    key = key_of(model).desc() if down else key_of(model).asc()
    if question.column == key_of(model).key:
        return [key]
    attribute = getattr(model, question.column)
    column = attribute.desc() if down else attribute.asc()
    if may_be_empty(inspect(model).column_attrs[question.column]):
        column = column.nulls_first() if backward else column.nulls_last()
    return [column, key]
