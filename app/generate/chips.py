"""Filter chips: those that are on, in words and with a way out; those that may be added, by kind of field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.access import Actor
from app.core.i18n import LazyString, Text, _, ngettext
from app.criteria import Period, Takes, describe, operators_of, parse
from app.fields import Field, FieldSet, Kind
from app.generate import pages
from app.generate.addresses import State
from app.generate.builder.say import referred, titles_of
from app.generate.filters import TIMES, Asked, default_operator

NUMBERS = {Kind.INTEGER, Kind.DECIMAL}
FORM = frozenset({"filter", "operator", "value", "from", "to", "span", "cursor"})
"""What a form of a filter sends, which its plain address does not hold."""
ENDS = {"from": "gte", "to": "lte"}
PERIODS = (
    Period.TODAY,
    Period.YESTERDAY,
    Period.THIS_WEEK,
    Period.LAST_WEEK,
    Period.THIS_MONTH,
    Period.LAST_MONTH,
)
DAYS = {"within_last": (7, 30, 90), "more_than_ago": (2, 7, 30)}
"""Days back from now that are offered at once; others are typed in the address or built."""
PLAIN_VALUE = "1"
"""What stands for the value of an operator that takes none."""


def select_filter(arguments: MultiDict[str, str]) -> list[tuple[str, str]] | None:
    """Return the plain query of a filter picked in the menu, else None.

    A form sends `filter` with an `operator` and its `value`, with the ends of a range (`from`, `to`), or
    with a `span` such as `within_last:7d`.
    """
    if "filter" not in arguments:
        return None
    kept = [pair for pair in arguments.items(multi=True) if pair[0] not in FORM]
    return [*kept, *_picked(arguments["filter"], arguments)]


def _picked(name: str, arguments: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    operator = arguments.get("operator", "")
    values = [value for value in arguments.getlist("value") if value.strip()]
    if values or operator in {"empty", "not_empty"}:
        yield f"{name}[{operator}]" if operator else name, ",".join(values) or PLAIN_VALUE
    for end, meant in ENDS.items():
        if typed := arguments.get(end, "").strip():
            yield f"{name}[{meant}]", typed
    operator, _colon, value = arguments.get("span", "").partition(":")
    if operator:
        yield f"{name}[{operator}]", value or PLAIN_VALUE


def chips_on(
    session: Session,
    actor: Actor,
    fields: FieldSet,
    active: list[Asked],
    page: Callable[[State], str],
    state: State,
) -> Iterator[pages.Filter]:
    """Yield a chip for each filter that is on; `page` gives the address of the list in a state."""
    for item, said in zip(active, _said(session, actor, fields, active), strict=True):
        others = tuple(pair for pair in state if pair != (item.parameter, item.raw))
        yield pages.Filter(
            name=item.field.name, label=said, kind=item.field.kind.value, remove_url=page(others)
        )


def offers(model: Any, fields: FieldSet, active: Iterable[Asked]) -> pages.FilterMenu:
    """Return the filters that may be added to those that are on."""
    return _offers(model, fields, frozenset(item.field.name for item in active))


@lru_cache(maxsize=512)
def _offers(model: Any, fields: FieldSet, taken: frozenset[str]) -> pages.FilterMenu:
    offered = fields.pick(tuple(model.resource.filters)).values()
    return pages.FilterMenu(tuple(_filter(field) for field in offered if field.name not in taken))


def _said(session: Session, actor: Actor, fields: FieldSet, active: Iterable[Asked]) -> list[str]:
    """Return each filter as a sentence, rows it refers to by name: a statement for each kind of those."""
    read = [parse(item.condition, fields, changes=False, me=True) for item in active]
    names = titles_of(session, actor, [row for one in read for row in referred(one)])
    return [describe(one, names) for one in read]


def _filter(field: Field) -> pages.Filter:
    options: tuple[pages.Option, ...] = tuple(
        pages.Option(value=o.value, label=o.named) for o in field.options
    )
    if field.kind is Kind.BOOLEAN:
        options = (pages.Option(value="true", label=_("Yes")), pages.Option(value="false", label=_("No")))
    is_range = field.kind in NUMBERS | TIMES
    return pages.Filter(
        name=field.name,
        label=field.label,
        kind=field.kind.value,
        operators=() if is_range else tuple(_operators(field, bool(options))),
        spans=tuple(_spans(field)) if is_range else (),
        options=options,
        picker_url=f"/admin/{field.reference}/pick" if field.reference else None,
    )


def _operators(field: Field, is_picked: bool) -> Iterator[pages.Option]:
    """Yield what may be asked: of what is picked from a list, questions that take several."""
    meant = default_operator(field)
    many = (is_picked or field.reference) and field.kind is not Kind.BOOLEAN
    for name, operator in operators_of(field.kind).items():
        if name.startswith("changed") or operator.takes is Takes.PATTERN:
            continue
        if not many or operator.takes in {Takes.MANY, Takes.NOTHING}:
            yield pages.Option(value=name, label=operator.label, selected=name == meant)


def _spans(field: Field) -> Iterator[pages.Option]:
    """Yield what may be asked beside two ends: of times, days by name and days back from now."""
    known: Mapping[str, Any] = operators_of(field.kind)
    if field.kind in TIMES:
        yield from (pages.Option(value=f"is:{period}", label=period.label) for period in PERIODS)
        for name, lengths in DAYS.items():
            yield from (
                pages.Option(value=f"{name}:{days}d", label=_back(known[name].phrase, days))
                for days in lengths
            )
    yield from (pages.Option(value=name, label=known[name].label) for name in ("empty", "not_empty"))


def _back(phrase: Text, days: int) -> Text:
    return LazyString(_said_back, phrase, days)


def _said_back(phrase: Text, days: int) -> str:
    length = ngettext("%(num)s day", "%(num)s days", days)
    return (str(phrase) % {"field": "", "value": length}).strip()
