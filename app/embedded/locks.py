"""File locks that the kernel drops when the last process holding them ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path


def share(path: Path) -> int:
    """Take the shared lock on `path`, waiting for it, and return the open file that holds it."""
    descriptor = _open(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def take(path: Path, seconds: float = 0) -> int | None:
    """Take the exclusive lock on `path` within `seconds`, or return None. Closing the file gives it back."""
    descriptor = _open(path)
    deadline = time.monotonic() + seconds
    while not _try(descriptor):
        if time.monotonic() >= deadline:
            os.close(descriptor)
            return None
        time.sleep(0.02)
    return descriptor


def is_free(path: Path) -> bool:
    """Whether nobody holds a lock on `path` at this moment."""
    descriptor = take(path)
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is not None


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Run the block while no other process is inside a block on the same path."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
