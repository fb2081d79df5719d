"""Where a page of a list begins: a row by what it is ordered by and by its key, in an address."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import orjson

from app.core.errors import Invalid
from app.core.i18n import _


@dataclass(frozen=True)
class Cursor:
    """The value a list is ordered by and the key of one row, and the direction to go on from there."""

    value: Any
    key: int
    backward: bool

    @classmethod
    def read(cls, text: str | None) -> Cursor | None:
        """Return the cursor that was written as `text`, None for none. Raises Invalid."""
        if not text:
            return None
        try:
            value, key, backward = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            return cls(value, int(key), bool(backward))
        except (ValueError, TypeError, binascii.Error) as error:
            raise malformed() from error

    def write(self) -> str:
        """Return it as it stands in an address."""
        packed = orjson.dumps([self.value, self.key, self.backward], default=str)
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def malformed() -> Invalid:
    """Return what is wrong with a text that is no cursor of ours."""
    return Invalid.one("cursor", "malformed", _("This cursor is not one of ours. Start without it."))
