"""Texts for people: marked here, translated when shown."""

from __future__ import annotations

from babel import localedata
from flask_babel import gettext, lazy_gettext, lazy_ngettext, lazy_pgettext, ngettext
from flask_babel.speaklater import LazyString

PSEUDO = "en_XA"
"""The locale that shows which texts nobody marked: English with accents, in brackets."""

Text = str | LazyString
"""A text to show: plain, or translated at the moment it is turned into a string."""

_ = lazy_gettext
_n = lazy_ngettext
_p = lazy_pgettext
"""For one English word that other languages have several for; its first argument says which is meant."""

__all__ = ["PSEUDO", "LazyString", "Text", "_", "_n", "_p", "gettext", "ngettext"]

# Babel refuses a locale that CLDR does not list: the dates and numbers of this one are those of English.
localedata._cache.setdefault(PSEUDO, localedata.load("en"))
