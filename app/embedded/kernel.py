"""The process settings of the Linux kernel that keep children from outliving their parent, and name them.

See prctl(2). Elsewhere they do nothing: there the locks of the servers keep a second copy from starting.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int, deadly: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send `deadly` to this process when its parent ends; end now if `parent` already has.

    Call it after any change of user: that clears the setting.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, int(deadly), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose own parent ends, so that they can be found and ended."""
    if _libc is not None:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def name_process(name: str) -> None:
    """Have `ps -o comm` and `top` show this process under `name`, of which they know 15 letters."""
    if _libc is not None:
        _libc.prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)


def children() -> set[int]:
    """The process ids of this process' children; empty where the kernel does not list them."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as listed:
            return {int(pid) for pid in listed.read().split()}
    except OSError:
        return set()
