"""Where the pages hang."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("fields", __name__)
URL = "/fields/"
