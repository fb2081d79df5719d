"""The place where an answer is written, as it is drawn: empty, or with what was typed and why it stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from flask import request

from app.core.i18n import Text


@dataclass(frozen=True, kw_only=True)
class Composer:
    """What is in the composer. `turn` tells one filling by the server from the next."""

    body: str = ""
    is_note: bool = False
    problems: Sequence[Text] = ()
    warning: Text = ""
    turn: str = ""

    @classmethod
    def typed(cls) -> Self:
        """Return what was typed and sent with this request."""
        body = request.form.get("body", "").replace("\r\n", "\n")
        return cls(body=body, is_note=request.form.get("kind") == "note")

    def saying(self, *problems: Text, warning: Text = "") -> Composer:
        """Return the composer with a reason why nothing was sent."""
        return replace(self, problems=problems, warning=warning)


EMPTY = Composer()
