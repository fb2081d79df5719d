"""What many get alike is drawn once, with gaps where they differ, and the gaps are filled for each.

Drawing a mail takes a tenth of a millisecond, filling it a hundredth of that.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from typing import NoReturn

from markupsafe import escape

_TOKEN = secrets.token_hex(8)
"""What no text holds by chance or on purpose."""
_MARK = re.compile(rf"\ue000{_TOKEN}\.([0-9]+)\ue000")


class Gap:
    """What stands for a value while a template is drawn: it can be printed, and not asked anything."""

    def __init__(self, number: int) -> None:
        self._mark = f"\ue000{_TOKEN}.{number}\ue000"

    def __str__(self) -> str:
        return self._mark

    __html__ = __str__

    def _unknown(self, *_others: object) -> NoReturn:
        raise TypeError("What is drawn once for many may print this, and ask nothing of it.")

    __bool__ = __len__ = __eq__ = __lt__ = __contains__ = __iter__ = __hash__ = _unknown


class Stencil:
    """A drawn text with gaps. In HTML what fills them is escaped, as the template would have done."""

    def __init__(self, drawn: str, *, html: bool = False) -> None:
        self._texts, self._numbers = _MARK.split(drawn)[::2], [int(one) for one in _MARK.findall(drawn)]
        self._form: Callable[[str], str] = escape if html else str

    def filled(self, values: Iterable[str]) -> str:
        """Return the text with the values of one, in the order in which the gaps are numbered."""
        known = [self._form(value) for value in values]
        gaps = (known[number] for number in self._numbers)
        rest = (f"{gap}{text}" for gap, text in zip(gaps, self._texts[1:], strict=True))
        return self._texts[0] + "".join(rest)
