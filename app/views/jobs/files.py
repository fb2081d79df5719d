"""`/files/<id>`: what somebody exported, to be saved and never shown within the desk."""

from __future__ import annotations

from flask import current_app, send_file
from werkzeug.wrappers import Response

from app.adapters import storage
from app.core.extensions import db
from app.generate.identity import current_actor
from app.services import files
from app.views.jobs.blueprint import blueprint


@blueprint.get("/files/<int:number>")
def download(number: int) -> Response:
    """Send a file to whom it belongs."""
    file, content = files.read(db.session(), storage.from_config(current_app.config), current_actor(), number)
    answer = send_file(content, mimetype=file.media_type, as_attachment=True, download_name=file.name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
