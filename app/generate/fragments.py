"""Pieces of pages that look the same every time, drawn once.

A list of 25 rows calls hundreds of small macros; most of them (a status, a person, an icon) are asked to draw
what they drew before. Remembering those took the drawing of a list from 24 to under half of that.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache

from flask import Flask
from flask_babel import get_locale
from markupsafe import Markup

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


def install(app: Flask) -> None:
    """Give templates `draw_icon(name, class)` and `once(macro, argument)`."""

    @lru_cache(maxsize=512)
    def draw_icon(name: str, extra: str = "") -> Markup:
        drawings: dict[str, str] = app.jinja_env.get_template("ui/icons.html").module.icons  # type: ignore[attr-defined]
        css = " ".join(filter(None, ("icon", "turns" if name in TURNING else "", extra)))
        return Markup('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>').format(
            css,
            Markup(drawings[name]),  # noqa: S704  our own file
        )

    app.jinja_env.globals["draw_icon"] = draw_icon
    app.jinja_env.globals["once"] = once


def once(macro: Callable[[Hashable], Markup], argument: Hashable) -> Markup:
    """Draw `argument` with `macro`, or return what that gave before in the same language.

    The macro may depend on nothing else: not on the time, the person or the request.
    """
    return _drawn(macro, argument, str(get_locale()))


@lru_cache(maxsize=4096)
def _drawn(macro: Callable[[Hashable], Markup], argument: Hashable, _locale: str) -> Markup:
    return macro(argument)
