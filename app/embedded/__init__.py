"""PostgreSQL and Redis for development, demo and tests, without installing either.

Standard library only. One small *holder* process owns the servers of a data folder; every process that uses
them keeps a shared file lock, the *lease*, and the holder stops the servers once nobody holds one. The kernel
drops locks however a process dies, so nothing is counted and no process id is ever trusted.
"""

from __future__ import annotations

from app.embedded.errors import Unavailable
from app.embedded.lease import Servers, start

__all__ = ["Servers", "Unavailable", "start"]
