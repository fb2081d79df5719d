"""Static files under an address that changes with their content, so that browsers may keep them for ever.

One version covers the whole folder: modules and style sheets name each other by relative addresses, and a
version in the path (unlike one in the query) reaches those too.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, send_from_directory

YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Assets:
    """The static folder and its version."""

    folder: Path
    version: str

    @classmethod
    def of(cls, app: Flask) -> Assets:
        """Read the static folder of `app` and work out its version."""
        folder = Path(str(app.static_folder))
        return cls(folder, fingerprint(folder))

    def url(self, name: str) -> str:
        """Return the address of a file. Raises FileNotFoundError if it does not exist."""
        if not (self.folder / name).is_file():
            raise FileNotFoundError(f"static file {name}")
        return f"/assets/{self.version}/{name}"

    def serve(self, version: str, name: str) -> Response:
        """Answer with a file; only the present version may be kept for ever."""
        current = version == self.version
        response = send_from_directory(self.folder, name)
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if current else "no-cache"
        return response


def fingerprint(folder: Path) -> str:
    """Return 12 hexadecimal digits that change with any name or content below `folder` (BLAKE2b)."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
