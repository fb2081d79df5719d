"""The place where an answer is written, as it is drawn: empty, or with what was typed and why it stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from flask import request

from app.core.i18n import Text

MOST = 10
"""Macros whose changes are made at once."""


@dataclass(frozen=True, kw_only=True)
class Composer:
    """What is in the composer. `turn` tells one filling by the server from the next.

    macros   those whose changes are made with the send
    """

    body: str = ""
    macros: tuple[int, ...] = ()
    is_note: bool = False
    problems: Sequence[Text] = ()
    warning: Text = ""
    turn: str = ""

    @classmethod
    def typed(cls) -> Self:
        """Return what was typed and sent with this request."""
        body = request.form.get("body", "").replace("\r\n", "\n")
        numbers = (one for one in request.form.getlist("apply") if one.isdecimal() and len(one) < 19)
        macros = tuple(dict.fromkeys(map(int, numbers)))[:MOST]
        return cls(body=body, is_note=request.form.get("kind") == "note", macros=macros)

    def saying(self, *problems: Text, warning: Text = "") -> Composer:
        """Return the composer with a reason why nothing was sent."""
        return replace(self, problems=problems, warning=warning)


EMPTY = Composer()
