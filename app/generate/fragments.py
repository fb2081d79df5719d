"""Pieces of pages that look the same every time, drawn once.

A list of 50 rows has 400 cells and 50 menus; most of them (a status, a team, what may be done with a row)
look like one drawn before, on this page or another. Remembering those halves what a list costs. What is
remembered depends on nothing but the values it was drawn from, and the language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, TypeVar

from flask import Flask
from markupsafe import Markup

from app.core.i18n import Text, present_locale
from app.generate.pages import KEY, Column, Option, Row
from app.generate.parts import Cell, Show
from app.generate.swift import escape, wrap

T = TypeVar("T")

TURNING = frozenset(
    [
        "arrow-left",
        "arrow-right",
        "chevron-left",
        "chevron-right",
        "corner-up-left",
        "external-link",
        "list",
        "list-filter",
        "list-ordered",
        "log-out",
        "panel-left",
        "reply",
        "rotate-ccw",
        "send",
        "undo-2",
    ]
)
"""Icons that point somewhere, and so are mirrored when the page runs from right to left."""


STEADY = frozenset(
    {
        Show.TEXT,
        Show.NUMBER,
        Show.BOOLEAN,
        Show.STATUS,
        Show.PRIORITY,
        Show.BADGE,
        Show.LINK,
        Show.EMAIL,
        Show.PHONE,
    }
)
"""What is drawn alike whenever it is drawn: no times, and nothing that is a list or deeper."""


def install(app: Flask) -> None:
    """Give templates `draw_icon(name, class)`, filters, and what remembers the drawings of a macro."""

    @cache
    def drawings() -> dict[str, str]:
        return app.jinja_env.get_template("ui/icons.html").module.icons  # type: ignore[attr-defined,no-any-return]

    @lru_cache(maxsize=512)
    def draw_icon(name: str, extra: str = "") -> Markup:
        css = " ".join(filter(None, ("icon", "turns" if name in TURNING else "", extra)))
        return Markup('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>').format(
            css,
            Markup(drawings()[name]),  # noqa: S704  our own file
        )

    @lru_cache(maxsize=64)
    def draw_glyphs(names: frozenset[str]) -> Markup:
        symbols = "".join(f'<symbol id="glyph-{name}">{drawings()[name]}</symbol>' for name in sorted(names))
        return wrap(f"<svg hidden>{symbols}</svg>")

    app.jinja_env.globals["draw_icon"] = draw_icon
    app.jinja_env.globals["draw_glyphs"] = draw_glyphs
    app.jinja_env.globals["glyph"] = glyph
    app.jinja_env.filters["icons_of"] = icons_of
    app.jinja_env.globals["remembered"] = remembered
    app.jinja_env.globals["kept"] = kept
    app.jinja_env.globals["option_tags"] = option_tags
    app.jinja_env.globals["spoken"] = spoken
    app.jinja_env.globals["steady"] = steady
    app.jinja_env.filters["at"] = at
    app.jinja_env.filters["of_list"] = of_list
    app.jinja_env.filters["of_row"] = of_row
    app.jinja_env.filters["zip"] = zip


@lru_cache(maxsize=512)
def glyph(name: str) -> Markup:
    """Return an icon that stands many times on a page: its lines stand there once, in `draw_glyphs`."""
    css = "icon turns" if name in TURNING else "icon"
    return Markup(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true"><use href="#glyph-{}"/></svg>'
    ).format(css, name)


def icons_of(rows: Iterable[Row]) -> frozenset[str]:
    """Return the names of the icons in the menus of rows, which mostly are one and the same menu."""
    menus = {id(row.menu): row.menu for row in rows}.values()
    return frozenset(one.icon for menu in menus for one in menu if one.icon)


def remembered(macro: Callable[..., Markup]) -> Callable[..., Markup]:
    """Return `macro` with a memory of what it drew, for all pages: it may depend on its arguments alone.

    A text and markup of the same letters are not the same argument.
    """
    return lru_cache(maxsize=2048, typed=True)(macro)


def kept(macro: Callable[..., T]) -> Callable[..., T]:
    """Return `macro` as it is used within one page: of the very same pieces of the page it draws once."""
    drawn: dict[tuple[int, ...], T] = {}

    def draw(*pieces: Any) -> T:
        key = tuple(map(id, pieces))
        if key not in drawn:
            drawn[key] = macro(*pieces)
        return drawn[key]

    return draw


def spoken(macro: Callable[..., Markup], most: int = 512) -> Callable[..., Markup]:
    """Return `macro`, which says something, with a memory for all pages: once a language for each piece.

    Pieces that are not compared by value are the same for as long as they are the same object.
    """
    drawn = lru_cache(maxsize=most)(lambda _locale, *pieces: macro(*pieces))
    return lambda *pieces: drawn(present_locale(), *pieces)


def of_list(drawn: Markup, url: str, state: Markup) -> Markup:
    """Fill in what a piece that many lists share says of this one: its address and what forms carry along."""
    return _filled(drawn, {"__url__": escape(url), "__state__": state})


def of_row(drawn: Markup, row: Row) -> Markup:
    """Fill in what a piece that many rows share says of this one: its key and its name."""
    return _filled(drawn, {KEY: escape(row.id), "__label__": escape(row.label)})


def steady(macro: Callable[..., Markup]) -> Callable[[], Callable[..., Markup]]:
    """Return what draws the cells of a row by `macro(column, cell)`, with a memory for all pages.

    It is called once a page, for its language. Of the columns and cells it is then given, it draws anew only
    those that look different from day to day, or that are too deep to be compared.
    """

    @lru_cache(maxsize=4096, typed=True)  # markup and a text of the same letters are not alike
    def remembered(
        _locale: Any, label: Text, numeric: bool, kind: Show, text: Text, value: object, url: str | None
    ) -> Markup:
        return macro(label, numeric, Cell(kind=kind, text=text, value=value, url=url))

    def of_page() -> Callable[..., Markup]:
        locale = present_locale()

        def drawn(column: Column, cell: Cell) -> Markup:
            label, numeric, kind = column.label, column.numeric, cell.kind
            if kind not in STEADY:
                return macro(label, numeric, cell)
            return remembered(locale, label, numeric, kind, cell.text, cell.value, cell.url)

        return lambda columns, cells: wrap("".join(map(drawn, columns, cells)))

    return of_page


def option_tags(options: Iterable[Option], value: object) -> Markup:
    """Draw the choices of a select; a function and no macro, because there may be hundreds."""
    return wrap(
        "".join(
            f'<option value="{escape(one.value)}"{" selected" if one.selected or one.value == value else ""}>'
            f"{escape(one.label)}</option>"
            for one in options
        )
    )


def at(drawn: Markup, moment: Markup) -> Markup:
    """Fill in how long ago something was. No person's text can hold the place for it: `<` is escaped."""
    return _filled(drawn, {"<!--moment-->": moment})


def _filled(drawn: Markup, words: Mapping[str, Markup]) -> Markup:
    """Put markup into markup; a `Markup` would look again at each whether it is any."""
    filled = str(drawn)
    for place, word in words.items():
        filled = filled.replace(place, word)
    return wrap(filled)
