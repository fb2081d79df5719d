"""`/brand/…`: the logo, and a style sheet with shades of the accent colour, for every page."""

from __future__ import annotations

import re

from flask import Blueprint, Response, current_app, send_file
from werkzeug.wrappers import Response as BaseResponse

from app.access import SYSTEM
from app.adapters import storage
from app.core import colour
from app.core.errors import NotFound
from app.core.extensions import db
from app.generate.assets import YEAR
from app.generate.desk import desk
from app.services import files

blueprint = Blueprint("brand", __name__, url_prefix="/brand")

KEPT = f"public, max-age={YEAR}, immutable"
"""Both addresses change with what they give."""
SHEET = """@layer tokens {{
  :root {{
    --accent: light-dark({0.accent}, {1.accent});
    --accent-strong: light-dark({0.strong}, {1.strong});
    --accent-soft: light-dark({0.soft}, {1.soft});
  }}
}}
"""


@blueprint.get("/<accent>.css")
def colours(accent: str) -> Response:
    """Give the tokens that depend on an accent colour of six digits."""
    if not re.fullmatch("[0-9a-f]{6}", accent):
        raise NotFound
    brand = f"#{accent}"
    sheet = SHEET.format(colour.on_light(brand), colour.on_dark(brand))
    return Response(sheet, mimetype="text/css", headers={"Cache-Control": KEPT})


@blueprint.get("/logo/<int:number>")
def logo(number: int) -> BaseResponse:
    """Give the logo; no other file, whoever asks."""
    if number != desk().logo:
        raise NotFound
    where = storage.from_config(current_app.config)
    file, content = files.read(db.session(), where, SYSTEM, number)
    answer = send_file(content, mimetype=file.media_type)
    answer.headers["Cache-Control"] = KEPT
    return answer
