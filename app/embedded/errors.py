"""What the embedded servers may raise."""

from __future__ import annotations


class Unavailable(Exception):
    """The embedded servers cannot run here. The message says why and what to do about it."""
