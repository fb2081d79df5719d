"""The criteria builder: one form input for every column that holds conditions, drawn by the server alone."""

from __future__ import annotations

from app.generate.builder.inputs import Dresser, built, is_building, posted, typed
from app.generate.builder.place import Place
from app.generate.builder.say import cell_of, sentence, sentences
from app.generate.builder.view import Builder, draw

__all__ = [
    "Builder",
    "Dresser",
    "Place",
    "built",
    "cell_of",
    "draw",
    "is_building",
    "posted",
    "sentence",
    "sentences",
    "typed",
]
