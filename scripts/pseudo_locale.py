"""The pseudo-locale: English with accents, in brackets and about a third longer.

On a page in it, an unaccented word is one nobody marked for translation, a missing bracket one that is cut
off or put together from pieces, and a broken line one that German would break as well.
"""

from __future__ import annotations

import re

KEPT = re.compile(r"(%\(\w+\)[sd]|\{\{.*?\}\})")
"""What is filled in later, by the program or by a macro's reader."""
ACCENTS = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ÅßÇĐĒƑĜĤÎĴĶĻḾÑØÞǪŔŠŢÛṼŴẊÝŽåƀçđéƒĝħîĵķļɱńöþǫŕšţûṽŵẋýž",
)
LONGER = 0.3
FILLER = "~~~~~ "


def pseudo(text: str) -> str:
    """Return a text of the source language in the pseudo-locale; what is filled in later stays as it is."""
    parts = KEPT.split(text)
    parts[::2] = [part.translate(ACCENTS) for part in parts[::2]]
    length = -int(-sum(map(len, parts[::2])) * LONGER // 1)
    return f"[{''.join(parts)}{(FILLER * length)[:length].rstrip()}]"
