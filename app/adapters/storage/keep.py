"""The port and its two ways."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Protocol

from app.core.clock import now

KEY = re.compile(r"[0-9a-f]{32}")


class Storage(Protocol):
    """Keeps bytes under random keys. What is kept is never changed."""

    def put(self, content: IO[bytes]) -> str:
        """Keep everything that is left in `content`, wholly or not at all, and return its key."""

    def open(self, key: str) -> IO[bytes]:
        """Open what is kept under `key`; FileNotFoundError if there is nothing."""

    def delete(self, key: str) -> None:
        """Forget what is kept under `key`, if anything."""

    def keys(self, before: dt.datetime) -> Iterator[str]:
        """Yield the keys of what was put before a moment."""


class FolderStorage:
    """Files in one folder, readable by its owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: IO[bytes]) -> str:
        """Write beside the final name first, so that a cut-off writer leaves nothing that looks whole."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = _new_key()
        part = self._folder / f"{key}.part"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            shutil.copyfileobj(content, file)
        part.replace(self._folder / key)
        return key

    def open(self, key: str) -> IO[bytes]:
        """Open for reading."""
        return self._path(key).open("rb")

    def delete(self, key: str) -> None:
        """Remove the file."""
        self._path(key).unlink(missing_ok=True)

    def keys(self, before: dt.datetime) -> Iterator[str]:
        """Yield names of old files. What a cut-off writer left is removed in passing."""
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC) >= before:
                continue
            if KEY.fullmatch(path.name):
                yield path.name
            elif path.suffix == ".part":
                path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise FileNotFoundError(key)
        return self._folder / key


class MemoryStorage:
    """The twin for tests: nothing outlives the process."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[dt.datetime, bytes]] = {}

    def put(self, content: IO[bytes]) -> str:
        """Keep a copy."""
        key = _new_key()
        self._kept[key] = (now(), content.read())
        return key

    def open(self, key: str) -> IO[bytes]:
        """Open the copy."""
        if key not in self._kept:
            raise FileNotFoundError(key)
        return io.BytesIO(self._kept[key][1])

    def delete(self, key: str) -> None:
        """Drop the copy."""
        self._kept.pop(key, None)

    def keys(self, before: dt.datetime) -> Iterator[str]:
        """Yield old keys."""
        yield from [key for key, (moment, _content) in self._kept.items() if moment < before]


def from_config(config: Mapping[str, Any]) -> Storage:
    """Return the folder `files` under `DATA_DIR`."""
    return FolderStorage(config["DATA_DIR"] / "files")


def _new_key() -> str:
    return secrets.token_hex(16)
