"""Texts for people: marked here, translated when shown."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext, lazy_ngettext, ngettext
from flask_babel.speaklater import LazyString

Text = str | LazyString
"""A text to show: plain, or translated at the moment it is turned into a string."""

_ = lazy_gettext
_n = lazy_ngettext

__all__ = ["LazyString", "Text", "_", "_n", "gettext", "ngettext"]
