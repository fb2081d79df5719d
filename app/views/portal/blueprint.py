"""The portal's blueprint, on which its pages hang themselves."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

ROOT = "/portal"
"""Everything of the customers' lies below this path."""

Answer = str | Response | tuple[str | Response, int]
"""What a page answers."""

portal = Blueprint("portal", __name__, url_prefix=ROOT)
