"""The tables of the page, drawn as every list is, with addresses of the calls behind each figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_date, format_decimal

from app.core.i18n import Text, _
from app.generate.addresses import with_query
from app.generate.pages import Column, Empty, ListPage, Row
from app.generate.parts import Cell, Show
from app.services.usage import FAILED, Span, Usage

CALLS = "/console/api_logs/"
TICK = dt.timedelta(microseconds=1)
COUNTED = (("calls", _("Calls")), ("failed", _("Failed")))
TIMED = (("p50", _("Half within, ms")), ("p95", _("95% within, ms")))


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses: of this page in another order, and of the calls that a figure counts."""

    url: str
    span: Span
    hours: str
    key: str

    def calls(self, **filters: object) -> str:
        """Return the address of the list of calls with these filters, within the span and key of the page."""
        since, until = filters.pop("since", self.span.since), filters.pop("until", self.span.until)
        given = {"api_key_id": self.span.key, **filters}
        pairs = [_key(value) if name == "api_key_id" else (name, str(value)) for name, value in given.items()]
        times = (("created_at[gte]", _instant(since)), ("created_at[lte]", _instant(until - TICK)))  # type: ignore[operator]
        return with_query(CALLS, [*(pair for pair in pairs if pair is not None), *times])

    def failed(self, **filters: object) -> str:
        """Return the address of those calls among them that failed."""
        return self.calls(**filters, **{"response_code[gte]": FAILED})

    def ordered(self, name: str) -> str:
        """Return the address of this page with its endpoints in another order."""
        return with_query(self.url, [("hours", self.hours), ("key", self.key), ("sort", name)])


def tables(found: Usage, links: Links, names: Mapping[str, Text], order: str) -> Iterator[ListPage]:
    """Yield the tables in their order of use: what is called, what fails, by whom, when, how answered."""
    yield _table(
        _("Endpoints"),
        [
            Column(name="endpoint", label=_("Endpoint")),
            *_figures((*COUNTED, *TIMED), links, order),
        ],
        [_endpoint(row, links) for row in found.by_endpoint],
    )
    if found.failing:
        columns = [Column(name="endpoint", label=_("Endpoint")), Column(name="code", label=_("Answer code"))]
        failing = [_failing(row, links) for row in found.failing]
        yield _table(_("Failing calls"), [*columns, *_figures(COUNTED[:1])], failing)
    yield _counts(_("Keys"), _("Key"), (_of_key(row, links, names) for row in found.by_key))
    yield _counts(_("Days"), _("Day"), (_of_day(row, links) for row in found.by_day))
    codes = [_row(str(row.response_code), links.calls(response_code=row.response_code), [_number(row.calls)])
             for row in found.by_code]  # fmt: skip
    yield _table(
        _("Answer codes"), [Column(name="code", label=_("Answer code")), *_figures(COUNTED[:1])], codes
    )


def _counts(title: Text, label: Text, rows: Iterable[Row]) -> ListPage:
    return _table(title, [Column(name="name", label=label), *_figures(COUNTED)], list(rows))


def _endpoint(row: Any, links: Links) -> Row:
    meant = {"method": row.method, "endpoint_accessed": row.endpoint_accessed}
    cells = [*_both(row, links, meant), _number(row.p50), _number(row.p95)]
    return _row(f"{row.method} {row.endpoint_accessed}", links.calls(**meant), cells)


def _failing(row: Any, links: Links) -> Row:
    meant = {
        "method": row.method,
        "endpoint_accessed": row.endpoint_accessed,
        "response_code": row.response_code,
    }
    cells = [Cell(kind=Show.BADGE, text=str(row.response_code), value="danger"), _number(row.calls)]
    return _row(f"{row.method} {row.endpoint_accessed}", links.calls(**meant), cells)


def _of_key(row: Any, links: Links, names: Mapping[str, Text]) -> Row:
    key = row.api_key_id or 0
    meant = {"api_key_id": key}
    return _row(names.get(str(key), f"#{key}"), links.calls(**meant), _both(row, links, meant))


def _of_day(row: Any, links: Links) -> Row:
    """A day ends where the next one begins, which is not always 24 hours later; and with the page's span."""
    start = row.day
    end = min(start + dt.timedelta(days=1), links.span.until)
    meant = {"since": max(start, links.span.since), "until": end}
    return _row(format_date(start), links.calls(**meant), _both(row, links, meant))


def _both(row: Any, links: Links, meant: Mapping[str, Any]) -> list[Cell]:
    url = links.failed(**meant) if row.failed else None
    return [_number(row.calls), Cell(kind=Show.LINK, text=format_decimal(row.failed), url=url)]


def _row(label: Text, url: str, cells: Sequence[Cell]) -> Row:
    return Row(id="", label=label, url=url, cells=(Cell(kind=Show.TEXT, text=label), *cells))


def _number(value: int) -> Cell:
    return Cell(kind=Show.NUMBER, text=format_decimal(value))


def _figures(
    names: Iterable[tuple[str, Text]], links: Links | None = None, order: str = ""
) -> Iterator[Column]:
    for name, label in names:
        yield Column(
            name=name, label=label, numeric=True, sort_url=links.ordered(name) if links else None,
            direction="desc" if name == order else None,
        )  # fmt: skip


def _table(title: Text, columns: Sequence[Column], rows: Sequence[Row]) -> ListPage:
    return ListPage(title=title, columns=tuple(columns), rows=tuple(rows), url="", empty=Empty(title=title))


def _instant(moment: Any) -> str:
    return str(moment.astimezone(dt.UTC).isoformat())


def _key(key: object) -> tuple[str, str] | None:
    """Return the filter by a key; none for all of them, and 0 for calls without one."""
    if key is None:
        return None
    return ("api_key_id[empty]", "1") if key == 0 else ("api_key_id", str(key))
