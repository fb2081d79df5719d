"""What every template can use: the shell, translated texts, addresses of static files."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, url_for

from app.generate.shell import frame


def install(app: Flask) -> None:
    """Put the shell and the helpers into the templates of `app`."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = False
    app.jinja_env.globals["static"] = static
    app.jinja_env.filters["picker_items"] = picker_items
    app.context_processor(lambda: {"shell": frame()})


def static(path: str) -> str:
    """Return the address of a static file with the digest of its content, so that it may be kept for ever."""
    return url_for("static", filename=path, v=_digest(path))


def picker_items(options: Any) -> str:
    """Return the picked rows of a reference as the picker's script reads them."""
    return orjson.dumps([{"value": option.value, "text": str(option.label)} for option in options]).decode()


@cache
def _digest(path: str) -> str:
    file = Path(__file__).parent.parent / "static" / path
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
