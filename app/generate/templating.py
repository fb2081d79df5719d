"""What every template may use: the address of a static file, and how times and values read.

`install(app)` adds the globals `static`, `_`, `csrf_token`, `Action`, `draw_icon`, `draw_relative`,
`remembered` and `kept`, and the filters `exact`, `day`, `pretty`, `as_json`, `compact`, `tone`, `initials`,
`picker_items`, `of_row`.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.units import format_unit
from flask import Flask, g
from flask_babel import get_timezone
from flask_wtf.csrf import generate_csrf
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from app.core import clock
from app.core.i18n import gettext, kept_language, present_locale
from app.generate import fragments, swift
from app.generate.assets import Assets
from app.generate.parts import Action, Option

TONES = 4
"""How many tints avatars have; `chip.css` names them."""

STEPS = ((60, "duration-minute", 60), (3600, "duration-hour", 24), (86400, "duration-day", 7))
"""Seconds in a unit, CLDR's name of it, and how many of it are said before the next one is."""


def install(app: Flask) -> None:
    """Give the templates of `app` the helpers they are written against."""
    swift.install(app)
    assets = Assets.of(app)
    app.add_url_rule(
        "/assets/<version>/<path:name>", endpoint="assets", view_func=assets.serve, methods=["GET"]
    )
    app.jinja_env.globals["static"] = cache(assets.url)  # whether a file is there is asked once
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = words
    app.jinja_env.globals["csrf_token"] = csrf_token
    app.jinja_env.globals["draw_relative"] = draw_relative
    app.jinja_env.globals["Action"] = Action
    fragments.install(app)
    for name, function in FILTERS.items():
        app.jinja_env.filters[name] = function


def csrf_token() -> str:
    """Return what the forms of this page carry. Flask-WTF itself reads four settings before it remembers."""
    token: str | None = g._get_current_object().get("csrf_token")
    return token or str(generate_csrf())


@pass_eval_context
def words(context: EvalContext, text: str, **values: Any) -> str:
    """Say a text of a template in the reader's language; what Jinja's own `_` does in three calls more."""
    said: str = gettext(text)
    if context.autoescape:
        said = swift.wrap(said)  # the catalogues are ours
    return said % values if values or "%" in said else said


def _reader() -> tuple[Locale | None, dt.tzinfo]:
    """Return the language and zone of the reader, from where Flask-Babel has put them."""
    return present_locale(), getattr(kept_language(), "babel_tzinfo", None) or get_timezone()


def relative(moment: dt.datetime) -> str:
    """Say how far away a moment is: "now", "5m", "2h", "3d", "in 2h"; beyond a week, its date."""
    seconds = (clock.now() - moment).total_seconds()
    if abs(seconds) < STEPS[0][0]:
        return str(gettext("now"))
    for size, unit, limit in STEPS:
        if abs(seconds) < size * limit:
            words = _counted(int(abs(seconds) // size), unit, _reader()[0])
            return words if seconds > 0 else str(gettext("in %(time)s", time=words))
    return day(moment)


@lru_cache(maxsize=1024)
def _counted(number: int, unit: str, locale: Locale) -> str:
    """Use the shortest form; a unit that CLDR has not so short in a language Babel answers by its name."""
    minute = STEPS[0][1]
    if minute in format_unit(1, minute, length="narrow", locale=locale):
        return str(format_unit(number, unit, length="short", locale=locale))
    return str(format_unit(number, unit, length="narrow", locale=locale))


def draw_relative(moment: dt.datetime) -> Markup:
    """Draw a moment as how far away it is; a function and no macro, because a page draws fifty."""
    return swift.wrap(f"{_opened(moment, *_reader())}{swift.escape(relative(moment))}</time>")


@lru_cache(maxsize=4096)
def _opened(moment: dt.datetime, locale: Locale, zone: dt.tzinfo) -> str:
    title = swift.escape(_exact(moment, locale, zone))
    return f'<time datetime="{moment.isoformat()}" title="{title}" data-relative>'


def exact(moment: dt.datetime) -> str:
    """Say a moment to the minute, in the person's time zone."""
    return _exact(moment, *_reader())


@lru_cache(maxsize=4096)
def _exact(moment: dt.datetime, locale: Locale, zone: dt.tzinfo) -> str:
    local = moment.astimezone(zone)
    pattern = str(locale.datetime_formats["medium"])
    day, time = format_date(local, "medium", locale), format_time(local, "short", local.tzinfo, locale)
    return pattern.format(time, day).replace("'", "")


def day(moment: dt.date) -> str:
    """Say a day: without the year when it is this one's."""
    locale, zone = _reader()
    local = moment.astimezone(zone).date() if isinstance(moment, dt.datetime) else moment
    return _day(local, local.year == clock.now().year, locale)


@lru_cache(maxsize=1024)
def _day(local: dt.date, this_year: bool, locale: Locale) -> str:
    if this_year:
        return str(format_skeleton("MMMd", local, locale=locale))
    return str(format_date(local, "medium", locale))


def pretty(value: object) -> str:
    """Write a value as indented JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True, default=str)


def as_json(value: object) -> str:
    """Write one value as JSON, on one line."""
    return json.dumps(value, ensure_ascii=False, default=str)


def compact(value: object, limit: int = 80) -> str:
    """Write a value as JSON on one line, cut at `limit` characters."""
    text = as_json(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def tone(name: str) -> int:
    """Choose a tint for a name, always the same one."""
    return zlib.crc32(name.encode()) % TONES


def initials(name: str) -> str:
    """Shorten a name to at most two letters."""
    words = name.replace("@", " ").split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def picker_items(options: Iterable[Option] | None) -> str:
    """Write what a picker starts with as JSON for its data attribute."""
    return json.dumps([{"value": o.value, "text": str(o.label)} for o in options or ()], ensure_ascii=False)


FILTERS: dict[str, Any] = {
    "exact": exact,
    "day": day,
    "pretty": pretty,
    "as_json": as_json,
    "compact": compact,
    "tone": tone,
    "initials": initials,
    "picker_items": picker_items,
}
