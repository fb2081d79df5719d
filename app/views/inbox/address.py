"""Where somebody stands in the inbox: the view and its filters, so that an address can be shared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask import request, url_for

from app.core.errors import NotFound
from app.services.inbox import Queue
from app.services.inbox.queues import STATES


@dataclass(frozen=True)
class Address:
    """A view with the state, words and page that its list is narrowed to; "" where it is not."""

    view: str
    state: str = ""
    q: str = ""
    cursor: str = ""

    @classmethod
    def asked(cls, view: str) -> Address:
        """Return the address of this request. Raises NotFound for a state that is none."""
        given = {
            name: request.args.get(name, "")[:200].replace("\0", "") for name in ("state", "q", "cursor")
        }
        if given["state"] not in {"", *STATES}:
            raise NotFound
        return cls(view, **given)

    def state_of(self, queue: Queue) -> str:
        """Return the states the list shows: those asked for, else the queue's own; all when searching."""
        return self.state or ("all" if self.q and not queue.fixed else queue.state)

    def with_(self, **changes: str) -> Address:
        """Return another address; a new filter begins at the first page."""
        return replace(self, **{"cursor": "", **changes})

    @cached_property
    def list_url(self) -> str:
        """Return where the list is."""
        return url_for("inbox.view", view=self.view, **self._query())

    def ticket_url(self, number: int) -> str:
        """Return where a ticket is, beside this list."""
        return self._below(str(number))

    def whole_url(self, number: int) -> str:
        """Return where a ticket is with everything that was said."""
        return url_for("inbox.view", view=self.view, number=number, **self._query(), everything=1)

    def deed_url(self, deed: str, number: int) -> str:
        """Return where a form about a ticket is sent to: `reply`, `change`."""
        return self._below(f"{number}/{deed}")

    def _below(self, place: str) -> str:
        """Return an address below that of the list. The router is asked once for all of them."""
        path, mark, query = self.list_url.partition("?")
        return f"{path}{place}{mark}{query}"

    def _query(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in (("state", self.state), ("q", self.q), ("cursor", self.cursor))
            if value
        }
