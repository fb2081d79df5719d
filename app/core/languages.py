"""The languages of the program, by name only: what reads the settings needs no translations."""

from __future__ import annotations

PSEUDO = "en_XA"
"""The locale that shows which texts nobody marked: English with accents, in brackets."""

LANGUAGES = {"en": "English", "de": "Deutsch", PSEUDO: "Ēńĝļîšħ"}
"""The languages there are catalogues of, by what their speakers call them."""
