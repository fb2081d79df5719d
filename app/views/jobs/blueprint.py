"""The blueprint that the pages of this package share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("jobs", __name__)
