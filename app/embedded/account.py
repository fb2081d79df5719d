"""Which system user the servers run as, and whether that user can reach a folder.

PostgreSQL refuses to run as root. For root the servers run as an ordinary system user that already exists;
what that user cannot read (a project in root's home, say) is copied to a place it can.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.embedded.errors import Unavailable

SHARED = Path("/var/lib/frontdesk")
_ORDINARY = ("postgres", "_postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A system user by number. `switch` says that this process is root and must become that user."""

    uid: int
    gid: int
    switch: bool

    def reaches(self, path: Path) -> bool:
        """Whether the user may pass through every folder above `path`."""
        return not self.switch or all(self._passes(parent) for parent in path.resolve().parents)

    def _passes(self, folder: Path) -> bool:
        status = folder.stat()
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return bool(status.st_mode >> shift & 0o1)

    def give(self, path: Path) -> None:
        """Make the user the owner of `path`."""
        if self.switch:
            os.chown(path, self.uid, self.gid)


def current() -> Account:
    """The user for the servers: oneself, or an ordinary one when this process is root. Raises Unavailable."""
    if os.getuid() != 0:
        return Account(os.getuid(), os.getgid(), switch=False)
    for name in _ORDINARY:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, switch=True)
    raise Unavailable(
        "PostgreSQL does not run as root, and there is no system user 'nobody' to run it as.\n"
        "Start Frontdesk as an ordinary user, or set DATABASE_URL and REDIS_URL."
    )


def readable(account: Account, source: Path) -> Path:
    """`source` itself when the user can reach it, else a copy kept for all data folders of this machine."""
    if account.reaches(source):
        return source
    status = source.stat()
    mark = hashlib.sha256(f"{source}{status.st_mtime_ns}{status.st_size}".encode()).hexdigest()[:16]
    copy = SHARED / "programs" / mark
    if not copy.exists():
        _copy(source, copy)
    return copy


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    unfinished = Path(tempfile.mkdtemp(dir=target.parent)) / source.name
    if source.is_dir():
        shutil.copytree(source, unfinished, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    else:
        shutil.copy2(source, unfinished)
    unfinished.rename(target)
    unfinished.parent.rmdir()
