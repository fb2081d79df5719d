"""What of a thing wants attention: a word of declarations."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.i18n import Text


@dataclass(frozen=True, kw_only=True)
class Matter:
    """Rows that somebody should look at: counted at home, and shown by the list at the same filters."""

    label: Text
    """What they are, as a person says it: "Nobody has taken these"."""
    asks: str
    """The filters of the list, as its address says them: `status=new&assignee_id[empty]=1`."""
    icon: str
    """A name of the icon set."""
    presses: bool = True
    """Whether one of them is one too many; else it is only good to know."""
