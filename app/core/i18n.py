"""Texts for people: marked here, translated when shown."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from babel import Locale, localedata
from flask import g, has_app_context
from flask_babel import Domain, get_locale, get_translations
from flask_babel.speaklater import LazyString

from app.core.languages import PSEUDO

Text = str | LazyString
"""A text to show: plain, or translated at the moment it is turned into a string."""


def kept_language() -> Any:
    """Return what Flask-Babel keeps of the present language and zone, None where it keeps nothing yet.

    The globals are taken out of their proxy, which costs more than all the rest of saying a text.
    """
    try:
        return g._get_current_object().get("_flask_babel")
    except RuntimeError:  # outside of any request
        return None


def present_locale() -> Locale | None:
    """Return the locale of the reader, None outside of any request."""
    found: Locale | None = getattr(kept_language(), "babel_locale", None) or get_locale()
    return found


@lru_cache(maxsize=8192)
def _said(catalogue: Any, text: str) -> str:
    """Return a text as a catalogue has it. A page says two hundred, most of them again and again."""
    return str(catalogue.ugettext(text))


class _Texts(Domain):  # type: ignore[misc]  # the library has no types
    """The texts of the program. A request looks for its language once; a list has hundreds of texts."""

    def gettext(self, string: str, **variables: Any) -> str:
        """Return a text in the present language, with the values it is to say."""
        said = _said(self.get_translations(), string)
        return said % variables if variables else said

    def get_translations(self) -> Any:
        """Return the catalogue of the present language.

        It is kept where Flask-Babel itself puts aside and brings back what belongs to a language
        (`force_locale`, `refresh`).
        """
        found = getattr(kept_language(), "babel_translations", None)
        if found is None:  # the first text of a request, or one outside of any
            found = get_translations()
            if has_app_context():
                g._flask_babel.babel_translations = found
        return found


_texts = _Texts()
gettext = _texts.gettext
ngettext = _texts.ngettext
_ = _texts.lazy_gettext
_n = _texts.lazy_ngettext
_p = _texts.lazy_pgettext
"""For one English word that other languages have several for; its first argument says which is meant."""

__all__ = [
    "LazyString",
    "Text",
    "_",
    "_n",
    "_p",
    "gettext",
    "kept_language",
    "ngettext",
    "present_locale",
]

# Flask-Babel calls its lazy texts markup. Ours quote what people typed: templates escape them like any text.
del LazyString.__html__

# Babel refuses a locale that CLDR does not list: the dates and numbers of this one are those of English.
localedata._cache.setdefault(PSEUDO, localedata.load("en"))
