"""Filter chips: those that are on, in words and with a way out, and the menu of those that may be added."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from werkzeug.datastructures import MultiDict

from app.core.i18n import _
from app.criteria import operators_of
from app.fields import Field, FieldSet, Kind
from app.generate import pages
from app.generate.addresses import State, with_query
from app.generate.filters import Asked, default_operator


def select_filter(arguments: MultiDict[str, str]) -> list[tuple[str, str]] | None:
    """Return the plain query of a filter picked in the menu (`filter`, `operator`, `value`), else None."""
    if "filter" not in arguments:
        return None
    name, operator = arguments["filter"], arguments.get("operator", "")
    values = [value for value in arguments.getlist("value") if value.strip()]
    kept = [
        (key, value)
        for key, value in arguments.items(multi=True)
        if key not in {"filter", "operator", "value", "cursor"}
    ]
    if values or operator in {"empty", "not_empty"}:
        kept.append((f"{name}[{operator}]" if operator else name, ",".join(values) or "1"))
    return kept


def chips(active: list[Asked], url: str, state: State) -> Iterator[pages.Filter]:
    """Yield a chip for each filter that is on."""
    for item in active:
        yield pages.Filter(
            name=item.field.name,
            label=item.field.label,
            kind=item.field.kind.value,
            operator=operators_of(item.field.kind)[item.operator].label,
            value=item.raw,
            text=_words(item),
            remove_url=with_query(url, [pair for pair in state if pair != (item.parameter, item.raw)]),
        )


def offers(model: Any, fields: FieldSet, active: list[Asked]) -> pages.FilterMenu:
    """Return the filters that may be added to those that are on."""
    return _offers(model, fields, frozenset(item.field.name for item in active))


@lru_cache(maxsize=512)
def _offers(model: Any, fields: FieldSet, taken: frozenset[str]) -> pages.FilterMenu:
    offered = fields.pick(tuple(model.resource.filters)).values()
    return pages.FilterMenu(tuple(_filter(field) for field in offered if field.name not in taken))


def _filter(field: Field) -> pages.Filter:
    meant = default_operator(field)
    options: tuple[pages.Option, ...] = tuple(
        pages.Option(value=o.value, label=o.label) for o in field.options
    )
    if field.kind is Kind.BOOLEAN:
        options = (pages.Option(value="true", label=_("Yes")), pages.Option(value="false", label=_("No")))
    return pages.Filter(
        name=field.name,
        label=field.label,
        kind=field.kind.value,
        operators=tuple(
            pages.Option(value=name, label=operator.label, selected=name == meant)
            for name, operator in operators_of(field.kind).items()
            if not name.startswith("changed") and name != "matches"
        ),
        options=options,
        picker_url=f"/admin/{field.reference}/pick" if field.reference else None,
    )


def _words(item: Asked) -> str:
    labels = {option.value: str(option.label) for option in item.field.options}
    if item.operator in {"empty", "not_empty"}:
        return ""
    if item.field.kind is Kind.BOOLEAN:
        return str(_("Yes") if item.condition["value"] else _("No"))
    return ", ".join(labels.get(part.strip(), part.strip()) for part in item.raw.split(","))
